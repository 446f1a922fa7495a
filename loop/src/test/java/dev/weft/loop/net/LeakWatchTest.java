package dev.weft.loop.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.LoopError;
import dev.weft.loop.Task;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections that were dropped without having been closed. */
@ExtendWith(BufferLeaks.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeakWatchTest {
    /** In a method of its own, so that no frame keeps the connection. */
    private static void openAndDrop(Server server) {
        Nets.connect(server);
    }

    private static void collectUntil(List<?> reports) {
        for (int i = 0; i < 1000 && reports.isEmpty(); i++) {
            System.gc();
            Asyncio.sleep(Duration.ofMillis(1)).await();
        }
    }

    @Test
    void c369_aDroppedConnectionIsReportedWithThePlaceThatOpenedItAndClosed() {
        Asyncio.run(() -> {
            List<LoopError> reports = Nets.reports();
            Nets.Accepting accepting = Nets.accepting();
            Asyncio.createTask(() -> openAndDrop(accepting.server)).await();
            try (Connection theirs = accepting.next()) {
                collectUntil(reports);
                assertEquals(1, reports.size());
                LoopError report = reports.getFirst();
                assertEquals(
                        "unclosed connection with 127.0.0.1:" + accepting.server.port() + " was dropped",
                        report.message());
                assertTrue(
                        Arrays.stream(Objects.requireNonNull(report.exception()).getStackTrace())
                                .anyMatch(frame -> frame.getMethodName().equals("openAndDrop")));
                assertEquals(0, theirs.reader().read().await().length);
            }
        });
    }

    @Test
    void c369_aConnectionThatItsHandlerForgotIsReported() {
        Asyncio.run(() -> {
            List<LoopError> reports = Nets.reports();
            Server server = Nets.serve(connection -> {});
            try (Connection mine = Nets.connect(server)) {
                collectUntil(reports);
                assertEquals(1, reports.size());
                assertEquals(0, mine.reader().read().await().length);
            }
        });
    }

    @Test
    void c369_aTaskThatWaitsInAReadHoldsItsConnection() {
        Asyncio.run(() -> {
            List<LoopError> reports = Nets.reports();
            Nets.Accepting accepting = Nets.accepting();
            Task<byte[]> reading = Asyncio.createTask(
                    () -> Nets.connect(accepting.server).reader().read(3).await());
            Connection theirs = accepting.next();
            for (int i = 0; i < 20; i++) {
                System.gc();
                Asyncio.sleep(Duration.ofMillis(1)).await();
            }
            assertFalse(reading.isDone());
            assertEquals(List.of(), reports);
            theirs.writer().write(Nets.bytes("abc")).await();
            assertEquals("abc", Nets.text(reading.await()));
            theirs.close();
        });
    }

    @Test
    void c369_aClosedConnectionIsNotReported() {
        Asyncio.run(() -> {
            List<LoopError> reports = Nets.reports();
            Server server = Nets.serve(Nets::echo);
            for (int i = 0; i < 10; i++) {
                Nets.connect(server).close();
            }
            for (int i = 0; i < 20; i++) {
                System.gc();
                Asyncio.sleep(Duration.ofMillis(1)).await();
            }
            assertEquals(List.of(), reports);
        });
    }

    @Test
    void theBuffersDetectorDetects() {
        // Netty tells of a leak once only: the hint makes this one new.
        UnpooledByteBufAllocator.DEFAULT.buffer(10).touch("at " + System.nanoTime());
        Unpooled.buffer(1).release();
        for (int i = 0; i < 100 && BufferLeaks.reports().isEmpty(); i++) {
            System.gc();
        }
        assertFalse(BufferLeaks.reports().isEmpty());
        BufferLeaks.forget();
    }
}
