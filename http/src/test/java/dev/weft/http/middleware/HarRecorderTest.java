package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.Provenance;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.message.Timings;
import dev.weft.http.middleware.Origin.Pieces;
import dev.weft.http.middleware.Origin.Unreachable;
import dev.weft.loop.Asyncio;
import dev.weft.loop.testing.VirtualClock;
import dev.weft.loop.testing.junit.LoopExtension;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** HAR 1.2 as its specification has it: written, checked field by field, and replayed. */
@ExtendWith(LoopExtension.class)
class HarRecorderTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** What HAR 1.2 requires of each object. */
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "log", List.of("version", "creator", "entries"),
            "creator", List.of("name", "version"),
            "entry", List.of("startedDateTime", "time", "request", "response", "cache", "timings"),
            "request",
                    List.of(
                            "method",
                            "url",
                            "httpVersion",
                            "cookies",
                            "headers",
                            "queryString",
                            "headersSize",
                            "bodySize"),
            "response",
                    List.of(
                            "status",
                            "statusText",
                            "httpVersion",
                            "cookies",
                            "headers",
                            "content",
                            "redirectURL",
                            "headersSize",
                            "bodySize"),
            "content", List.of("size", "mimeType"),
            "timings", List.of("send", "wait", "receive"));

    @TempDir
    Path directory;

    private HarRecorder recorder;

    @BeforeEach
    void make(VirtualClock clock) {
        recorder = HarRecorder.builder()
                .clock(() -> START.plus(clock.elapsed()))
                .maxBodySize(20)
                .maxEntries(3)
                .build();
    }

    private static void require(String what, JsonNode object) {
        REQUIRED.get(what).forEach(name -> assertTrue(object.has(name), what + " has no " + name + ": " + object));
    }

    private List<JsonNode> entries() {
        JsonNode log = JsonMapper.builder().build().readTree(recorder.toJson()).get("log");
        require("log", log);
        require("creator", log.get("creator"));
        assertEquals("1.2", log.get("version").asString());
        List<JsonNode> entries = log.get("entries").valueStream().toList();
        for (JsonNode entry : entries) {
            require("entry", entry);
            require("request", entry.get("request"));
            require("response", entry.get("response"));
            require("content", entry.get("response").get("content"));
            require("timings", entry.get("timings"));
            Instant.parse(entry.get("startedDateTime").asString());
            double sum = 0;
            for (String part : List.of("blocked", "dns", "connect", "send", "wait", "receive")) {
                sum += Math.max(0, entry.get("timings").get(part).asDouble());
            }
            assertEquals(sum, entry.get("time").asDouble(), 0.001, "time is the sum of the timings");
        }
        return entries;
    }

    private JsonNode only() {
        List<JsonNode> entries = entries();
        assertEquals(1, entries.size());
        return entries.getFirst();
    }

    @Test
    void anExchange() {
        Origin origin = new Origin(null);
        origin.will(request -> {
            Asyncio.sleep(Duration.ofMillis(30)).await();
            return origin.answer(
                    request,
                    201,
                    "h\u00e9llo",
                    "Content-Type",
                    "text/plain; charset=utf-8",
                    "Content-Length",
                    "6",
                    "Location",
                    "/made",
                    "Set-Cookie",
                    "id=SECRET; Path=/p; Domain=h; Secure; HttpOnly; SameSite=Lax; Max-Age=9;"
                            + " Expires=Sun, 06 Nov 1994 08:49:37 GMT");
        });
        ClientRequest request = Origin.get(
                        "http://u:SECRET@h/p?a=1&b=x%20y+z&c#part",
                        "Cookie", "one=SECRET; two=SECRET", "Authorization", "Bearer SECRET", "X-A", "1")
                .withMethod("POST")
                .withBody(Body.of("hi"));
        assertEquals("h\u00e9llo", Origin.read(recorder.handle(request, origin)));

        JsonNode entry = only();
        assertFalse(entry.toString().contains("SECRET"), entry.toString());
        assertEquals(START.toString(), entry.get("startedDateTime").asString());
        assertEquals(33, entry.get("time").asDouble());
        assertEquals(30, entry.get("timings").get("wait").asDouble());
        assertEquals(3, entry.get("timings").get("receive").asDouble());
        assertEquals(-1, entry.get("timings").get("dns").asDouble());

        JsonNode sent = entry.get("request");
        assertEquals("POST", sent.get("method").asString());
        assertEquals("http://h/p?a=1&b=x%20y+z&c", sent.get("url").asString());
        assertEquals(
                "[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"b\",\"value\":\"x y z\"},{\"name\":\"c\",\"value\":\"\"}]",
                sent.get("queryString").toString());
        assertEquals(
                "[{\"name\":\"one\",\"value\":\"REDACTED\"},{\"name\":\"two\",\"value\":\"REDACTED\"}]",
                sent.get("cookies").toString());
        assertTrue(
                sent.get("headers").toString().contains("{\"name\":\"Authorization\",\"value\":\"Bearer REDACTED\"}"));
        assertEquals(
                "{\"mimeType\":\"text/plain; charset=utf-8\",\"text\":\"hi\"}",
                sent.get("postData").toString());
        assertEquals(2, sent.get("bodySize").asInt());

        JsonNode got = entry.get("response");
        assertEquals(201, got.get("status").asInt());
        assertEquals("/made", got.get("redirectURL").asString());
        assertEquals(6, got.get("bodySize").asInt());
        assertEquals(
                "{\"size\":6,\"mimeType\":\"text/plain; charset=utf-8\",\"text\":\"h\u00e9llo\"}",
                got.get("content").toString());
        assertEquals(
                "[{\"name\":\"id\",\"value\":\"REDACTED\",\"path\":\"/p\",\"domain\":\"h\",\"secure\":true,"
                        + "\"httpOnly\":true,\"sameSite\":\"Lax\",\"expires\":\"1994-11-06T08:49:37Z\"}]",
                got.get("cookies").toString());
        assertNull(entry.get("comment"));
    }

    @Test
    void timingsAndAddressOfTheNetwork() {
        Timings timings = new Timings(
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                Duration.ofMillis(4),
                Duration.ofMillis(8),
                Duration.ofMillis(16),
                null);
        Provenance provenance = new Provenance() {
            @Override
            public Timings timings() {
                return timings;
            }

            @Override
            public SocketAddress remoteAddress() {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
            }
        };
        Origin.read(recorder.handle(
                Origin.get("http://h/"),
                request -> new ClientResponse(
                        request,
                        new ResponseHead(200, "OK", "HTTP/1.0", Headers.empty()),
                        new Pieces(request, new byte[0], 1, -1),
                        provenance)));
        JsonNode entry = only();
        assertEquals(
                "{\"blocked\":1.0,\"dns\":2.0,\"connect\":12.0,\"send\":0,\"wait\":16.0,\"receive\":1.0,\"ssl\":8.0}",
                entry.get("timings").toString());
        assertEquals("127.0.0.1", entry.get("serverIPAddress").asString());
        assertEquals("HTTP/1.0", entry.get("request").get("httpVersion").asString());
    }

    @Test
    void failuresAreThereToo() {
        assertThrows(
                Unreachable.class,
                () -> recorder.handle(Origin.get("http://h/1"), request -> {
                    throw new Unreachable(request);
                }));
        Origin origin = Origin.answering(200, "a long one");
        recorder.handle(Origin.get("http://h/2"), origin).close();
        ClientResponse broken = recorder.handle(
                Origin.get("http://h/3"),
                request -> origin.respond(request, 200, Headers.empty(), new Pieces(request, new byte[9], 3, 3)));
        assertThrows(PayloadException.class, () -> broken.bytes().await());

        List<JsonNode> entries = entries();
        assertEquals(0, entries.get(0).get("response").get("status").asInt());
        assertEquals("unreachable", entries.get(0).get("comment").asString());
        assertEquals(
                "the body was not read to its end",
                entries.get(1).get("comment").asString());
        assertTrue(entries.get(2).get("comment").asString().contains("received 3 of 9 bytes"));
        assertEquals(0, origin.open());
    }

    @Test
    void whatCannotBeTextIsBase64AndWhatIsTooLargeIsNotKept() {
        Origin origin = new Origin(null);
        origin.will(request ->
                origin.respond(request, 200, Headers.empty(), new Pieces(request, new byte[] {1, (byte) 0xff}, 9, -1)));
        Origin.read(recorder.handle(
                Origin.get("http://h/1").withMethod("PUT").withBody(Body.of(new byte[] {0, 1})), origin));
        origin.will(200, "more than twenty bytes of text");
        Origin.read(recorder.handle(
                Origin.get("http://h/2").withMethod("PUT").withBody(Body.of("more than twenty bytes of text")),
                origin));
        List<JsonNode> entries = entries();
        assertEquals(
                "{\"size\":2,\"mimeType\":\"\",\"text\":\"Af8=\",\"encoding\":\"base64\"}",
                entries.get(0).get("response").get("content").toString());
        assertEquals(
                "{\"mimeType\":\"application/octet-stream\",\"text\":\"AAE=\",\"_encoding\":\"base64\"}",
                entries.get(0).get("request").get("postData").toString());
        assertEquals(
                30, entries.get(1).get("response").get("content").get("size").asInt());
        assertFalse(entries.get(1).get("response").get("content").has("text"));
        assertEquals(
                "", entries.get(1).get("request").get("postData").get("text").asString());
    }

    @Test
    void entriesAreInTheOrderTheyBeganAndTheOldestGo() {
        Origin origin = Origin.answering(200, "x");
        ClientResponse first = recorder.handle(Origin.get("http://h/0"), origin);
        Origin.read(recorder.handle(Origin.get("http://h/1"), origin));
        assertEquals(1, recorder.size(), "what has not ended is not there");
        Origin.read(first);
        List<JsonNode> entries = entries();
        assertTrue(entries.get(0).get("request").get("url").asString().endsWith("/0"));
        assertTrue(entries.get(1).get("request").get("url").asString().endsWith("/1"));
        for (int i = 2; i < 6; i++) {
            Origin.read(recorder.handle(Origin.get("http://h/" + i), origin));
        }
        assertEquals(3, recorder.size());
        assertTrue(entries().getFirst().get("request").get("url").asString().endsWith("/3"));
    }

    @Test
    void anAnswerWithoutABodyNeedsNoReading() {
        ClientResponse open = recorder.handle(Origin.get("http://h/").withMethod("HEAD"), Origin.answering(200, ""));
        assertEquals(1, recorder.size());
        open.close();
    }

    @Test
    void aHarIsReplayed() throws Exception {
        Origin origin = new Origin(null);
        byte[] binary = {0, 1, 2, (byte) 0xff};
        origin.will(request -> origin.respond(
                request,
                200,
                Headers.builder().add("X-A", "1").add("X-A", "2").build(),
                new Pieces(request, binary, 3, -1)));
        Origin.read(recorder.handle(Origin.get("http://h/bin?x=1"), origin));
        origin.will(404, "\u00e4", "Content-Type", "text/plain; charset=utf-8");
        ClientRequest post = Origin.get("http://h/post").withMethod("POST").withBody(Body.of("question"));
        Origin.read(recorder.handle(post, origin));
        Path file = directory.resolve("deep/er/a.har");
        recorder.write(file).await();

        Replay replay = Replay.fromHar(file).await();
        assertEquals(2, replay.size());
        try (ClientResponse response = replay.handle(post, origin)) {
            assertEquals(404, response.status());
            assertEquals("\u00e4", response.text().await());
        }
        assertThrows(ReplayException.class, () -> replay.handle(post.withBody(Body.of("another")), origin));
        try (ClientResponse response = replay.handle(Origin.get("http://h/bin?x=1"), origin)) {
            assertArrayEquals(binary, response.bytes().await());
            assertEquals(List.of("1", "2"), response.headers().all("x-a"));
        }
        try (var files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList());
        }
    }

    /** What browsers write beside what the specification has. */
    @Test
    void aHarOfABrowserIsReplayed() throws Exception {
        String har = """
                {"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [], "entries": [
                  {"request": {"method": "GET", "url": "wss://h/socket"}, "response": {"status": 101}},
                  {"request": {"method": "GET", "url": "http://h/aborted"}, "response": {"status": 0}},
                  {"_resourceType": "xhr", "request": {"method": "POST", "url": "http://h/form",
                      "headers": [{"name": ":authority", "value": "h"}],
                      "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "1"}]}},
                   "response": {"status": 200, "statusText": "", "headers": [
                      {"name": ":status", "value": "200"}, {"name": "Set-Cookie", "value": "a=1\\nb=2"}],
                    "content": {"size": 1, "mimeType": "text/plain; charset=\\"ISO-8859-1\\"", "text": "\u00e4"}}},
                  {"request": {"method": "GET", "url": "http://h/empty", "headers": []},
                   "response": {"status": 204, "headers": [], "content": {}}}
                ]}}
                """;
        Path file = directory.resolve("browser.har");
        Files.writeString(file, har);
        Replay replay = Replay.fromHar(file).await();
        assertEquals(2, replay.size());
        ClientRequest form = Origin.get("http://h/form").withMethod("POST").withBody(Body.of("a=1"));
        try (ClientResponse response = replay.handle(form, Origin.answering(500, ""))) {
            assertArrayEquals(
                    "\u00e4".getBytes(StandardCharsets.ISO_8859_1),
                    response.bytes().await());
            assertEquals(List.of("a=1", "b=2"), response.headers().all("Set-Cookie"));
        }
        assertEquals("", Origin.read(replay.handle(Origin.get("http://h/empty"), Origin.answering(500, ""))));
    }

    @Test
    void mistakesAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> HarRecorder.builder().maxBodySize(-1));
        assertThrows(IllegalArgumentException.class, () -> HarRecorder.builder().maxEntries(0));
    }
}
