package dev.weft.http.download;

/**
 * Decides how many connections a file gets: it begins with one, and their number doubles as long as that makes the whole faster. Pure; one
 * thread; time is the caller's. Source: the idea is TCP's slow start (RFC 5681), with the measured rate in place of lost packets.
 */
final class Ramp {
    /** A rate is measured over this long at least; longer where the server takes longer to answer. */
    private static final long LEAST_WINDOW_NANOS = 30_000_000;

    /** What would be done sooner, or within two windows, is left alone: a new connection pays only later. */
    private static final double LEAST_SECONDS = 0.3;
    /** Twice as many connections that do not give so much more have given nothing. */
    private static final double GAIN = 1.25;

    /** The same for one more. */
    private static final double SMALL_GAIN = 1.02;
    /** After that long, what gave nothing is tried again: the network may have changed. */
    private static final long AGAIN_NANOS = 10_000_000_000L;

    private final int most;
    private long windowNanos = LEAST_WINDOW_NANOS;
    private int connections;
    private long startNanos;
    private long startBytes;
    /** With half of the connections; 0 if there was nothing to compare with. */
    private double rateBefore;

    /** Windows since the last addition that showed none. */
    private int withoutGain;

    private long settledUntil = Long.MIN_VALUE;
    /** Whether the number at which more gave nothing was found: from then on they are added one at a time. */
    private boolean found;

    Ramp(int most) {
        this.most = most;
    }

    /** The server took so long to answer. */
    void answeredIn(long nanos) {
        windowNanos = Math.max(LEAST_WINDOW_NANOS, 2 * nanos);
    }

    /**
     * How many connections are to be added; 0 for none.
     *
     * @param bytes that came in all
     * @param giving how many connections give bytes
     * @param left bytes that are to come still
     */
    int more(long nowNanos, long bytes, int giving, long left) {
        if (giving != connections) {
            connections = giving;
            startNanos = nowNanos;
            startBytes = bytes;
            return 0;
        }
        long passed = nowNanos - startNanos;
        if (giving >= most || passed < windowNanos || nowNanos < settledUntil) {
            return 0;
        }
        double rate = (bytes - startBytes) * 1e9 / passed;
        startNanos = nowNanos;
        startBytes = bytes;
        if (left < rate * Math.max(LEAST_SECONDS, 2 * windowNanos / 1e9)) {
            return 0;
        }
        if (rateBefore > 0 && rate < rateBefore * (found ? SMALL_GAIN : GAIN)) {
            // One window may be a noisy one.
            if (++withoutGain == 2) {
                refused(nowNanos);
            }
            return 0;
        }
        withoutGain = 0;
        rateBefore = rate;
        return found ? 1 : Math.min(giving, most - giving);
    }

    /** More connections give nothing, or were refused: none is added for a while. */
    void refused(long nowNanos) {
        found = true;
        withoutGain = 0;
        settledUntil = nowNanos + AGAIN_NANOS;
        rateBefore = 0;
    }
}
