package dev.weft.loop;

import dev.weft.loop.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh loop on a virtual clock for each test, on the test's own thread, with what was reported to its exception handler. A
 * run that hangs is stopped after a while of real time, so that the test fails instead of the build standing still.
 */
final class VirtualLoop implements AfterEachCallback {
    private static final long HANG_SECONDS = 20;
    private static final ScheduledExecutorService WATCHDOG = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "test-watchdog");
        thread.setDaemon(true);
        return thread;
    });

    final VirtualClock clock = new VirtualClock();
    final Runner runner = Runner.builder().clock(clock).handleSignals(false).build();
    final Loop loop = runner.loop();
    /** What the exception handler was told, in order. */
    final List<LoopError> reported = new ArrayList<>();
    /** For tests to write what happened. */
    final List<String> log = new ArrayList<>();

    private volatile boolean hung;

    VirtualLoop() {
        loop.setExceptionHandler(reported::add);
    }

    /** Runs a coroutine to its end; what is left of other tasks stays for the next run. */
    <X extends Exception> void run(Action<X> main) throws X {
        get(Asyncio.awaitable(main));
    }

    /** Runs a coroutine to its end and gives its result. */
    <T, X extends Exception> T get(Awaitable<T, X> main) throws X {
        Future<?> watch = watch();
        try {
            return runner.run(main);
        } finally {
            watch.cancel(false);
        }
    }

    /** Exactly one tick. */
    void tick() {
        loop.stop();
        loop.runForever();
    }

    /** Runs until something calls {@code loop.stop()}. */
    void runForever() {
        Future<?> watch = watch();
        try {
            loop.runForever();
        } finally {
            watch.cancel(false);
        }
        if (hung) {
            throw new AssertionError("the loop did not stop within " + HANG_SECONDS + " s");
        }
    }

    /** What the virtual clock shows. */
    Duration elapsed() {
        return clock.elapsed();
    }

    List<String> messages() {
        return reported.stream().map(LoopError::message).toList();
    }

    /** Collects garbage until something has happened on the loop; awaits in between. For use in a task. */
    void collectUntil(BooleanSupplier happened) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_SECONDS / 2);
        while (!happened.getAsBoolean() && System.nanoTime() < end) {
            System.gc();
            Asyncio.sleep(0).await();
        }
    }

    private Future<?> watch() {
        return WATCHDOG.schedule(
                () -> {
                    hung = true;
                    loop.callSoonThreadsafe(loop::stop);
                },
                HANG_SECONDS,
                TimeUnit.SECONDS);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (hung) {
            loop.close();
        } else {
            runner.close();
        }
    }
}
