package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.RequestBuilder;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.ClientResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as they stand in frames: RFC 9113 sections 8.1 to 8.3. What holds for each of them {@link H2Referee} checks. */
class H2RequestTest {
    private final List<H2Request> requests = new CopyOnWriteArrayList<>();
    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();

    private H2Peer.Script recording() {
        return peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                bodies.add(request.endStream() ? new byte[0] : peer.upload(request.streamId()));
                peer.answer(request.streamId(), "ok");
            }
        };
    }

    /** Sends one request and gives its head as it came to the server. */
    private H2Request sent(BiFunction<ClientSession, String, RequestBuilder> request) throws Exception {
        try (H2Server server = H2Server.start(recording())) {
            Client.run(
                    H2Server.client(),
                    session -> assertEquals("200 \"ok\"", Outcomes.exchange(request.apply(session, server.url("")))));
        }
        return requests.getFirst();
    }

    @Test
    void pseudoHeaderFieldsAndOthers() throws Exception {
        H2Request request = sent((session, url) -> session.get(url + "/a%20b?q=1#part")
                .skipAutoHeaders("Accept", "Accept-Encoding", "User-Agent")
                .header("X-Custom", "Some Value"));
        String authority = request.value(":authority");
        assertTrue(authority.matches("127\\.0\\.0\\.1:\\d+"), authority);
        // Their order among each other is the client's to choose.
        assertEquals(
                Set.of(":method: GET", ":scheme: http", ":authority: " + authority, ":path: /a%20b?q=1"),
                Set.copyOf(request.fields().subList(0, 4)));
        assertEquals(
                List.of("x-custom: Some Value"),
                request.fields().subList(4, request.fields().size()));
        assertTrue(request.endStream());
    }

    @Test
    void overTls() throws Exception {
        try (H2Server server = H2Server.startTls(recording())) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse response = session.get(server.url("")).await()) {
                    assertEquals("HTTP/2", response.version());
                    assertEquals("ok", response.text().await());
                }
            });
        }
        assertEquals("https", requests.getFirst().value(":scheme"));
        assertEquals("/", requests.getFirst().path());
    }

    /** What names the connection has no place here, and what names the host has another. */
    private record Own(String name, String value, String expected) {
        @Override
        public String toString() {
            return name + ": " + value;
        }
    }

    static Stream<Own> ofTheConnection() {
        return Stream.of(
                new Own("Connection", "close", null),
                new Own("Connection", "keep-alive", null),
                new Own("Keep-Alive", "timeout=5", null),
                new Own("Proxy-Connection", "keep-alive", null),
                new Own("TE", "gzip", null),
                new Own("TE", "trailers", "te: trailers"),
                new Own("Host", "other.example", ":authority: other.example"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofTheConnection")
    void fieldsOfTheConnection(Own own) throws Exception {
        List<String> fields = sent((session, url) -> session.get(url + "/").header(own.name, own.value))
                .fields();
        if (own.expected == null) {
            String name = own.name.toLowerCase(java.util.Locale.ROOT);
            assertTrue(fields.stream().noneMatch(field -> field.startsWith(name + ":")), fields.toString());
        } else {
            assertTrue(fields.contains(own.expected), fields.toString());
        }
    }

    /** RFC 9218 section 4. */
    @Test
    void priority() throws Exception {
        H2Request request = sent((session, url) -> session.get(url + "/").priority(2, true));
        assertEquals("u=2, i", request.value("priority"));
    }

    @Test
    void credentialsInTheUrlAreNoAuthority() throws Exception {
        H2Request request = sent((session, url) -> session.get(url.replace("//", "//user:secret@") + "/"));
        assertFalse(request.value(":authority").contains("@"), request.toString());
        assertTrue(request.value("authorization").startsWith("Basic "), request.toString());
    }

    /** One field or several, as the sender likes: section 8.2.3. */
    @Test
    void cookies() throws Exception {
        H2Request request =
                sent((session, url) -> session.get(url + "/").cookie("a", "1").cookie("b", "2"));
        List<String> crumbs = request.fields().stream()
                .filter(field -> field.startsWith("cookie: "))
                .map(field -> field.substring("cookie: ".length()))
                .toList();
        assertEquals("a=1; b=2", String.join("; ", crumbs));
    }

    @Test
    void bodies() throws Exception {
        byte[] large = new byte[300_000];
        new java.util.Random(5).nextBytes(large);
        try (H2Server server = H2Server.start(recording())) {
            Client.run(H2Server.client(), session -> {
                session.post(server.url("/")).body("hello").text().await();
                session.post(server.url("/")).text().await();
                session.put(server.url("/")).body(large).text().await();
                session.post(server.url("/"))
                        .body(List.of(large, new byte[0], large))
                        .text()
                        .await();
                session.post(server.url("/")).body("hello").chunked(true).text().await();
                session.post(server.url("/")).body("").text().await();
            });
            assertEquals(1, server.connections());
        }
        assertEquals(
                java.util.Arrays.asList("5", "0", "300000", null, null, "0"),
                requests.stream()
                        .map(request -> request.value("content-length"))
                        .toList());
        assertEquals("hello", new String(bodies.get(0), StandardCharsets.UTF_8));
        assertTrue(requests.get(1).endStream());
        assertArrayEquals(large, bodies.get(2));
        assertEquals(600_000, bodies.get(3).length);
        assertEquals("hello", new String(bodies.get(4), StandardCharsets.UTF_8));
        assertEquals(0, bodies.get(5).length);
    }

    /** A head that is larger than one frame. */
    @Test
    void aLargeHead() throws Exception {
        String value = "v".repeat(30_000);
        H2Request request = sent((session, url) ->
                session.get(url + "/").header("X-Large", value).header("X-Larger", value + value));
        assertEquals(value, request.value("x-large"));
        assertEquals(value + value, request.value("x-larger"));
    }

    /** Section 10.1.1 of RFC 9110. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void continueIsWaitedFor(boolean tls) throws Exception {
        H2Peer.Script script = peer -> {
            H2Request request = peer.request();
            requests.add(request);
            // All that came before the PING is answered came before the body was asked for.
            peer.send(H2Frame.ping(0, 7));
            peer.next(H2Frame.PING, 0);
            assertTrue(peer.frames().stream().noneMatch(frame -> frame.type() == H2Frame.DATA));
            peer.send(H2Frame.headers(request.streamId(), 0, H2Block.status("100")));
            bodies.add(peer.upload(request.streamId()));
            peer.answer(request.streamId(), "ok");
            peer.awaitEnd();
        };
        try (H2Server server = tls ? H2Server.startTls(script) : H2Server.start(script)) {
            Client.run(
                    H2Server.client(),
                    session -> assertEquals(
                            "200 \"ok\"",
                            Outcomes.exchange(session.post(server.url("/"))
                                    .body("hello")
                                    .expectContinue(Duration.ofSeconds(20)))));
        }
        assertEquals("100-continue", requests.getFirst().value("expect"));
        assertEquals("hello", new String(bodies.getFirst(), StandardCharsets.UTF_8));
    }

    /** The stream is over then, and the connection is not. */
    @Test
    void anAnswerInsteadOfContinue() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int refused = peer.request().streamId();
            peer.send(H2Frame.headers(refused, H2Frame.END_STREAM, H2Block.status("417")));
            peer.next(H2Frame.RST_STREAM, refused);
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                assertEquals(
                        "417 \"\"",
                        Outcomes.exchange(session.post(server.url("/"))
                                .body("never sent")
                                .expectContinue(Duration.ofSeconds(20))));
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(1, server.connections());
            });
            assertTrue(server.peer(1).frames().stream().noneMatch(frame -> frame.type() == H2Frame.DATA));
        }
    }

    /** It is the connection that is shared, and closed. */
    @Test
    void forceClose() throws Exception {
        try (H2Server server = H2Server.start(recording())) {
            Client.run(H2Server.client(), session -> {
                session.get(server.url("/")).forceClose(true).text().await();
                assertEquals(0, session.stats().idle());
                Client.until(() -> server.peer(1).hasEnded());
            });
        }
        assertNull(requests.getFirst().value("connection"));
    }
}
