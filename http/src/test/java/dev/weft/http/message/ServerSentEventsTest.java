package dev.weft.http.message;

import static dev.weft.http.message.FakeBody.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSentEventsTest {
    private static String read(BodyReader body) {
        StringBuilder read = new StringBuilder();
        for (ServerSentEvent event : ServerSentEvents.of(body)) {
            read.append(event.type()).append(':').append(event.data().replace('\n', '/'));
            read.append(event.lastEventId().isEmpty() ? "" : "#" + event.lastEventId())
                    .append(' ');
        }
        return read.toString().stripTrailing();
    }

    /** {@code /} stands for a line end: each of LF, CR LF and CR. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "data: a//|message:a",
                "data:a//data:b//|message:a message:b",
                "data:a/data: b/data/data:  c//|message:a/b// c",
                "event: add/data: 1//event: del/data: 2//data: 3//|add:1 del:2 message:3",
                "event: add//data: 1//|message:1",
                "id: 1/data: a//data: b//id/data: c//|message:a#1 message:b#1 message:c",
                "id: 7//data: a//|message:a#7",
                "id: 1/data: a//id: x\0y/data: b//|message:a#1 message:b#1",
                ": comment/:/data: a/:more//|message:a",
                "data//|message:",
                "data/data//|message:/",
                "data:x/|''",
                "data: a//data: cut off|message:a",
                "event:e/unknown: x/data: a:b: c//|e:a:b: c",
                "/////data:a/////|message:a",
                "dat: a/ data: b//|''",
                "data: \u00c3\u00a9\u00ff//|message:\u00e9\ufffd",
                "retry: 10/retry: 1x/retry: -1/data:a//|message:a",
                "''|''",
            })
    void table(String stream, String expected) {
        Asyncio.run(() -> {
            for (String lineEnd : List.of("\n", "\r\n", "\r")) {
                byte[] body = bytes(stream.replace("/", lineEnd));
                for (FakeBody cut : FakeBody.cuts(body)) {
                    assertEquals("''".equals(expected) ? "" : expected, read(cut));
                }
            }
            return null;
        });
    }

    @Test
    void aByteOrderMarkIsDroppedOnce() {
        byte[] body = "\ufeffdata: a\n\n\ufeffdata: b\n\n".getBytes(StandardCharsets.UTF_8);
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(body)) {
                assertEquals("message:a", read(cut));
            }
            return null;
        });
    }

    @Test
    void whereToGoOn() {
        String stream = "retry: 1500\nid: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\n\nid: 4\ndata: cut off";
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes(stream))) {
                ServerSentEvents events = ServerSentEvents.of(cut);
                assertEquals("", events.lastEventId());
                assertNull(events.retry());
                Iterator<ServerSentEvent> iterator = events.iterator();
                assertEquals(new ServerSentEvent("message", "a", "1"), iterator.next());
                // What came with it, but was not given, does not count.
                assertEquals("1", events.lastEventId());
                assertEquals(Duration.ofMillis(1500), events.retry());
                assertEquals(new ServerSentEvent("message", "b", "2"), iterator.next());
                assertEquals("2", events.lastEventId());
                assertNull(events.next().await());
                assertEquals("3", events.lastEventId());
            }
            return null;
        });
    }

    private static ClientResponse response(String type, BodyReader body) {
        ClientRequest request =
                ClientRequest.of("GET", HttpUrl.parse("http://h/")).with(Options.MAX_BODY_SIZE, 20);
        Headers headers = Headers.builder().add("Content-Type", type).build();
        return ClientResponse.of(request, 200, headers, new byte[0]).withContent(body);
    }

    @Test
    void anEventThatIsTooLarge() {
        String[] streams = {
            "data: a\n\ndata: 678901234567890", "data: a\n\ndata: 1234567\ndata: 1234567\ndata: 1234567\n\ndata: b\n\n"
        };
        Asyncio.run(() -> {
            for (String stream : streams) {
                for (FakeBody cut : FakeBody.cuts(bytes(stream))) {
                    ServerSentEvents events = ServerSentEvents.of(response("text/event-stream; charset=utf-8", cut));
                    assertEquals("a", events.next().await().data());
                    BodyTooLargeException e = assertThrows(
                            BodyTooLargeException.class, () -> events.next().await());
                    assertEquals(20, e.limit());
                    assertEquals(1, cut.closed);
                }
            }
            return null;
        });
    }

    @Test
    void anotherTypeIsRefused() {
        ContentTypeException e = assertThrows(
                ContentTypeException.class, () -> ServerSentEvents.of(response("text/html", FakeBody.of("<html>"))));
        assertTrue(e.getMessage().contains("the body is text/html, not text/event-stream"), e.getMessage());
    }
}
