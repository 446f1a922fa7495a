package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.BodySource;
import dev.weft.http.message.BodyTooLargeException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Options;
import dev.weft.http.message.PayloadException;
import dev.weft.http.middleware.Origin.Pieces;
import dev.weft.loop.testing.junit.LoopExtension;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Recording to a file, and replaying from it. */
@ExtendWith(LoopExtension.class)
class RecorderTest {
    @TempDir
    Path directory;

    private final Origin nobody = new Origin(request -> {
        throw new AssertionError("sent " + request);
    });

    private Path file() {
        return directory.resolve("tape.json");
    }

    private static String read(ClientResponse response) {
        return Origin.read(response);
    }

    @Test
    void whatIsRecordedIsReplayed() {
        byte[] binary = new byte[256];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = (byte) i;
        }
        Origin origin =
                Origin.answering(200, "caf\u00e9\r\n\u20ac", "X-A", "1", "X-A", "2", "Set-Cookie", "id=SECRET; Path=/");
        Recorder recorder = Recorder.all();
        ClientRequest text = Origin.get("http://u:SECRET@h/text#part", "Authorization", "Bearer SECRET");
        try (ClientResponse response = recorder.handle(text, origin)) {
            assertEquals("id=SECRET; Path=/", response.headers().first("Set-Cookie"), "the program gets what came");
            assertEquals("caf\u00e9\r\n\u20ac", response.text().await());
        }
        origin.will(request -> origin.respond(request, 203, Headers.empty(), new Pieces(request, binary, 100, -1)));
        // Recorded whole, though the program does not read it.
        recorder.handle(Origin.get("http://h/binary"), origin).close();
        assertEquals(0, origin.open());
        recorder.write(file()).await();

