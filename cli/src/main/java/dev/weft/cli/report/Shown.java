package dev.weft.cli.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Which downloads are shown where there is no room for all, and in which order: those of which most is missing, the most first. One that is shown
 * stays where it is until it ends, or another has {@link #FACTOR} times as much before it: lines that keep changing places cannot be read. One
 * thread; the time is the caller's.
 */
final class Shown<T> {
    private static final long FACTOR = 2;
    private static final long ORDER_NANOS = 1_000_000_000L;

    private final List<T> rows = new ArrayList<>();
    private boolean ordered;
    private long orderedNanos;

    /**
     * The ones to show.
     *
     * @param missing how many bytes are missing of each that is under way; 0 if that is not known
     * @param most how many there is room for
     */
    List<T> update(Map<T, Long> missing, int most, long nanos) {
        rows.retainAll(missing.keySet());
        Comparator<T> byMissing = Comparator.comparingLong((T row) -> of(row, missing));
        while (rows.size() > most) {
            rows.remove(last(byMissing));
        }
        if (rows.size() == Math.min(most, missing.size()) && !isTime(nanos)) {
            return List.copyOf(rows);
        }
        List<T> hidden = new ArrayList<>(missing.keySet());
        hidden.removeAll(rows);
        hidden.sort(byMissing.reversed());
        for (T row : hidden) {
            if (rows.size() == most && most > 0) {
                T least = last(byMissing);
                if (!isTime(nanos) || !isMuchMore(missing, row, least)) {
                    break;
                }
                rows.remove(least);
            }
            if (rows.size() < most) {
                insert(row, missing);
            }
        }
        if (isTime(nanos)) {
            order(missing);
            ordered = true;
            orderedNanos = nanos;
        }
        return List.copyOf(rows);
    }

    private boolean isTime(long nanos) {
        return !ordered || nanos - orderedNanos >= ORDER_NANOS;
    }

    /** The one with the least; of several the one that is shown last. */
    private T last(Comparator<T> byMissing) {
        T least = rows.getLast();
        for (T row : rows.reversed()) {
            if (byMissing.compare(row, least) < 0) {
                least = row;
            }
        }
        return least;
    }

    private void insert(T row, Map<T, Long> missing) {
        int at = 0;
        while (at < rows.size() && of(rows.get(at), missing) >= of(row, missing)) {
            at++;
        }
        rows.add(at, row);
    }

    /** Each moves up past those that have much less, and past no others. */
    private void order(Map<T, Long> missing) {
        for (int i = 1; i < rows.size(); i++) {
            for (int j = i; j > 0 && isMuchMore(missing, rows.get(j), rows.get(j - 1)); j--) {
                T row = rows.remove(j);
                rows.add(j - 1, row);
            }
        }
    }

    private boolean isMuchMore(Map<T, Long> missing, T row, T other) {
        return of(row, missing) / FACTOR > of(other, missing);
    }

    private static <T> long of(T row, Map<T, Long> missing) {
        return missing.getOrDefault(row, 0L);
    }
}
