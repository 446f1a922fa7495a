package dev.weft.loop;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Several loops at once, for programs that want more than one core in one process. What belongs to a loop stays there: a
 * {@code ClientSession}, for example, is opened by each for itself, with connections, cookies and limits of its own.
 * {@snippet :
 * Iterable<String> urls = Loops.share(lines);
 * List<Integer> counts = Loops.run(0, index -> {
 *     int pages = 0;
 *     try (var session = ClientSession.create();
 *             var results = session.fetchAll(urls, FetchOptions.text().concurrency(100))) {
 *         for (var page : results) {
 *             pages++;
 *         }
 *     }
 *     return pages;
 * });
 * }
 *
 * <p>Any thread. Source: none in asyncio; programs on it, or on uvloop, start a process for each core. Netty's
 * {@code EventLoopGroup}, so many threads with a loop each, is the like for handlers.
 */
public final class Loops {
    private Loops() {}

    /** Runs a coroutine on each of several loops with the default settings; see {@link #run(int, Runner.Builder, CoroutineFunction)}. */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object> List<T> run(
            int loops, CoroutineFunction<? super Integer, ? extends T> main) {
        return run(loops, Runner.builder(), main);
    }

    /**
     * Runs a coroutine once on each of several loops, each on a daemon thread of its own ({@code weft-loops-1-0}: the first of the first
     * such call), and waits until all have ended. Each loop ends with its coroutine, as {@link Asyncio#run} does: tasks that are left are
     * cancelled and waited for.
     *
     * <p>The first failure cancels the other coroutines. So does whatever ends the waiting: interrupting the calling thread; cancelling the
     * calling task, if a task of another loop calls this, which suspends it; a signal, see {@link Runner.Builder#handleSignals}, which
     * here is about the calling thread. Only when every loop has ended does this return or throw.
     *
     * <p>The coroutines see the context variables of the caller, not what each other sets.
     *
     * @param loops how many; 0 for as many as there are {@linkplain Runtime#availableProcessors() processors}
     * @param settings of every loop: a clock or a listener in them is told of all loops, on their threads
     * @param main what each runs; it gets the loop's index, from 0
     * @return what the coroutines returned, in the order of the indexes
     * @throws java.util.concurrent.CompletionException around the first failure, if that is a checked exception; unchecked ones and
     *     errors are thrown as they are. What else failed is suppressed
     * @throws CancelledError if the caller was interrupted (it is still) or cancelled before all had ended, and nothing failed; or
     *     as the first failure, if a coroutine was cancelled by itself
     * @throws SignalInterrupt if a signal ended a coroutine
     * @throws IllegalArgumentException if {@code loops} is negative
     * @throws IllegalStateException in a callback of a loop, which cannot wait
     */
    @CanIgnoreReturnValue
    public static <T extends @Nullable Object> List<T> run(
            int loops, Runner.Builder settings, CoroutineFunction<? super Integer, ? extends T> main) {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(main, "main");
        if (loops < 0) {
            throw new IllegalArgumentException(
                    "the number of loops is " + loops + "; it takes at least 1, or 0 for one per processor");
        }
        int count = loops == 0 ? Runtime.getRuntime().availableProcessors() : loops;
        return new LoopGroup<T>(count, settings, main).run();
    }

    /**
     * Spreads the items of one source over several loops: each item goes to one of those that iterate, to whoever asks first. Every
     * {@link Iterable#iterator() iterator} is one consumer's, confined to its loop, and holds one item at most: the one that its
     * {@code hasNext()} has found.
     *
     * <p>The source is read by one thread at a time while others wait for it, so its {@code next()} should be quick, and it must not
     * await. A consumer that found the source busy with an await of its own loop fails with {@link IllegalStateException}. What the
     * source throws is thrown to the consumer that asked.
     *
     * @param source read as items are asked for: it may be endless
     */
    public static <T extends @Nullable Object> Iterable<T> share(Iterator<? extends T> source) {
        return new SharedItems<>(source);
    }

    /** Spreads the items of a source, iterated once; see {@link #share(Iterator)}. */
    public static <T extends @Nullable Object> Iterable<T> share(Iterable<? extends T> source) {
        return new SharedItems<>(source.iterator());
    }
}
