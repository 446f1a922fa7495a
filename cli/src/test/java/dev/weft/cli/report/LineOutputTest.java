package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LineOutputTest {
    private static final Duration LONG = Duration.ofSeconds(15);

    @Test
    void linesComeInTheirOrder() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LineOutput out = new LineOutput(new Output(bytes));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            out.write("米 " + i + "\n");
            expected.append("米 ").append(i).append('\n');
        }
        assertTrue(out.drain(LONG));
        assertEquals(expected.toString(), bytes.toString(StandardCharsets.UTF_8));
        assertTrue(new LineOutput(new Output(bytes)).drain(Duration.ZERO));
    }

    /** The loop goes on while a reader stands still, and who writes much waits. */
    @Test
    void aReaderThatStandsStillHoldsWhoWritesAndNobodyElse() {
        CountDownLatch reads = new CountDownLatch(1);
        LineOutput out = new LineOutput(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
                try {
                    reads.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }));
        Asyncio.run(() -> {
            Task<Void> writer = Asyncio.createTask(() -> {
                for (int i = 0; i < 3000; i++) {
                    out.write("x");
                    out.room();
                }
                return null;
            });
            for (int i = 0; i < 5; i++) {
                Asyncio.sleep(Duration.ZERO).await();
            }
            assertFalse(writer.isDone());
            reads.countDown();
            writer.await();
        });
        assertTrue(out.drain(LONG));
    }

    @Test
    void aReaderThatNeverReadsIsNotWaitedForForEver() {
        CountDownLatch never = new CountDownLatch(1);
        LineOutput out = new LineOutput(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }));
        out.write("x");
        assertFalse(out.drain(Duration.ofMillis(1)));
        never.countDown();
    }

    @Test
    void aReaderThatIsGoneIsTold() {
        Output gone = new Output(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        LineOutput out = new LineOutput(gone);
        Asyncio.run(() -> {
            Future<Void> told = Asyncio.getRunningLoop().createFuture();
            out.whenGone(() -> told.setResult(null));
            out.write("x");
            told.await();
            Future<Void> toldLater = Asyncio.getRunningLoop().createFuture();
            out.whenGone(() -> toldLater.setResult(null));
            toldLater.await();
            for (int i = 0; i < 2000; i++) {
                out.write("y");
            }
            out.room();
        });
        assertFalse(out.drain(LONG));
        assertTrue(Output.isClosedPipe(gone));
        assertFalse(Output.isClosedPipe(new Output(new ByteArrayOutputStream())));
    }
}
