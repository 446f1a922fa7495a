package dev.weft.http.connect;

import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: lanes with waiters, by what those need, in the order in which the first waiter of each came; of the {@link Pool}. Confined to
 * the loop.
 */
final class Turns<C, W> {
    private final Map<Kind, NavigableMap<Long, Lane<C, W>>> queues = new EnumMap<>(Kind.class);

    /** What the first waiter of a lane needs. */
    enum Kind {
        /** What only the end of another request, or of a dial, can give. */
        NONE,
        /** Nothing: it may go on. */
        ABLE,
        /** A place for one more connection, or a request that ends on one of those its lane has. */
        PLACE,
        /** A place for a connection: its lane has none. */
        FIRST_PLACE
    }

    private NavigableMap<Long, Lane<C, W>> queue(Kind kind) {
        return queues.computeIfAbsent(kind, missing -> new TreeMap<>());
    }

    /** Puts a lane where it belongs. */
    void put(Lane<C, W> lane, Kind kind, long number) {
        if (lane.turn == kind && (kind == Kind.NONE || lane.turnNumber == number)) {
            return;
        }
        if (lane.turn != Kind.NONE) {
            queue(lane.turn).remove(lane.turnNumber);
        }
        lane.turn = kind;
        lane.turnNumber = number;
        if (kind != Kind.NONE) {
            queue(kind).put(number, lane);
        }
    }

    /** The lane of the waiter that came first, of those that need this. */
    @Nullable
    Lane<C, W> first(Kind kind) {
        Map.Entry<Long, Lane<C, W>> first = queue(kind).firstEntry();
        return first == null ? null : first.getValue();
    }

    /** The lane of the waiter that came first, of those that may go on if there is a place, or if there is none. */
    @Nullable
    Lane<C, W> next(boolean place) {
        Lane<C, W> next = first(Kind.ABLE);
        if (place) {
            next = earlier(earlier(next, first(Kind.PLACE)), first(Kind.FIRST_PLACE));
        }
        return next;
    }

    private static <C, W> @Nullable Lane<C, W> earlier(@Nullable Lane<C, W> one, @Nullable Lane<C, W> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.turnNumber < other.turnNumber ? one : other;
    }
}
