package dev.weft.http.download;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of a file are there. Invariant: the ranges kept are not empty, neither overlap nor touch. Pure; for one thread.
 */
final class ByteRanges {
    /** From where to where, the end not included. */
    record Range(long start, long end) {
        Range {
            if (start < 0 || end <= start) {
                throw new IllegalArgumentException("bytes " + start + " to " + end + " are no range");
            }
        }

        long length() {
            return end - start;
        }
    }

    /** Starts and their ends. */
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    private long total;

    /** Adds a range, which may overlap what is there. */
    void add(long start, long end) {
        Range added = new Range(start, end);
        long from = added.start;
        long to = added.end;
        Map.Entry<Long, Long> near = ends.floorEntry(to);
        while (near != null && near.getValue() >= from) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            total -= near.getValue() - near.getKey();
            ends.remove(near.getKey());
            near = ends.floorEntry(to);
        }
        ends.put(from, to);
        total += to - from;
    }

    /** Forgets all. */
    void clear() {
        ends.clear();
        total = 0;
    }

    /** Whether all bytes of a range are there. */
    boolean contains(long start, long end) {
        return contiguousFrom(start) >= end;
    }

    /** How many bytes are there. */
    long total() {
        return total;
    }

    /** Whether a file of this length is whole; never, if it is negative: unknown. */
    boolean isWhole(long length) {
        return length == 0 || (length == total && contiguousFrom(0) == length);
    }

    /** The end of what is there without a gap from a position on; the position itself if it is not there. */
    long contiguousFrom(long position) {
        Map.Entry<Long, Long> at = ends.floorEntry(position);
        return at == null ? position : Math.max(position, at.getValue());
    }

    /** Where what is there begins, from a position on; {@link Long#MAX_VALUE} if nothing is. */
    long nextStart(long position) {
        Long next = ends.ceilingKey(position);
        return next == null ? Long.MAX_VALUE : next;
    }

    /** The end of the last byte that is there. */
    long end() {
        return ends.isEmpty() ? 0 : ends.lastEntry().getValue();
    }

    /** The first range that a file of this length lacks; null if it is whole. */
    @Nullable
    Range firstGap(long length) {
        List<Range> gaps = gaps(length);
        return gaps.isEmpty() ? null : gaps.getFirst();
    }

    /** All that a file of this length lacks, in order. */
    List<Range> gaps(long length) {
        List<Range> gaps = new ArrayList<>();
        long at = 0;
        for (Map.Entry<Long, Long> range : ends.headMap(length).entrySet()) {
            if (range.getKey() > at) {
                gaps.add(new Range(at, range.getKey()));
            }
            at = range.getValue();
        }
        if (at < length) {
            gaps.add(new Range(at, length));
        }
        return gaps;
    }

    /** What is there, in order. */
    List<Range> ranges() {
        List<Range> ranges = new ArrayList<>(ends.size());
        ends.forEach((start, end) -> ranges.add(new Range(start, end)));
        return ranges;
    }

    @Override
    public String toString() {
        return ranges().toString();
    }
}
