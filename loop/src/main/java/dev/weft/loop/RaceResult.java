package dev.weft.loop;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a {@linkplain Asyncio#staggeredRace staggered race} ended.
 *
 * @param value what the winner gave; null if nobody won
 * @param winner the winner's place in the list of attempts, -1 if nobody won
 * @param errors what the attempts that failed failed with, in the order of the attempts
 */
public record RaceResult<T extends @Nullable Object>(
        @Nullable T value, int winner, List<Throwable> errors) {}
