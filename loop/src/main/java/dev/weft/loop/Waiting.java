package dev.weft.loop;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@link Asyncio#wait}, in the calling task: wakes it when enough are done or the time is over. */
final class Waiting<T extends @Nullable Object> implements Awaitable<Waited<T>, RuntimeException> {
    private final Set<Future<T>> futures;
    private final @Nullable Duration timeout;
    private final ReturnWhen when;

    Waiting(Collection<? extends Future<? extends T>> futures, @Nullable Duration timeout, ReturnWhen when) {
        this.futures = distinct(futures);
        this.timeout = timeout;
        this.when = Objects.requireNonNull(when, "when");
        if (futures.isEmpty()) {
            throw new IllegalArgumentException("wait for an empty collection of futures would never return");
        }
    }

    @SuppressWarnings("unchecked") // a Future only gives its values out
    private static <T extends @Nullable Object> Set<Future<T>> distinct(
            Collection<? extends Future<? extends T>> futures) {
        Set<Future<T>> set = new LinkedHashSet<>();
        futures.forEach(future -> set.add((Future<T>) future));
        return set;
    }

    @Override
    public Waited<T> await() {
        if (!enough()) {
            sleepUntilEnough();
        }
        Set<Future<T>> done = new LinkedHashSet<>();
        Set<Future<T>> pending = new LinkedHashSet<>();
        futures.forEach(future -> (future.isDone() ? done : pending).add(future));
        return new Waited<>(done, pending);
    }

    private void sleepUntilEnough() {
        Loop loop = Loop.running();
        Waiter waiter = new Waiter(loop);
        Runnable wake = () -> waiter.complete(Outcome.Null.VALUE);
        TimerHandle timer = timeout == null ? null : loop.callLater(timeout, wake);
        int[] left = {futures.size()};
        Consumer<Future<T>> check = done -> {
            // Not enough() here: it looks at all of them.
            left[0]--;
            if (left[0] == 0 || isEnough(done)) {
                wake.run();
            }
        };
        futures.forEach(future -> future.addDoneCallback(check));
        try {
            waiter.await();
        } finally {
            if (timer != null) {
                timer.cancel();
            }
            futures.forEach(future -> future.forgetDoneCallback(check));
        }
    }

    private boolean enough() {
        boolean all = true;
        for (Future<T> future : futures) {
            if (!future.isDone()) {
                all = false;
            } else if (isEnough(future)) {
                return true;
            }
        }
        return all;
    }

    private boolean isEnough(Future<T> done) {
        return when == ReturnWhen.FIRST_COMPLETED || (when == ReturnWhen.FIRST_EXCEPTION && done.hasFailed());
    }

    /** What the task waits for; knows the futures, for dumps. */
    private final class Waiter extends Future<@Nullable Void> {
        Waiter(Loop loop) {
            super(loop);
        }

        @Override
        List<Future<?>> dependencies() {
            return List.copyOf(futures);
        }

        @Override
        String describe() {
            return "wait for " + futures.size();
        }
    }
}
