package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.PayloadException;
import dev.weft.http.middleware.Cache;
import dev.weft.http.middleware.Cache.Status;
import dev.weft.http.middleware.CacheStats;
import dev.weft.http.middleware.CacheStore;
import dev.weft.http.middleware.CurlCommand;
import dev.weft.http.middleware.Faults;
import dev.weft.http.middleware.HarRecorder;
import dev.weft.http.middleware.Recorder;
import dev.weft.http.middleware.Replay;
import dev.weft.http.middleware.ReplayException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cache, recordings and faults in the rings of a real session, with real connections. */
@OverBoth
class ToolsTest {
    @TempDir
    Path directory;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private Cache cache() {
        return Cache.builder(CacheStore.memory(1 << 20)).clock(() -> now).build();
    }

    private RawServer serving(Function<String, byte[]> answers) throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                peer.send(answers.apply(request));
            }
        });
    }

    private static byte[] answer(String status, String body, String... headers) {
        return answer(status, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static byte[] answer(String status, byte[] body, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (!status.startsWith("304")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    private static byte[] gzip(String text) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static String get(ClientSession session, String url, Status expected) {
        try (ClientResponse response = session.get(url).await()) {
            assertEquals(expected, Cache.status(response), url);
            return response.text().await();
        }
    }

    @Test
    void aCompressedAnswerIsStoredDecodedAndValidated() throws Exception {
        String text = "hello ".repeat(1000);
        byte[] coded = gzip(text);
        Cache cache = cache();
        try (RawServer server = serving(request -> request.contains("If-None-Match: \"a\"")
                ? answer("304 Not Modified", "", "ETag: \"a\"", "Cache-Control: max-age=60")
                : answer(
                        "200 OK",
                        coded,
                        "ETag: \"a\"",
                        "Content-Encoding: gzip",
                        "Cache-Control: max-age=60",
                        "Vary: Accept-Encoding"))) {
            Client.run(ClientSession.builder().middleware(cache), session -> {
                assertEquals(text, get(session, server.url("/"), Status.MISS));
                assertEquals(text, get(session, server.url("/"), Status.HIT));
                now = now.plusSeconds(61);
                assertEquals(text, get(session, server.url("/"), Status.REVALIDATED));
                assertEquals(text, get(session, server.url("/"), Status.HIT));
                assertEquals(1, session.stats().idle(), "the connection of the 304 was given back");
                try (ClientResponse raw =
                        session.get(server.url("/")).autoDecompress(false).await()) {
                    assertEquals(Status.MISS, Cache.status(raw));
                    assertEquals(coded.length, raw.bytes().await().length);
                }
                try (ClientResponse hit = session.get(server.url("/")).await()) {
                    assertEquals("gzip", hit.headers().first("Content-Encoding"));
                    assertNull(hit.remoteAddress());
                }
            });
            assertEquals(1, server.connections());
        }
        assertEquals(3, requests.size());
        assertEquals(new CacheStats(3, 2, 1, 0, 0, 3, 0), cache.stats());
    }

    @Test
    void aBodyThatIsGivenUpIsNotStoredAndLeavesNothing() throws Exception {
        Cache cache = cache();
        try (RawServer server =
                serving(request -> answer("200 OK", "x".repeat(1 << 20), "Cache-Control: max-age=60"))) {
            Client.run(ClientSession.builder().middleware(cache), session -> {
                for (int i = 0; i < 3; i++) {
                    try (ClientResponse response = session.get(server.url("/")).await()) {
                        assertEquals(Status.MISS, Cache.status(response));
                        assertTrue(response.content().read().await().hasRemaining());
                    }
                }
                assertEquals(0, cache.usage().await().entries());
            });
        }
    }

    /** In the exchange ring each hop is an answer of its own, and the cookies of the jar are seen. */
    @Test
    void theExchangeRingStoresEachHop() throws Exception {
        Cache cache = cache();
        try (RawServer server = serving(request -> request.startsWith("GET /a ")
                ? answer("301 Moved", "", "Location: /b", "Cache-Control: max-age=60", "Set-Cookie: id=1")
                : answer(
                        "200 OK",
                        request.contains("id=2") ? "two" : "one",
                        "Cache-Control: max-age=60",
                        "Vary: Cookie"))) {
            Client.run(ClientSession.builder().exchangeMiddleware(cache), session -> {
                assertEquals("one", get(session, server.url("/a"), Status.MISS));
                assertEquals("one", get(session, server.url("/a"), Status.HIT));
                assertEquals(2, requests.size());
                try (ClientResponse response =
                        session.get(server.url("/a")).cookie("id", "2").await()) {
                    assertEquals("two", response.text().await());
                    assertEquals(Status.MISS, Cache.status(response));
                    assertEquals(Status.HIT, Cache.status(response.history().getFirst()));
                }
                assertEquals(3, requests.size());
            });
        }
    }

    @Test
    void revalidationInTheBackgroundInBothRings() throws Exception {
        for (boolean call : new boolean[] {true, false}) {
            requests.clear();
            Cache cache = cache();
            try (RawServer server = serving(request -> answer(
                    "200 OK", "answer " + requests.size(), "Cache-Control: max-age=60, stale-while-revalidate=60"))) {
                ClientSession.Builder settings = ClientSession.builder();
                Client.run(call ? settings.middleware(cache) : settings.exchangeMiddleware(cache), session -> {
                    assertEquals("answer 1", get(session, server.url("/"), Status.MISS));
                    now = now.plusSeconds(70);
                    assertEquals("answer 1", get(session, server.url("/"), Status.STALE));
                    cache.settled().await();
                    assertEquals("answer 2", get(session, server.url("/"), Status.HIT));
                    now = now.plusSeconds(70);
                    assertEquals("answer 2", get(session, server.url("/"), Status.STALE));
                    // The session is closed while it is revalidated: the work ends, quietly.
                });
            }
        }
    }

    @Test
    void aHarOfARealSession() throws Exception {
        HarRecorder recorder = HarRecorder.create();
        try (RawServer server = serving(request -> request.startsWith("POST /a ")
                ? answer("303 See Other", "", "Location: /b")
                : answer("200 OK", "done", "Content-Type: text/plain"))) {
            Client.run(ClientSession.builder().exchangeMiddleware(recorder), session -> {
                assertEquals(
                        "done",
                        session.post(server.url("/a")).body("question").text().await());
                Path file = directory.resolve("a.har");
                recorder.write(file).await();
                JsonNode entries = JsonMapper.builder()
                        .build()
                        .readTree(file.toFile())
                        .get("log")
                        .get("entries");
                assertEquals(2, entries.size());
                JsonNode first = entries.get(0);
                assertEquals("POST", first.get("request").get("method").asString());
                assertEquals(
                        "question",
                        first.get("request").get("postData").get("text").asString());
                assertTrue(first.get("request").get("headers").toString().contains("User-Agent"));
                assertEquals("/b", first.get("response").get("redirectURL").asString());
                assertEquals("127.0.0.1", first.get("serverIPAddress").asString());
                assertTrue(first.get("timings").get("connect").asDouble() > 0, first.toString());
                assertEquals("GET", entries.get(1).get("request").get("method").asString());
                assertEquals(
                        "done",
                        entries.get(1)
                                .get("response")
                                .get("content")
                                .get("text")
                                .asString());
                assertTrue(entries.get(1).get("timings").get("wait").asDouble() > 0, entries.toString());

                Replay replay = Replay.fromHar(file).await();
                // In the exchange ring, redirects are followed from what is replayed.
                try (ClientResponse response = session.post(server.url("/a"))
                        .body("question")
                        .exchangeMiddleware(replay)
                        .await()) {
                    assertEquals("done", response.text().await());
                    assertEquals(1, response.history().size());
                }
            });
        }
        assertEquals(2, requests.size());
    }

    @Test
    void recordedOnceThenReplayedWithoutAServer() throws Exception {
        Path file = directory.resolve("tape.json");
        String[] url = new String[1];
        try (RawServer server = serving(request -> answer("200 OK", "from " + request.split(" ")[1]))) {
            url[0] = server.url("/x");
            Client.run(session -> {
                Recorder recorder = Recorder.missing(file).await();
                assertEquals(
                        "from /x",
                        session.get(url[0]).middleware(recorder).text().await());
                recorder.write(file).await();
            });
        }
        Client.run(session -> {
            Replay replay = Replay.from(file).await();
            assertEquals(
                    "from /x", session.get(url[0]).middleware(replay).text().await());
            assertThrows(
                    ReplayException.class,
                    () -> session.get(url[0]).middleware(replay).text().await());
            assertEquals(0, session.stats().idle());
        });
    }

    @Test
    void aBodyThatIsCutReleasesItsConnection() throws Exception {
        try (RawServer server = serving(request -> answer("200 OK", "x".repeat(1 << 20)))) {
            Client.run(ClientSession.builder().middleware(Faults.cutBody(1000).first(1)), session -> {
                PayloadException cut = assertThrows(
                        PayloadException.class,
                        () -> session.get(server.url("/")).bytes().await());
                assertEquals(1000, cut.received());
                Client.until(() -> session.stats().acquired() == 0);
                assertEquals(1 << 20, session.get(server.url("/")).bytes().await().length);
            });
        }
    }

    @Test
    void aRequestThatWasSentAsACurlCommand() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                try (ClientResponse response =
                        session.post(server.url("/a")).body(Body.of("hi")).await()) {
                    String command = CurlCommand.of(response.request());
                    assertTrue(
                            command.matches(
                                    "curl( --http2-prior-knowledge)? --header 'Accept: \\*/\\*' --header 'Accept-Encoding: .*'"
                                            + " --header '?User-Agent:.* --header 'Content-Type: text/plain; charset=utf-8'"
                                            + " --compressed --data-raw hi http://127.0.0.1:\\d+/a"),
                            command);
                    for (ByteBuffer piece : response.content()) {
                        piece.clear();
                    }
                }
            });
        }
    }

    /** Of many requests at once each has its own way past the cache. */
    @Test
    void manyAtOnce() throws Exception {
        Cache cache = cache();
        try (RawServer server =
                serving(request -> answer("200 OK", request.split(" ")[1], "Cache-Control: max-age=60"))) {
            Client.run(ClientSession.builder().middleware(cache).timeout(Duration.ofSeconds(25)), session -> {
                for (int round = 0; round < 2; round++) {
                    List<Integer> numbers =
                            java.util.stream.IntStream.range(0, 200).boxed().toList();
                    dev.weft.loop.Asyncio.gather(numbers, number -> {
                                String path = "/" + number % 20;
                                assertEquals(
                                        path,
                                        session.get(server.url(path)).text().await());
                                return null;
                            })
                            .await();
                }
            });
        }
        CacheStats stats = cache.stats();
        assertEquals(400, stats.hits() + stats.misses());
        assertTrue(stats.hits() >= 200, stats.toString());
    }
}
