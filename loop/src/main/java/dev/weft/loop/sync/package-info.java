/**
 * Locks and queues for tasks of one loop: what {@code asyncio}'s module of the same purpose has, built on the public API of
 * {@link dev.weft.loop} alone.
 *
 * <p>Rules that hold for all of them
 *
 * <ul>
 *   <li><b>Cold.</b> What suspends is an {@link dev.weft.loop.Awaitable}: {@code lock.acquire().await()}. {@link
 *       dev.weft.loop.sync.Event}, {@link dev.weft.loop.sync.Condition} and {@link dev.weft.loop.sync.Barrier} have one thing to
 *       wait for and are awaited themselves, as their namesakes in {@code java.util.concurrent} are.
 *   <li><b>In order.</b> Who waits is served first come, first served; nobody who comes later overtakes a task that waits, or one
 *       that was woken and has not run yet.
 *   <li><b>Nothing is lost to a cancellation.</b> A task that is cancelled while it waits leaves no trace. One that was served
 *       already (it was given the lock, a permit, an item) gets it, even if the cancellation comes in the same tick; the
 *       {@link dev.weft.loop.CancelledError} is thrown at its next await, so that a {@code finally} or a scope can give back.
 *   <li><b>On the loop.</b> All methods but constructors and {@code toString} throw {@link IllegalStateException} on a thread that
 *       does not run a loop. The loop on which a task first has to wait becomes the only one: from then on they throw it on every
 *       other loop, too.
 * </ul>
 *
 * <table>
 *   <caption>Where the name differs from asyncio's: {@code wait} and {@code notify} belong to {@link Object}</caption>
 *   <tr><th>asyncio</th><th>here</th></tr>
 *   <tr><td>{@code async with lock:}</td><td>{@code try (var held = lock.hold().await()) { }}</td></tr>
 *   <tr><td>{@code await event.wait()}</td><td>{@code event.await()}</td></tr>
 *   <tr><td>{@code await condition.wait()}</td><td>{@code condition.await()}</td></tr>
 *   <tr><td>{@code condition.notify(n)}, {@code notify_all()}</td><td>{@code condition.signal(n)}, {@code signalAll()}</td></tr>
 *   <tr><td>{@code await barrier.wait()}</td><td>{@code barrier.await()}</td></tr>
 *   <tr><td>{@code await barrier.reset()}, {@code abort()}</td><td>{@code barrier.reset()}, {@code abort()}</td></tr>
 *   <tr><td>{@code queue.qsize()}, {@code empty()}, {@code full()}</td><td>{@code queue.size()}, {@code isEmpty()},
 *       {@code isFull()}</td></tr>
 *   <tr><td>{@code RuntimeError}, {@code ValueError} for misuse</td><td>{@link IllegalStateException}, for arguments
 *       {@link IllegalArgumentException}</td></tr>
 * </table>
 *
 * <p>Source: {@code asyncio.locks}, {@code asyncio.queues} of CPython 3.14.
 */
@NullMarked
package dev.weft.loop.sync;

import org.jspecify.annotations.NullMarked;