        Replay replay = Replay.from(file()).await();
        assertEquals(2, replay.size());
        try (ClientResponse response = replay.handle(Origin.get("http://h/binary"), nobody)) {
            assertEquals(203, response.status());
            assertArrayEquals(binary, response.bytes().await());
        }
        try (ClientResponse response = replay.handle(Origin.get("http://h/text"), nobody)) {
            assertEquals("caf\u00e9\r\n\u20ac", response.text().await());
            assertEquals(List.of("1", "2"), response.headers().all("X-A"));
            assertEquals("id=REDACTED; Path=/", response.headers().first("Set-Cookie"));
        }
        assertFalse(readString(file()).contains("SECRET"), readString(file()));
    }

    private static String readString(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records one exchange for each answer, all for the same request. */
    private Replay recorded(ClientRequest request, String... answers) {
        Recorder recorder = Recorder.all();
        for (String answer : answers) {
            read(recorder.handle(request, Origin.answering(200, answer)));
        }
        recorder.write(file()).await();
        return Replay.from(file()).await();
    }

    @Test
    void theSameRequestIsAnsweredInOrder() {
        ClientRequest request = Origin.get("http://h/");
        Replay replay = recorded(request, "one", "two");
        assertEquals("one", read(replay.handle(request, nobody)));
        assertEquals("two", read(replay.handle(request, nobody)));
        ReplayException over = assertThrows(ReplayException.class, () -> replay.handle(request, nobody));
        assertEquals("GET http://h/: it was recorded 2 times, and is asked for once more", over.getMessage());

        Replay repeating = Replay.from(file()).await().repeatLast();
        for (String expected : List.of("one", "two", "two", "two")) {
            assertEquals(expected, read(repeating.handle(request, nobody)));
        }
    }

    @Test
    void whatWasNotRecordedIsNamedWithTheNearest() {
        Recorder recorder = Recorder.all();
        for (String url : List.of("http://h/users/1", "http://h/users/1/posts?page=2", "http://other/")) {
            read(recorder.handle(Origin.get(url), Origin.answering(200, "")));
        }
        recorder.write(file()).await();
        Replay replay = Replay.from(file()).await();
        ReplayException e = assertThrows(
                ReplayException.class, () -> replay.handle(Origin.get("http://h/users/1/posts?page=3"), nobody));
        assertEquals(
                "GET http://h/users/1/posts?page=3: it was not recorded; the nearest of 3 recordings is"
                        + " GET http://h/users/1/posts?page=2",
                e.getMessage());
        assertEquals("http://h/users/1/posts?page=3", e.request().url().toString());

        Recorder.all().write(file()).await();
        Replay empty = Replay.from(file()).await();
        ReplayException none = assertThrows(ReplayException.class, () -> empty.handle(Origin.get("http://h/"), nobody));
        assertEquals("it was not recorded; nothing was", none.reason());
    }

    @Test
    void bodiesTellRequestsApart() {
        Recorder recorder = Recorder.all();
        ClientRequest post = Origin.get("http://h/").withMethod("POST");
        for (String body : List.of("a", "b")) {
            read(recorder.handle(post.withBody(Body.of(body)), Origin.answering(200, "answer to " + body)));
        }
        read(recorder.handle(post, Origin.answering(200, "answer to nothing")));
        recorder.write(file()).await();

        Replay replay = Replay.from(file()).await();
        assertEquals("answer to b", read(replay.handle(post.withBody(Body.of("b")), nobody)));
        assertEquals("answer to nothing", read(replay.handle(post, nobody)));
        ReplayException e =
                assertThrows(ReplayException.class, () -> replay.handle(post.withBody(Body.of("c")), nobody));
        assertEquals("it was recorded with another body", e.reason());
        assertEquals("answer to a", read(replay.handle(post.withBody(new Streamed("a", true)), nobody)));

        Replay blind = Replay.from(file()).await().ignoringBodies();
        assertEquals("answer to a", read(blind.handle(post.withBody(Body.of("c")), nobody)));
    }

    /** A body that can be sent once is not read by who only compares it. */
    @Test
    void aBodyThatCanBeSentOnceIsLeftAlone() {
        ClientRequest post = Origin.get("http://h/").withMethod("POST");
        Replay replay = recorded(post.withBody(new Streamed("a", false)), "answer");
        assertEquals("answer", read(replay.handle(post.withBody(Body.of("anything")), nobody)));
    }

    private record Streamed(String text, boolean isReplayable) implements Body {
        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public String contentType() {
            return null;
        }

        @Override
        public BodySource open() {
            if (!isReplayable) {
                throw new AssertionError("opened");
            }
            Deque<ByteBuffer> pieces = new ArrayDeque<>(text.chars()
                    .mapToObj(c -> ByteBuffer.wrap(new byte[] {(byte) c}))
                    .toList());
            return pieces::poll;
        }
    }

    @Test
    void whatIsMissingIsSentAndRecorded() {
        Origin origin = Origin.answering(200, "one");
        Recorder first = Recorder.missing(file()).await();
        assertEquals("one", read(first.handle(Origin.get("http://h/1"), origin)));
        first.write(file()).await();

        origin.will(200, "two");
        Recorder second = Recorder.missing(file()).await();
        assertEquals("one", read(second.handle(Origin.get("http://h/1"), nobody)));
        assertEquals("two", read(second.handle(Origin.get("http://h/2"), origin)));
        // Each recording answers once: what is asked for more often is missing.
        assertEquals("two", read(second.handle(Origin.get("http://h/1"), origin)));
        assertEquals("two", read(second.handle(Origin.get("http://h/2"), origin)), "not from what it recorded itself");
        assertEquals(4, second.size());
        second.write(file()).await();
        assertEquals(4, Replay.from(file()).await().size());
    }

    @Test
    void whatFailsIsNotRecorded() {
        Recorder recorder = Recorder.all();
        Origin origin = new Origin(null);
        origin.will(request -> origin.respond(request, 200, Headers.empty(), new Pieces(request, new byte[9], 3, 3)));
        assertThrows(PayloadException.class, () -> recorder.handle(Origin.get("http://h/"), origin));
        origin.will(200, "more than it may have");
        ClientRequest limited = Origin.get("http://h/").with(Options.MAX_BODY_SIZE, 5);
        assertThrows(BodyTooLargeException.class, () -> recorder.handle(limited, origin));
        assertEquals(0, recorder.size());
        assertEquals(0, origin.open());
    }

    @Test
    void secretsOfTheQueryAreRedactedAndStillMatch() {
        Redaction rules = Redaction.standard().params("token").headers("X-Secret");
        Recorder recorder = Recorder.all().redaction(rules);
        read(recorder.handle(
                Origin.get("http://h/?token=SECRET&a=1", "X-Secret", "SECRET"), Origin.answering(200, "x")));
        recorder.write(file()).await();
        String text = readString(file());
        assertFalse(text.contains("SECRET"), text);
        assertTrue(text.contains("http://h/?token=REDACTED&a=1"), text);
        Replay replay = Replay.from(file()).await().redaction(rules);
        assertEquals("x", read(replay.handle(Origin.get("http://h/?token=OTHER&a=1"), nobody)));
    }

    @Test
    void aFileThatIsNoneIsNamed() throws Exception {
        Exception absent = assertThrows(
                IllegalArgumentException.class, () -> Replay.from(file()).await());
        assertTrue(absent.getMessage().contains("tape.json"), absent.getMessage());
        for (String content : List.of(
                "",
                "{",
                "[]",
                "{\"cassette\": 2, \"recordings\": []}",
                "{\"cassette\": 1}",
                "{\"cassette\": 1, \"recordings\": [{}]}",
                "{\"cassette\": 1, \"recordings\": [{\"request\": {\"method\": \"GET\", \"url\": \"u\", \"headers\": []},"
                        + " \"response\": {\"status\": 200, \"reason\": \"\", \"version\": \"\", \"headers\": [[\"a b\", \"\"]],"
                        + " \"text\": \"\"}}]}")) {
            Files.writeString(file(), content, StandardCharsets.UTF_8);
            Exception wrong = assertThrows(
                    IllegalArgumentException.class, () -> Replay.from(file()).await(), content);
            assertTrue(wrong.getMessage().contains("tape.json holds no recordings"), wrong.getMessage());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Recorder.missing(file()).await(),
                    content);
            assertThrows(
                    IllegalArgumentException.class, () -> Replay.fromHar(file()).await(), content);
        }
        assertThrows(UncheckedIOException.class, () -> Replay.from(directory).await());
        assertThrows(
                UncheckedIOException.class,
                () -> Recorder.all().write(file().resolve("below/a/file")).await());
    }

    @Test
    void distances() {
        assertEquals(0, EditDistance.between("", ""));
        assertEquals(3, EditDistance.between("kitten", "sitting"));
        assertEquals(5, EditDistance.between("", "12345"));
        assertEquals(0, EditDistance.between("x".repeat(600), "x".repeat(700)), "only the first 500 count");
    }
}
