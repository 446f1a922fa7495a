package dev.weft.loop.poll;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
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

    private static boolean works(Transport transport) {
        try {
            return Transport.of(transport.name().toLowerCase(Locale.ROOT)) == transport;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }
}
