package dev.weft.http.h2;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts frames that cost work and carry nothing, against those that carry something: a server may send some for each of those, and a few beside.
 * More is an attack. Pure. Source: RFC 9113 section 10.5.
 */
final class Floods {
    /** What is allowed beside. */
    private static final int FREE = 1000;

    /** How many may come for each frame that carries something, in either direction. */
    private static final int FOR_EACH = 4;

    /** How many may come for each stream that is reset, besides its body: they were on their way. */
    private static final int FOR_RESET = 64;

    private final Map<Idle, Integer> counts = new EnumMap<>(Idle.class);
    private long idle;
    private long allowed = FREE;
    /** Bytes of bodies that may still be on their way to streams that were reset. */
    private long underWay;

    /** What carries nothing. */
    enum Idle {
        SETTINGS,
        PING,
        WINDOW_UPDATE,
        PRIORITY,
        RST_STREAM,
        GOAWAY,
        /** DATA without data, padding or not. */
        EMPTY_DATA,
        /** Of a stream that is over. */
        LATE_FRAME,
        /** Of a type that nobody knows. */
        UNKNOWN_FRAME;

        private String words() {
            return switch (this) {
                case EMPTY_DATA -> "empty DATA frames";
                case LATE_FRAME -> "frames of streams that are over";
                case UNKNOWN_FRAME -> "frames of unknown types";
                default -> name() + " frames";
            };
        }
    }

    /** A frame that carries something was received or sent. */
    void useful() {
        allowed += FOR_EACH;
    }

    /** A stream was reset from here: its server may have used all of its window by then, in frames of a byte each. */
    void reset(int windowBytes) {
        allowed += FOR_RESET;
        underWay += Math.max(0, windowBytes);
    }

    /** DATA came for a stream that is over; gives what is wrong if that cannot have been on its way and is too much, else null. */
    @Nullable
    String late(int bytes) {
        if (bytes > 0 && bytes <= underWay) {
            underWay -= bytes;
            return null;
        }
        return idle(Idle.LATE_FRAME);
    }

    /** A frame that carries nothing came; gives what is wrong if there are too many, else null. */
    @Nullable
    String idle(Idle kind) {
        int count = counts.merge(kind, 1, Integer::sum);
        return ++idle > allowed
                ? "it floods the connection: " + idle + " frames that carry nothing, " + count + " of them "
                        + kind.words()
                : null;
    }
}
