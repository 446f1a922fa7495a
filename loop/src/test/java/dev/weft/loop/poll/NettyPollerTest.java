package dev.weft.loop.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Netty's own timers, on a clock that is not the system's. */
class NettyPollerTest {
    /** Netty asks with the system's time: a timer that seemed due long ago would have it look for I/O again and again. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void waitsWhileATimerOfNettyIsNotDue(Transport transport) {
        assumeTrue(works(transport), transport + " does not work on this machine");
        long begin = System.nanoTime();
        NettyPoller poller = new NettyPoller(transport, () -> System.nanoTime() - begin, () -> true);
        try {
            poller.eventLoop().schedule(() -> {}, 10, TimeUnit.SECONDS);
            long before = System.nanoTime();
            poller.poll(Duration.ofMillis(50).toNanos());
            long waited = System.nanoTime() - before;
            assertTrue(waited > Duration.ofMillis(40).toNanos(), () -> "it waited " + waited + " ns");
        } finally {
            poller.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void belongsToTheThreadThatPolls(Transport transport) throws InterruptedException {
        assumeTrue(works(transport), transport + " does not work on this machine");
        NettyPoller poller = new NettyPoller(transport, System::nanoTime, () -> true);
        EventLoop loop = poller.eventLoop();
        assertTrue(loop.inEventLoop(), "the thread that made it may set it up");
        List<Boolean> inside = new ArrayList<>();
        Thread other = Thread.ofVirtual().start(() -> {
            inside.add(loop.inEventLoop());
            loop.execute(() -> inside.add(loop.inEventLoop()));
            assertTrue(poller.isWoken());
            assertTrue(poller.poll(0));
            assertFalse(poller.isWoken());
            assertFalse(poller.poll(0));
            inside.add(loop.inEventLoop());
        });
        other.join();
        assertEquals(List.of(false, true, false), inside);
        assertTrue(loop.inEventLoop());
        poller.close();
    }

    @Test
    void runsWhatIsQueuedWhenItClosesAndTakesNothingAfter() {
        NettyPoller poller = new NettyPoller(Transport.of("auto"), System::nanoTime, () -> true);
        EventLoop loop = poller.eventLoop();
        AtomicBoolean ran = new AtomicBoolean();
        loop.execute(() -> loop.execute(() -> ran.set(true)));
        var timer = loop.schedule(() -> {}, 1, TimeUnit.HOURS);
        assertThrows(UnsupportedOperationException.class, loop::shutdownGracefully);
        assertFalse(loop.isShuttingDown());
        poller.close();
        assertTrue(ran.get());
        assertTrue(timer.isCancelled());
        assertTrue(loop.isTerminated());
        assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
    }

    private static boolean works(Transport transport) {
        try {
            return Transport.of(transport.name().toLowerCase(Locale.ROOT)) == transport;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }
}
