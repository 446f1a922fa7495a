package dev.weft.http.h2;

import io.netty.handler.codec.http2.Http2CodecUtil;

/**
 * How large a window has to be for the server never to wait for it: twice what comes within one round trip. Measured while much comes, by a PING: what
 * has come once the read with its answer is over came within a round trip, or at a time. Pure. Source: the bandwidth-delay product, as in gRPC's
 * windows.
 *
 * <p>A server that waits for the window has sent at least half of it by then, but for a frame: the one half is given back when it is taken, so the other
 * is on its way, or there, when that is said.
 */
final class Bandwidth {
    /** A window never grows beyond this. */
    static final int MOST_BYTES = 16 << 20;

    /** A network whose own pace doubles with each round trip is not held back: a sample takes two of them. */
    private static final int GROWTH = 4;

    private int windowBytes;
    private long sinceSample;
    private long sampleBytes;
    private boolean sampling;
    private boolean grew = true;

    Bandwidth(int windowBytes) {
        this.windowBytes = windowBytes;
    }

    /** So much has come; gives whether a PING is to be sent now. */
    boolean received(int bytes) {
        if (sampling) {
            sampleBytes += bytes;
            return false;
        }
        sinceSample += bytes;
        // Early in a window that is new, so that the most of it is on its way; behind one that is large enough there is
        // no hurry.
        if (sinceSample < (grew ? windowBytes / 4 : windowBytes)) {
            return false;
        }
        sinceSample = 0;
        sampleBytes = bytes;
        sampling = true;
        return true;
    }

    /** The read with the answer to the PING is over; an answer to none says nothing. */
    void roundTrip() {
        if (!sampling) {
            return;
        }
        sampling = false;
        sinceSample = 0;
        grew = isFilledBy(sampleBytes, windowBytes);
        if (grew) {
            windowBytes = next(windowBytes);
        }
    }

    /** Whether a window may be what holds back a server that sent so much within a round trip. */
    static boolean isFilledBy(long bytes, long windowBytes) {
        return 2 * (bytes + Http2CodecUtil.MAX_FRAME_SIZE_LOWER_BOUND) >= windowBytes;
    }

    /** The window to try instead of one that is filled. */
    static int next(int windowBytes) {
        return (int) Math.min(MOST_BYTES, (long) GROWTH * windowBytes);
    }

    /** What a window should have, in bytes. */
    int windowBytes() {
        return windowBytes;
    }
}
