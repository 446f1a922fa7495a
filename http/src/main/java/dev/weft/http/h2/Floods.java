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

    /** How many may come for each stream that is reset: they were on their way. */
    private static final int FOR_RESET = 64;

    private final Map<Idle, Integer> counts = new EnumMap<>(Idle.class);
    private long idle;
    private long allowed = FREE;

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

    /** A stream was reset from here. */
    void reset() {
        allowed += FOR_RESET;
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
