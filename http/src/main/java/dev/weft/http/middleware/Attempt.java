package dev.weft.http.middleware;

import dev.weft.http.message.ClientException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of {@link Retry} that was not the last.
 *
 * @param number 1 for the first
 * @param status of its answer, 0 if there was none
 * @param failure what it failed with, null if there was an answer
 * @param took from its start to its end
 * @param pause before the next one
 */
public record Attempt(int number, int status, @Nullable ClientException failure, Duration took, Duration pause) {}
