package dev.weft.http.download;

/**
 * Keeps what all downloads of a downloader take together below so many bytes a second: whoever has taken bytes waits until they are due. Pure;
 * one thread; time is the caller's. Source: the generic cell rate algorithm, ITU-T I.371.
 */
final class Throughput {
    /** Without use, so much is saved up for a burst. */
    private static final long BURST_NANOS = 100_000_000;

    private final long bytesPerSecond;
    private long dueNanos;

    /**
     * @param bytesPerSecond 0 for no limit
     */
    Throughput(long bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.dueNanos = nowNanos;
    }

    /** Notes bytes that came, and gives how many nanoseconds to wait before more are taken; 0 for none. */
    long took(int bytes, long nowNanos) {
        if (bytesPerSecond == 0) {
            return 0;
        }
        dueNanos = Math.max(dueNanos, nowNanos - BURST_NANOS) + (long) (bytes * 1e9 / bytesPerSecond);
        return Math.max(0, dueNanos - nowNanos);
    }
}
