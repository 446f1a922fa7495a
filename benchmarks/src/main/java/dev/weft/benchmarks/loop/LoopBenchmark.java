package dev.weft.benchmarks.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.getRunningLoop;
import static dev.weft.loop.Asyncio.sleep;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The loop's own operations, without I/O. Every invocation is one run of a loop that lives as long as the trial, with many
 * operations inside, so that entering and leaving the loop does not count. {@code loop.py} does the same with asyncio.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Xms1g",
            "-Xmx1g"
        })
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class LoopBenchmark {
    private static final int CALLBACKS = 10_000;
    private static final int TASKS = 100;
    private static final int ROUNDS = 100;
    private static final int SEQUENCE = 5_000;
    private static final int CHILDREN = 10_000;
    private static final int POSTS = 20_000;

    private static final Runnable NOTHING = () -> {};
    private static final Awaitable<@Nullable Void, RuntimeException> NO_OP = () -> null;

    /** Who carries the tasks' threads. */
    @Param({"handoff", "inline"})
    public String carrier = "";

    private Runner runner = Runner.create();

    /** Makes the loop's runner; the loop itself is made by the first run, on the thread that measures. */
    @Setup(Level.Trial)
    public void open() {
        runner = Runner.builder().carrier(carrier).build();
    }

    /** Closes the loop. */
    @TearDown(Level.Trial)
    public void close() {
        runner.close();
    }

    /** A callback is queued and runs. */
    @Benchmark
    @OperationsPerInvocation(CALLBACKS)
    public void callSoon() {
        runner.run(() -> {
            Loop loop = getRunningLoop();
            Future<@Nullable Void> done = loop.createFuture();
            for (int i = 1; i < CALLBACKS; i++) {
                loop.callSoon(NOTHING);
            }
            loop.callSoon(() -> done.setResult(null));
            return done.await();
        });
    }

    /** One of 100 tasks gives up the loop and gets it back. */
    @Benchmark
    @OperationsPerInvocation(TASKS * ROUNDS)
    public void switchTasks() {
        runner.run(() -> {
            List<Task<@Nullable Void>> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                tasks.add(createTask(LoopBenchmark::spin));
            }
            for (Task<@Nullable Void> task : tasks) {
                task.await();
            }
            return null;
        });
    }

    private static void spin() {
        for (int i = 0; i < ROUNDS; i++) {
            sleep(Duration.ZERO).await();
        }
    }

    /** A task that does nothing is created and awaited, one after the other. */
    @Benchmark
    @OperationsPerInvocation(SEQUENCE)
    public void createAndAwait() {
        runner.run(() -> {
            for (int i = 0; i < SEQUENCE; i++) {
                createTask(NO_OP).await();
            }
            return null;
        });
    }

    /** One of the 10,000 children of a gather, all of which do nothing. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public List<@Nullable Void> gather() {
        return runner.run(() -> {
            List<Awaitable<@Nullable Void, RuntimeException>> children = new ArrayList<>(CHILDREN);
            for (int i = 0; i < CHILDREN; i++) {
                int index = i;
                children.add(() -> index < 0 ? NO_OP.await() : null);
            }
            return Asyncio.<@Nullable Void>gather(children).await();
        });
    }

    /** A task waits for a future that a callback sets, one after the other. */
    @Benchmark
    @OperationsPerInvocation(SEQUENCE)
    public void futureWake() {
        runner.run(() -> {
            Loop loop = getRunningLoop();
            for (int i = 0; i < SEQUENCE; i++) {
                Future<@Nullable Void> future = loop.createFuture();
                loop.callSoon(() -> future.setResult(null));
                future.await();
            }
            return null;
        });
    }

    /** Another thread posts a callback, and the loop runs it. */
    @Benchmark
    @OperationsPerInvocation(POSTS)
    public void post() throws InterruptedException {
        runner.run(() -> {
            Loop loop = getRunningLoop();
            Future<@Nullable Void> done = loop.createFuture();
            Thread producer = Thread.ofPlatform().start(() -> {
                for (int i = 1; i < POSTS; i++) {
                    loop.callSoonThreadsafe(NOTHING);
                }
                loop.callSoonThreadsafe(() -> done.setResult(null));
            });
            done.await();
            producer.join();
            return null;
        });
    }

    /** A timer is scheduled and cancelled. */
    @Benchmark
    @OperationsPerInvocation(CALLBACKS)
    public void timer() {
        runner.run(() -> {
            Loop loop = getRunningLoop();
            Duration delay = Duration.ofSeconds(30);
            for (int i = 0; i < CALLBACKS; i++) {
                loop.callLater(delay, NOTHING).cancel();
            }
            return null;
        });
    }
}
