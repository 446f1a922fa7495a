package dev.weft.loop;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Asyncio#wait} gives: those that were done when it returned, and those that were not.
 *
 * @param done in the order they were given
 * @param pending in the order they were given; they run on
 */
public record Waited<T extends @Nullable Object>(Set<Future<T>> done, Set<Future<T>> pending) {}
