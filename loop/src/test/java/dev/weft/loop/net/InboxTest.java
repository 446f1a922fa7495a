package dev.weft.loop.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Action;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.ConnectionException;
import dev.weft.loop.testing.VirtualClock;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a reader does with what came, without a network: CPython's test_streams, case by case. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxTest {
    private final List<Boolean> reading = new ArrayList<>();
    private Inbox inbox;

    private void run(int limit, Action<RuntimeException> body) {
        try (Runner runner = Runner.builder().clock(new VirtualClock()).build()) {
            runner.run(() -> {
                inbox = new Inbox(Asyncio.getRunningLoop(), limit, reading::add);
                body.run();
            });
        }
    }

    private void run(Action<RuntimeException> body) {
        run(64 * 1024, body);
    }

    private void feed(String text) {
        inbox.feed(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private void soon(Runnable action) {
        Asyncio.getRunningLoop().callSoon(action);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String until(String... separators) {
        return text(inbox.readUntil(
                List.of(separators).stream().map(InboxTest::bytes).toList()));
    }

    private String rest() {
        inbox.feedEnd();
        return text(inbox.read(-1));
    }

    private static <T> Task<T> task(Supplier<T> body) {
        Task<T> task = Asyncio.createTask(body::get);
        Asyncio.sleep(0).await();
        return task;
    }

    @Test
    void c359_readLineOverSeveralChunks() {
        run(() -> {
            feed("chunk1 ");
            Task<String> line = task(() -> text(inbox.readLine()));
            soon(() -> feed("chunk2 "));
            soon(() -> feed("chunk3 "));
            soon(() -> feed("\n chunk4"));
            assertEquals("chunk1 chunk2 chunk3 \n", line.await());
            assertEquals(" chunk4", rest());
        });
    }

    @Test
    void c359_readLineOverTheLimitDropsTheLineWhenItsEndIsThere() {
        run(3, () -> {
            feed("li");
            feed("ne1\nline2\n");
            assertThrows(LimitOverrunException.class, () -> inbox.readLine());
            assertEquals("line2\n", rest());
        });
    }

    @Test
    void c359_readLineOverTheLimitDropsAllWhenNoEndIsThere() {
        run(3, () -> {
            feed("li");
            feed("ne1");
            feed("li");
            assertThrows(LimitOverrunException.class, () -> inbox.readLine());
            feed("a\n");
            assertEquals("a\n", text(inbox.readLine()));
            feed("too long\n");
            assertThrows(LimitOverrunException.class, () -> inbox.readLine());
            assertEquals("", rest());
        });
    }

    @Test
    void c359_readLineOverTheLimitWhileItWaits() {
        run(7, () -> {
            soon(() -> feed("chunk1"));
            soon(() -> feed("chunk2\n"));
            soon(() -> feed("chunk3\n"));
            assertThrows(LimitOverrunException.class, () -> inbox.readLine());
            assertEquals("chunk3\n", text(inbox.readLine()));
        });
    }

    @Test
    void c359_aLineOfExactlyTheLimitIsRead() {
        run(3, () -> {
            feed("abc\n");
            assertEquals("abc\n", text(inbox.readLine()));
            feed("abcd\n");
            assertThrows(LimitOverrunException.class, () -> inbox.readLine());
        });
    }

    @Test
    void c359_readLineAtTheEnd() {
        run(() -> {
            feed("some data");
            inbox.feedEnd();
            assertEquals("some data", text(inbox.readLine()));
            assertEquals("", text(inbox.readLine()));
            assertEquals("", text(inbox.readLine()));
        });
    }

    @Test
    void c359_readLineThenReadTheRest() {
        run(() -> {
            feed("line1\nline2\nline3");
            assertEquals("line1\n", text(inbox.readLine()));
            assertEquals("line2\nl", text(inbox.read(7)));
            assertEquals("ine3", rest());
        });
    }

    @Test
    void c360_readUntilFindsASeparatorThatCameInPieces() {
        run(() -> {
            Task<String> chunk = task(() -> until("AAA"));
            for (String piece : List.of("012", "3A", "A", "A45AAA6")) {
                soon(() -> feed(piece));
            }
            assertEquals("0123AAA", chunk.await());
            assertEquals("45AAA", until("AAA"));
            assertEquals("6", rest());
        });
    }

    @Test
    void c360_theSeparatorThatMakesTheShortestChunkWins() {
        run(() -> {
            feed("some\r\ndata\rmore\nrest");
            assertEquals("some\r", until("\r", "\n", "\r\n"));
            assertEquals("\n", until("\n", "\r"));
            assertEquals("data\rmore\n", until("more\n", "e\n"));
        });
    }

    @Test
    void c360_severalSeparatorsOfSeveralLengthsInPieces() {
        run(() -> {
            Task<String> chunk = task(() -> until("A", "long sep"));
            soon(() -> feed("data, long"));
            soon(() -> feed(" sep Aend"));
            assertEquals("data, long sep", chunk.await());
            assertEquals(" A", until("A", "long sep"));
        });
    }

    @Test
    void c360_overTheLimitTheDataIsKept() {
        run(3, () -> {
            feed("some dataAAA");
            LimitOverrunException found = assertThrows(LimitOverrunException.class, () -> until("AAA"));
            assertEquals(9, found.consumed());
            assertEquals("some dataAAA", text(inbox.read(100)));
            feed("without");
            LimitOverrunException notFound = assertThrows(LimitOverrunException.class, () -> until("AAA"));
            assertEquals(5, notFound.consumed());
            assertEquals("without", text(inbox.read(100)));
        });
    }

    @Test
    void c360_endBeforeTheSeparator() {
        run(() -> {
            feed("some dataAA");
            inbox.feedEnd();
            IncompleteReadException early = assertThrows(IncompleteReadException.class, () -> until("AAA"));
            assertEquals("some dataAA", text(early.partial()));
            assertEquals(-1, early.expected());
            assertTrue(inbox.atEnd());
        });
    }

    @Test
    void c360_noOrEmptySeparators() {
        run(() -> {
            assertThrows(IllegalArgumentException.class, () -> inbox.readUntil(List.of()));
            assertThrows(IllegalArgumentException.class, () -> until("A", ""));
        });
    }

    @Test
    void c361_readToTheEndPassesTheLimitWithoutDeadLock() {
        run(4, () -> {
            Task<String> all = task(() -> text(inbox.read(-1)));
            for (int i = 0; i < 20; i++) {
                soon(() -> feed("0123456789"));
            }
            soon(inbox::feedEnd);
            assertEquals("0123456789".repeat(20), all.await());
            assertEquals(Boolean.TRUE, reading.getLast());
        });
    }

    @Test
    void c361_readZeroIsEmptyAtOnce() {
        run(() -> {
            assertEquals("", text(inbox.read(0)));
            feed("data");
            assertEquals("", text(inbox.read(0)));
            assertEquals("data", text(inbox.read(4)));
        });
    }

    @Test
    void c361_readGivesWhatIsThere() {
        run(() -> {
            Task<String> some = task(() -> text(inbox.read(30)));
            soon(() -> feed("abc"));
            assertEquals("abc", some.await());
            inbox.feedEnd();
            assertArrayEquals(new byte[0], inbox.read(30));
        });
    }

    @Test
    void readExactlyMoreThanTwiceTheLimit() {
        run(4, () -> {
            Task<String> all = task(() -> text(inbox.readExactly(35)));
            for (int i = 0; i < 4; i++) {
                soon(() -> feed("0123456789"));
            }
            assertEquals("0123456789".repeat(3) + "01234", all.await());
            assertEquals("56789", rest());
        });
    }

    @Test
    void readExactlyAtTheEnd() {
        run(() -> {
            feed("lineAAA");
            inbox.feedEnd();
            IncompleteReadException early = assertThrows(IncompleteReadException.class, () -> inbox.readExactly(18));
            assertEquals("lineAAA", text(early.partial()));
            assertEquals(18, early.expected());
            assertEquals("7 bytes read on a total of 18 expected bytes", early.getMessage());
            assertEquals("", text(inbox.readExactly(0)));
            assertThrows(IllegalArgumentException.class, () -> inbox.readExactly(-1));
        });
    }

    @Test
    void c362_aLostConnectionWakesAPendingRead() {
        run(() -> {
            IOException reset = new IOException("Connection reset by peer");
            Task<byte[]> pending = task(() -> inbox.read(2));
            soon(() -> inbox.fail(reset));
            ConnectionException lost = assertThrows(ConnectionException.class, pending::await);
            assertSame(reset, lost.getCause());
            assertEquals("connection lost: Connection reset by peer", lost.getMessage());
            for (Runnable read : List.<Runnable>of(
                    () -> inbox.read(2), () -> inbox.readExactly(2), inbox::readLine, () -> until("A"))) {
                assertThrows(ConnectionException.class, read::run);
            }
        });
    }

    @Test
    void c362_aCancelledReadLeavesTheReaderUsableAndLosesNothing() {
        run(() -> {
            for (Supplier<byte[]> read : List.<Supplier<byte[]>>of(
                    () -> inbox.read(-1), () -> inbox.readExactly(20), () -> inbox.readLine())) {
                feed("ab");
                Task<byte[]> cancelled = task(read);
                feed("cd");
                cancelled.cancel();
                assertThrows(CancelledError.class, cancelled::await);
                assertEquals("abcd", text(inbox.read(100)));
            }
        });
    }

    @Test
    void c362_aCancelAfterTheWakeUpDoesNotLoseData() {
        run(() -> {
            Task<String> reader = task(() -> {
                String read = text(inbox.read(100));
                assertThrows(CancelledError.class, () -> Asyncio.sleep(0).await());
                return read;
            });
            feed("data");
            reader.cancel();
            assertEquals("data", reader.await());
        });
    }

    @Test
    void aSecondReaderFailsAtOnceEvenIfThereIsEnoughForIt() {
        run(() -> {
            feed("abc");
            Task<String> first = task(() -> text(inbox.readExactly(5)));
            for (Runnable read : List.<Runnable>of(
                    () -> inbox.read(1), () -> inbox.readExactly(1), inbox::readLine, () -> until("b"))) {
                assertThrows(IllegalStateException.class, read::run);
            }
            feed("de");
            assertEquals("abcde", first.await());
        });
    }

    @Test
    void readingPausesAboveTwiceTheLimitAndGoesOnAtTheLimit() {
        run(4, () -> {
            feed("12345678");
            assertEquals(List.of(), reading);
            feed("9");
            assertEquals(List.of(false), reading);
            inbox.read(4);
            assertEquals(List.of(false), reading);
            inbox.read(1);
            assertEquals(List.of(false, true), reading);
        });
    }

    @Test
    void theEndIsReachedWhenAllIsRead() {
        run(() -> {
            assertFalse(inbox.atEnd());
            feed("a");
            inbox.feedEnd();
            assertFalse(inbox.atEnd());
            inbox.read(1);
            assertTrue(inbox.atEnd());
        });
    }
}
