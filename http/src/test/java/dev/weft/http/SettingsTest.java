package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientResponseException;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.ContentTypeException;
import dev.weft.http.message.DecodeException;
import dev.weft.http.message.FirstByteTimeoutException;
import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.http.message.LowSpeedException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.loop.Asyncio;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be set for a session or a request, and what responses tell. */
@OverBoth
class SettingsTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private RawServer recording(String answer) throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                peer.send(answer);
            }
        });
    }

    private static String answer(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " Why\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @CsvSource({"x, /api/x", "/x, /x", "'', /api/", "../y?z, /y?z", "//HOST/w, /w"})
    void baseUrl(String url, String target) throws Exception {
        try (RawServer server = recording(RawServer.OK)) {
            Client.run(
                    ClientSession.builder().baseUrl(server.url("/api/")),
                    session -> session.get(url.replace("HOST", "127.0.0.1:" + server.port()))
                            .text()
                            .await());
        }
        assertTrue(requests.getFirst().startsWith("GET " + target + " HTTP"), requests.getFirst());
    }

    @Test
    void baseUrlsThatAreNone() {
        assertThrows(
                IllegalArgumentException.class, () -> ClientSession.builder().baseUrl("http://h/api"));
        assertThrows(
                IllegalArgumentException.class, () -> ClientSession.builder().baseUrl("http://h/?q"));
        assertThrows(InvalidUrlException.class, () -> ClientSession.builder().baseUrl("/api/"));
    }

    @Test
    void nothingButTheHost() throws Exception {
        try (RawServer server = recording(RawServer.OK)) {
            Client.run(
                    ClientSession.builder().skipAutoHeaders("user-agent", "Accept", "ACCEPT-ENCODING", "Content-Type"),
                    session -> {
                        session.get(server.url("/")).text().await();
                        session.post(server.url("/")).body("a").text().await();
                    });
            assertEquals("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n\r\n", requests.get(0));
            assertEquals(
                    "POST / HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\nContent-Length: 1\r\n\r\na",
                    requests.get(1));
        }
    }

    @Test
    void forceClose() throws Exception {
        try (RawServer server = recording(RawServer.OK)) {
            Client.run(ClientSession.builder().forceClose(true), session -> {
                session.get(server.url("/")).text().await();
                assertEquals(0, session.stats().idle());
                session.get(server.url("/")).forceClose(false).text().await();
                assertEquals(1, session.stats().idle());
            });
        }
        assertEquals(!Spoken.isHttp2(), requests.getFirst().contains("Connection: close\r\n"));
        assertFalse(requests.getLast().contains("Connection:"));
    }

    // ---- raise for status

    @Test
    void aFailureKeepsTheStartOfTheBody() throws Exception {
        String body = "no such thing: " + "x".repeat(10_000);
        try (RawServer server = recording(answer(404, "Content-Type: text/plain\r\nX: y\r\n", body))) {
            Client.run(ClientSession.builder().raiseForStatus(true), session -> {
                ClientResponseException failure = assertThrows(
                        ClientResponseException.class,
                        () -> session.get(server.url("/p")).await());
                assertEquals(404, failure.status());
                assertEquals("y", failure.headers().first("X"));
                assertEquals(4096, failure.body().length);
                assertEquals(body.substring(0, 4096), failure.bodyText());
                assertTrue(
                        failure.getMessage()
                                .contains("status 404" + (Spoken.isHttp2() ? "" : " Why") + ": no such thing"),
                        failure.getMessage());
                try (ClientResponse response =
                        session.get(server.url("/")).raiseForStatus(false).await()) {
                    assertEquals(404, response.status());
                    assertFalse(response.ok());
                    assertThrows(ClientResponseException.class, response::raiseForStatus);
                }
                assertThrows(
                        ClientResponseException.class,
                        () -> session.get(server.url("/"))
                                .raiseForStatus(response -> response.headers().contains("x"))
                                .await());
            });
        }
        try (RawServer server = recording(RawServer.OK)) {
            Client.run(ClientSession.builder().raiseForStatus(true), session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals("ok", response.raiseForStatus().text().await());
                }
            });
        }
    }

    @Test
    void aFailureWithoutABodyOrWithABrokenOneIsStillThatFailure() throws Exception {
        for (String broken : List.of(
                "HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 500 \r\nContent-Length: 100\r\n\r\nabc",
                "HTTP/1.1 500 \r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")) {
            try (RawServer server = RawServer.once(broken)) {
                Client.run(session -> {
                    ClientResponseException failure = assertThrows(
                            ClientResponseException.class,
                            () -> session.get(server.url("/"))
                                    .raiseForStatus(true)
                                    .await());
                    assertTrue(
                            failure.getMessage().endsWith(broken.contains("100") ? "status 500: abc" : "status 500"),
                            failure.getMessage());
                });
            }
        }
    }

    // ---- limits

    @Test
    void headerLimitsOfARequest() throws Exception {
        try (RawServer server = recording(answer(200, "X-Large: " + "a".repeat(1000) + "\r\nB: c\r\n", "ok"))) {
            Client.run(session -> {
                for (int i = 0; i < 2; i++) {
                    session.get(server.url("/")).text().await();
                    ProtocolException large = assertThrows(
                            ProtocolException.class,
                            () -> session.get(server.url("/"))
                                    .headerLimits(HeaderLimits.DEFAULT.withFieldBytes(1000))
                                    .await());
                    assertTrue(
                            large.getMessage().contains(Spoken.isHttp2() ? "x-large" : "X-Large"), large.getMessage());
                    ProtocolException many = assertThrows(
                            ProtocolException.class,
                            () -> session.get(server.url("/"))
                                    .headerLimits(HeaderLimits.DEFAULT.withFields(2))
                                    .await());
                    assertTrue(many.getMessage().contains("more than 2 header fields"), many.getMessage());
                    session.get(server.url("/"))
                            .headerLimits(HeaderLimits.DEFAULT.withFields(3))
                            .text()
                            .await();
                }
                assertEquals(1, session.stats().idle());
            });
        }
    }

    @Test
    void noHeadInTime() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\n");
            Client.hold(done);
        })) {
            Client.run(session -> {
                assertThrows(
                        FirstByteTimeoutException.class,
                        () -> session.get(server.url("/"))
                                .timeout(ClientTimeout.builder()
                                        .firstByte(Duration.ofMillis(50))
                                        .build())
                                .await());
                done.countDown();
            });
        }
    }

    @Test
    void aBodyThatComesTooSlowly() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(50_000));
            Client.hold(done);
        })) {
            Client.run(session -> {
                ClientTimeout limits = ClientTimeout.builder()
                        .lowSpeed(10_000, Duration.ofMillis(100))
                        .build();
                LowSpeedException slow = assertThrows(
                        LowSpeedException.class,
                        () -> session.get(server.url("/"))
                                .timeout(limits)
                                .text()
                                .await());
                assertEquals(10_000, slow.bytesPerSecond());
                done.countDown();
            });
        }
    }

    @Test
    void aReadTimeoutSaysHowFarItCame() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            Client.hold(done);
        })) {
            Client.run(session -> {
                ReadTimeoutException silent = assertThrows(
                        ReadTimeoutException.class,
                        () -> session.get(server.url("/"))
                                .timeout(ClientTimeout.builder()
                                        .read(Duration.ofMillis(50))
                                        .build())
                                .text()
                                .await());
                assertEquals(3, silent.bytesReceived());
                done.countDown();
            });
        }
    }

    /** The scope of the task ends a request as it ends everything else, with its own exception. */
    @Test
    void theDeadlineOfTheScopeHolds() throws Exception {
        try (RawServer server = RawServer.start(RawServer.Peer::awaitEnd)) {
            Client.run(session -> assertThrows(
                    dev.weft.loop.TimeoutException.class,
                    () -> Asyncio.timeout(
                            Duration.ofMillis(50),
                            () -> session.get(server.url("/")).text().await())));
        }
    }

    // ---- what responses tell

    @Test
    void interimAnswersAndTrailers() throws Exception {
        String answer = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\nX-Sum: 2\r\n\r\n";
        try (RawServer server = recording(answer)) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals(1, response.earlyHints().size());
                    assertEquals(
                            "</a.css>",
                            response.earlyHints().getFirst().headers().first("Link"));
                    assertEquals("ok", response.text().await());
                    assertEquals(List.of("1", "2"), response.trailers().all("x-sum"));
                    assertEquals(1, response.attempts());
                    assertNotNull(response.remoteAddress());
                    assertNotNull(response.timings().connect());
                    assertNotNull(response.timings().firstByte());
                    assertFalse(response.elapsed().isZero());
                    Duration first = response.elapsed();
                    assertEquals(first, response.elapsed(), "the time stands still once the body is whole");
                }
            });
        }
    }

    @Test
    void charsets() throws Exception {
        byte[] latin1 = {(byte) 0xe9};
        String e9 = new String(latin1, StandardCharsets.ISO_8859_1);
        try (RawServer server = recording(answer(200, "", e9))) {
            Client.run(session -> {
                String url = server.url("/");
                assertEquals("\ufffd", session.get(url).text().await());
                assertEquals(
                        "é",
                        session.get(url)
                                .charsetResolver((response, bytes) -> StandardCharsets.ISO_8859_1)
                                .text()
                                .await());
                try (ClientResponse response = session.get(url).await()) {
                    assertEquals("é", response.text(StandardCharsets.ISO_8859_1).await());
                    assertThrows(
                            DecodeException.class, () -> response.textStrict().await());
                }
            });
        }
    }

    @Test
    void json() throws Exception {
        Type list = new ParameterizedType() {
            @Override
            public Type[] getActualTypeArguments() {
                return new Type[] {Integer.class};
            }

            @Override
            public Type getRawType() {
                return List.class;
            }

            @Override
            public Type getOwnerType() {
                return null;
            }
        };
        try (RawServer server = recording(answer(200, "Content-Type: text/plain\r\n", "[1,2]"))) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals(List.of(1, 2), response.json(list).await());
                    ContentTypeException strict = assertThrows(
                            ContentTypeException.class,
                            () -> response.jsonStrict(List.class).await());
                    assertEquals("text/plain", strict.contentType());
                }
            });
        }
        for (String type : List.of("application/json", "application/a+json; charset=utf-8")) {
            try (RawServer server = recording(answer(200, "Content-Type: " + type + "\r\n", "[1]"))) {
                Client.run(session -> {
                    try (ClientResponse response = session.get(server.url("/")).await()) {
                        assertEquals(List.of(1), response.jsonStrict(List.class).await());
                    }
                });
            }
        }
    }

    @Test
    void rawBodies() throws Exception {
        try (RawServer server = recording(answer(200, "Content-Encoding: gzip\r\n", "raw"))) {
            Client.run(ClientSession.builder().autoDecompress(false), session -> {
                assertEquals("raw", session.get(server.url("/")).text().await());
                assertThrows(
                        DecodeException.class,
                        () -> session.get(server.url("/"))
                                .autoDecompress(true)
                                .text()
                                .await());
            });
        }
        assertFalse(requests.get(0).contains("Accept-Encoding"));
        assertTrue(requests.get(1).contains("Accept-Encoding"));
    }
}
