package dev.weft.http.h2;

/**
 * How large a window has to be for the server never to wait for it: twice what comes within one round trip. Measured while much comes, by a PING: what
 * has come when its answer is here came within a round trip. Pure. Source: the bandwidth-delay product, as in gRPC's windows.
 */
final class Bandwidth {
    /** A window never grows beyond this. */
    static final int MOST_BYTES = 16 << 20;

    private int windowBytes;
    private long sinceSample;
    private long sampleBytes;
    private boolean sampling;

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
        if (sinceSample < windowBytes / 2) {
            return false;
        }
        sinceSample = 0;
        sampleBytes = bytes;
        sampling = true;
        return true;
    }

    /** The answer to the PING is here. */
    void roundTrip() {
        sampling = false;
        sinceSample = 0;
        if (sampleBytes >= windowBytes / 3 * 2L) {
            windowBytes = (int) Math.min(MOST_BYTES, Math.max(2L * windowBytes, 2 * sampleBytes));
        }
    }

    /** What a window should have, in bytes. */
    int windowBytes() {
        return windowBytes;
    }
}
