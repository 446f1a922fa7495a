/**
 * asyncio for Java: {@link dev.weft.loop.Asyncio} runs coroutines as {@linkplain dev.weft.loop.Task tasks} on one
 * {@link dev.weft.loop.Loop}, which gives up the thread only where a task awaits.
 */
@NullMarked
package dev.weft.loop;

import org.jspecify.annotations.NullMarked;
