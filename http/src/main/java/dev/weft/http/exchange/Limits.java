package dev.weft.http.exchange;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The limits of time of one call; null where there is none. */
public record Limits(
        @Nullable Duration total,
        @Nullable Duration connect,
        @Nullable Duration read,
        @Nullable Duration pool) {}
