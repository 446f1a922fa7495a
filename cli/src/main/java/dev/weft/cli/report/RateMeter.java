package dev.weft.cli.report;

import java.util.ArrayDeque;

/** The rate of something that grows, over the last {@link #WINDOW_NANOS}. Any one thread; the time is the caller's. */
final class RateMeter {
    /** Long enough to be calm, short enough to show a stall. */
    static final long WINDOW_NANOS = 3_000_000_000L;

    private record Sample(long nanos, long bytes) {}

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    RateMeter(long startNanos) {
        samples.add(new Sample(startNanos, 0));
    }

    /**
     * Notes how far it has come.
     *
     * @return bytes a second; 0 while no time has passed
     */
    double rate(long nanos, long bytes) {
        samples.addLast(new Sample(nanos, bytes));
        // One sample older than the window stays: the rate is over the whole window, not a part of it.
        while (samples.size() > 2 && nanos - secondOldest().nanos >= WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample oldest = samples.getFirst();
        long passed = nanos - oldest.nanos;
        return passed <= 0 ? 0 : (bytes - oldest.bytes) * 1e9 / passed;
    }

    private Sample secondOldest() {
        var iterator = samples.iterator();
        iterator.next();
        return iterator.next();
    }
}
