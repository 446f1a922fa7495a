package dev.weft.loop;

import static dev.weft.loop.Asyncio.getRunningLoop;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A loop that never runs out of what is ready still looks at everything else. Real time: it passes as soon as that is seen. */
class PollingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For a JVM that has one thread for all virtual ones. */
    private static final List<String> ONE_THREAD =
            List.of("-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1");

    @Test
    void aBusyLoopRunsWhatTheTransportHasReady() {
        boolean seen = Asyncio.run(() -> {
            AtomicBoolean ran = new AtomicBoolean();
            getRunningLoop().poller().eventLoop().execute(() -> ran.set(true));
            return staysBusyUntil(ran::get);
        });
        assertTrue(seen, "the transport was not looked at");
    }

    /** Else Netty pools nothing, and makes each buffer anew. */
    @Test
    void theTransportRunsAsOnAThreadOfNettys() throws InterruptedException {
        AtomicBoolean pools = new AtomicBoolean();
        Runnable look = () -> Asyncio.run(() -> {
            AtomicBoolean ran = new AtomicBoolean();
            getRunningLoop().poller().eventLoop().execute(() -> {
                pools.set(FastThreadLocalThread.currentThreadWillCleanupFastThreadLocals());
                ran.set(true);
            });
            return staysBusyUntil(ran::get);
        });
        look.run();
        assertTrue(pools.getAndSet(false), "on a thread of the program's");
        assertTrue(!FastThreadLocalThread.currentThreadHasFastThreadLocal(), "the program's thread is its own again");
        Thread nettys = new FastThreadLocalThread(look);
        nettys.start();
        nettys.join();
        assertTrue(pools.get(), "on a thread that is Netty's");
    }

    /** A trip to the loop's own thread costs more than the I/O does. */
    @Test
    void whatATaskGivesTheTransportRunsWhereTheTaskRan() {
        Thread[] ran = new Thread[1];
        boolean[] inEventLoop = new boolean[2];
        Asyncio.run(() -> {
            Loop loop = getRunningLoop();
            EventLoop netty = loop.poller().eventLoop();
            inEventLoop[0] = netty.inEventLoop();
            netty.execute(() -> {
                ran[0] = Thread.currentThread();
                inEventLoop[1] = netty.inEventLoop();
            });
            staysBusyUntil(() -> ran[0] != null);
            assertEquals(loop.carrier().isElsewhere(), ran[0] != loop.thread);
        });
        assertFalse(inEventLoop[0], "a task is outside of the transport");
        assertTrue(inEventLoop[1]);
    }

    /** The same for I/O that comes a moment after there was none. */
    @Test
    void whatComesInAMomentRunsWhereTheTaskRan() throws InterruptedException {
        SynchronousQueue<Runnable> given = new SynchronousQueue<>();
        Thread other = Thread.ofPlatform().daemon().start(() -> {
            while (!Thread.interrupted()) {
                try {
                    Runnable next = given.take();
                    LockSupport.parkNanos(200_000); // until the loop has found nothing
                    next.run();
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        boolean seen = Asyncio.run(() -> {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                if (momentsWhereTheTaskRan(given) > 50) {
                    return true;
                }
            }
            return false;
        });
        other.interrupt();
        other.join();
        assertTrue(seen, "each was a trip to the loop's thread");
    }

    /** Of a hundred. */
    private static int momentsWhereTheTaskRan(SynchronousQueue<Runnable> given) throws InterruptedException {
        Loop loop = getRunningLoop();
        int there = 0;
        for (int i = 0; i < 100; i++) {
            Future<Thread> ran = loop.createFuture();
            given.put(() -> loop.poller().eventLoop().execute(() -> ran.setResult(Thread.currentThread())));
            if ((ran.await() != loop.thread) == loop.carrier().isElsewhere()) {
                there++;
            }
        }
        return there;
    }

    /** On the JDK's one thread: what another virtual thread does in between does not take as long as the loop would wait for I/O. */
    @Test
    void aLoopThatWaitsLetsOtherVirtualThreadsRunFirst() {
        try (ChildJvm child = ChildJvm.start(Hops.class, ONE_THREAD, Map.of())) {
            child.awaitLine("soon");
            assertEquals(0, child.end());
        }
    }

    /** A thousand times to another virtual thread and back, until that took less than half a second. */
    static final class Hops {
        private Hops() {}

        public static void main(String[] args) {
            boolean soon = Asyncio.run(() -> {
                long end = System.nanoTime() + PATIENCE.toNanos();
                long start;
                do {
                    start = System.nanoTime();
                    for (int i = 0; i < 1_000; i++) {
                        hop();
                    }
                } while (System.nanoTime() - start > 500_000_000 && System.nanoTime() < end);
                return System.nanoTime() < end;
            });
            System.out.println(soon ? "soon" : "late");
        }

        private static void hop() {
            Loop loop = getRunningLoop();
            Future<Boolean> back = loop.createFuture();
            Thread.ofVirtual().start(() -> loop.callSoonThreadsafe(() -> back.setResult(true)));
            back.await();
        }
    }

    /** The JDK may have one thread for all virtual ones, and callbacks that queue callbacks keep it. */
    @Test
    void aBusyLoopLetsOtherVirtualThreadsRun() {
        try (ChildJvm child = ChildJvm.start(EndlessCallbacks.class, ONE_THREAD, Map.of())) {
            child.awaitLine("the other one ran");
            assertEquals(0, child.end());
        }
    }

    /** Callbacks that queue the next one until a virtual thread that is not the loop's has run. */
    static final class EndlessCallbacks {
        private static volatile boolean otherRan;

        private EndlessCallbacks() {}

        public static void main(String[] args) {
            boolean seen = Asyncio.run(() -> {
                Loop loop = getRunningLoop();
                Future<Boolean> done = loop.createFuture();
                loop.callSoon(() -> {
                    Thread.ofVirtual().start(() -> otherRan = true);
                    again(loop, done, System.nanoTime() + PATIENCE.toNanos());
                });
                return done.await();
            });
            System.out.println(seen ? "the other one ran" : "the other one did not run");
        }

        private static void again(Loop loop, Future<Boolean> done, long end) {
            if (otherRan || System.nanoTime() > end) {
                done.setResult(otherRan);
            } else {
                loop.callSoon(() -> again(loop, done, end));
            }
        }
    }

    /** The same for one that has been under load, and waits for more. */
    @Test
    void aLoopThatIsNoLongerUnderLoadLetsOtherVirtualThreadsRun() {
        try (ChildJvm child = ChildJvm.start(LoadThatEnds.class, ONE_THREAD, Map.of())) {
            child.awaitLine("the other one ran");
            assertEquals(0, child.end());
        }
    }

    /** I/O that comes a moment after each wait began, then none until a virtual thread that is not the loop's has run. */
    static final class LoadThatEnds {
        private LoadThatEnds() {}

        public static void main(String[] args) {
            Asyncio.run(() -> {
                Loop loop = getRunningLoop();
                for (int i = 0; i < 100; i++) {
                    Future<Boolean> io = loop.createFuture();
                    onceTheLoopWaits(() -> loop.poller().eventLoop().execute(() -> io.setResult(true)));
                    io.await();
                }
                Future<Boolean> other = loop.createFuture();
                onceTheLoopWaits(
                        () -> Thread.ofVirtual().start(() -> loop.callSoonThreadsafe(() -> other.setResult(true))));
                waitFor(other, PATIENCE).await();
            });
            System.out.println("the other one ran");
        }

        private static void onceTheLoopWaits(Runnable then) {
            Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(200_000); // until the loop has found nothing
                then.run();
            });
        }
    }

    @Test
    void aBusyLoopRunsTimersThatAreDue() {
        boolean seen = Asyncio.run(() -> {
            AtomicBoolean ran = new AtomicBoolean();
            getRunningLoop().callLater(Duration.ofNanos(200_000), () -> ran.set(true));
            return staysBusyUntil(ran::get);
        });
        assertTrue(seen, "no timer ran");
    }

    @Test
    void aBusyLoopRunsWhatOtherThreadsPost() throws InterruptedException {
        AtomicBoolean ran = new AtomicBoolean();
        Thread[] poster = new Thread[1];
        boolean seen = Asyncio.run(() -> {
            Loop loop = getRunningLoop();
            poster[0] = Thread.ofPlatform().start(() -> loop.callSoonThreadsafe(() -> ran.set(true)));
            return staysBusyUntil(ran::get);
        });
        poster[0].join();
        assertTrue(seen, "what was posted did not run");
    }

    @Test
    void aLoopThatIsStoppedEndsAfterTheTick() {
        try (Runner runner = Runner.create()) {
            AtomicBoolean later = new AtomicBoolean();
            Loop loop = runner.loop();
            loop.callSoon(() -> {
                loop.callSoon(() -> later.set(true));
                loop.stop();
            });
            loop.runForever();
            assertTrue(!later.get(), "a second tick ran after stop()");
        }
    }

    private static boolean staysBusyUntil(BooleanSupplier done) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            sleep(Duration.ZERO).await();
        }
        return done.getAsBoolean();
    }
}
