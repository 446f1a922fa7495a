package dev.weft.http.download;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a file are being fetched, each by one connection. Invariant: no two of them overlap. Pure but for {@link Segment#take}; confined
 * to the loop; time is the caller's.
 */
final class Segments {
    /** A request costs more than so many bytes. */
    private static final long LEAST_BYTES = 256 << 10;
    /** What is done sooner is not worth another request, nor what is done while one would be answered and as long again. */
    private static final double LEAST_SECONDS = 0.25;

    private static final double LEAST_ANSWERS = 2;
    /** A connection that has given nothing for so long has its part taken away when another one has nothing to do. */
    private static final long STALLED_NANOS = 2_000_000_000L;

    private final List<Segment> running = new ArrayList<>(1);
    private double leastSeconds = LEAST_SECONDS;

    /** The server took so long to answer. */
    void answeredIn(long nanos) {
        leastSeconds = Math.max(LEAST_SECONDS, LEAST_ANSWERS * nanos / 1e9);
    }

    /** The first part that is missing and that nobody fetches; null if there is none. */
    @Nullable
    Segment claim(ByteRanges have, long length, long nowNanos) {
        long end = length < 0 ? Segment.OPEN : length;
        long from = 0;
        while (from < end) {
            long missing = have.contiguousFrom(from);
            if (missing >= end) {
                return null;
            }
            Segment busy = at(missing);
            if (busy == null) {
                return start(missing, Math.min(end, nextBusy(missing, have)), nowNanos);
            }
            from = busy.end();
        }
        return null;
    }

    private @Nullable Segment at(long position) {
        for (Segment segment : running) {
            if (segment.position() <= position && position < segment.end()) {
                return segment;
            }
        }
        return null;
    }

    /** Where the missing part ends: at what is had, or fetched. */
    private long nextBusy(long from, ByteRanges have) {
        long next = have.nextStart(from);
        for (Segment segment : running) {
            if (segment.position() >= from) {
                next = Math.min(next, segment.position());
            }
        }
        return next;
    }

    private Segment start(long from, long end, long nowNanos) {
        Segment segment = new Segment(from, end, nowNanos);
        running.add(segment);
        return segment;
    }

    /** A part of the segment that would take the longest: its second half, or all of it if it gives nothing any more. Null if none is worth it. */
    @Nullable
    Segment split(long nowNanos) {
        Segment victim = null;
        double longest = 0;
        for (Segment segment : running) {
            double seconds = seconds(segment, nowNanos);
            if (seconds > longest) {
                longest = seconds;
                victim = segment;
            }
        }
        if (victim == null || longest < leastSeconds) {
            return null;
        }
        long end = victim.end();
        if (isStalled(victim, nowNanos)) {
            victim.take();
            return start(victim.position(), end, nowNanos);
        }
        if (victim.left() < 2 * LEAST_BYTES) {
            return null;
        }
        long middle = victim.position() + victim.left() / 2;
        victim.endAt(middle);
        return start(middle, end, nowNanos);
    }

    /** How long a segment will take still, as far as is known: one whose answer is still to come may be as fast as any. */
    private static double seconds(Segment segment, long nowNanos) {
        boolean hasBegun = segment.gives() || isStalled(segment, nowNanos);
        if (segment.end() == Segment.OPEN || segment.left() <= 0 || !hasBegun) {
            return 0;
        }
        return segment.left() / Math.max(1, segment.rate(nowNanos));
    }

    private static boolean isStalled(Segment segment, long nowNanos) {
        return segment.silentNanos(nowNanos) > STALLED_NANOS;
    }

    /** Whether one of them gives nothing any more. */
    boolean hasStalled(long nowNanos) {
        for (Segment segment : running) {
            if (isStalled(segment, nowNanos)) {
                return true;
            }
        }
        return false;
    }

    /** Nobody fetches it any more. What is left of it goes back to the one before it, if the body that comes there has it. */
    void ended(Segment segment) {
        running.remove(segment);
        if (segment.left() <= 0) {
            return;
        }
        for (Segment before : running) {
            if (before.end() == segment.position() && before.left() > 0 && before.answerEnd() >= segment.end()) {
                before.endAt(segment.end());
            }
        }
    }

    /** How many there are. */
    int running() {
        return running.size();
    }

    /** How many of them give bytes. */
    int giving() {
        int count = 0;
        for (Segment segment : running) {
            count += segment.gives() ? 1 : 0;
        }
        return count;
    }
}
