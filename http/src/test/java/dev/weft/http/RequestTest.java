package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.loop.Asyncio;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** What goes over the wire, and what is refused before anything does. */
@OverBoth
class RequestTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private RawServer recording() throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request.replace("127.0.0.1:" + peer.socket.getLocalPort(), "HOST"));
                boolean head = request.startsWith("HEAD");
                peer.send(head ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" : RawServer.OK);
            }
        });
    }

    private static final String AUTO =
            "Accept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nUser-Agent: weft/VERSION\r\n";

    private void assertSent(String... expected) {
        List<String> shown = requests.stream()
                .map(request -> request.replaceAll("User-Agent: weft/[^\r]+", "User-Agent: weft/VERSION"))
                .toList();
        assertEquals(List.of(expected), shown);
    }

    @Test
    void automaticHeaders() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> session.get(server.url("/a?b=c#d")).text().await());
        }
        assertSent("GET /a?b=c HTTP/1.1\r\nHost: HOST\r\n" + AUTO + "\r\n");
        assertTrue(requests.getFirst().contains("User-Agent: weft/"));
    }

    @Test
    @OverBoth.Http1Only("names are in lower case there")
    void headersOfRequestAndSession() throws Exception {
        try (RawServer server = recording()) {
            ClientSession.Builder settings = ClientSession.builder()
                    .header("X-S", "s")
                    .header("X-Both", "s")
                    .header("User-Agent", "me");
            Client.run(
                    settings,
                    session -> session.get(server.url("/"))
                            .header("x-both", 1)
                            .header("X-Both", 2)
                            .header("accept", "text/html")
                            .header("Accept-Encoding", "identity")
                            .header("Host", "example.com")
                            .text()
                            .await());
        }
        assertSent("GET / HTTP/1.1\r\nHost: example.com\r\nX-S: s\r\nUser-Agent: me\r\nx-both: 1\r\nX-Both: 2\r\n"
                + "accept: text/html\r\nAccept-Encoding: identity\r\n\r\n");
    }

    @Test
    void nonAsciiHeadersAreUtf8() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session ->
                    session.get(server.url("/")).header("X", "é").text().await());
        }
        String utf8 = new String("é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertSent("GET / HTTP/1.1\r\nHost: HOST\r\nX: " + utf8 + "\r\n" + AUTO + "\r\n");
    }

    @Test
    void bodies() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> {
                session.post(server.url("/")).body("é").text().await();
                session.put(server.url("/")).body(new byte[] {1, 2}).text().await();
                session.patch(server.url("/"))
                        .json(Map.of("a", List.of(1, "é")))
                        .text()
                        .await();
                session.post(server.url("/"))
                        .json((Object) null)
                        .header("Content-Type", "a/b")
                        .text()
                        .await();
                session.post(server.url("/"))
                        .body(Body.of(new byte[0], null))
                        .header("content-length", 0)
                        .text()
                        .await();
            });
        }
        String post = " / HTTP/1.1\r\nHost: HOST\r\n" + AUTO;
        assertSent(
                "POST" + post + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\n\u00c3\u00a9",
                "PUT" + post + "Content-Type: application/octet-stream\r\nContent-Length: 2\r\n\r\n\u0001\u0002",
                "PATCH" + post
                        + "Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"a\":[1,\"\u00c3\u00a9\"]}",
                "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Type: a/b\r\n" + AUTO + "Content-Length: 4\r\n\r\nnull",
                "POST" + post + "Content-Length: 0\r\n\r\n");
    }

    @Test
    void methodsWithoutBody() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> {
                session.post(server.url("/")).text().await();
                session.put(URI.create(server.url("/"))).text().await();
                session.patch(server.url("/")).text().await();
                session.delete(server.url("/")).text().await();
                session.options(server.url("/")).text().await();
                session.request("purge", server.url("/")).text().await();
                assertEquals("", session.head(server.url("/")).text().await());
                assertEquals(1, session.stats().idle());
            });
            assertEquals(1, server.connections());
        }
        String rest = " / HTTP/1.1\r\nHost: HOST\r\n" + AUTO;
        assertSent(
                "POST" + rest + "Content-Length: 0\r\n\r\n",
                "PUT" + rest + "Content-Length: 0\r\n\r\n",
                "PATCH" + rest + "Content-Length: 0\r\n\r\n",
                "DELETE" + rest + "Content-Length: 0\r\n\r\n",
                "OPTIONS" + rest + "\r\n",
                "PURGE" + rest + "\r\n",
                "HEAD" + rest + "\r\n");
    }

    @Test
    void userInfoBecomesBasicAuthorization() throws Exception {
        try (RawServer server = recording()) {
            String url = server.url("/").replace("//", "//u%40x:p+%C3%A9@");
            Client.run(session -> {
                try (var response = session.get(url).await()) {
                    assertEquals(server.url("/"), response.url().toString());
                }
                session.get(url).header("Authorization", "mine").text().await();
            });
        }
        String basic = java.util.Base64.getEncoder().encodeToString("u@x:p+é".getBytes(StandardCharsets.UTF_8));
        assertSent(
                "GET / HTTP/1.1\r\nHost: HOST\r\nAuthorization: Basic " + basic + "\r\n" + AUTO + "\r\n",
                "GET / HTTP/1.1\r\nHost: HOST\r\nAuthorization: mine\r\n" + AUTO + "\r\n");
    }

    @Test
    void params() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> session.get(server.url("/p?sig=a%2Fb+c"))
                    .param("q", "a b&c")
                    .param("n", 7)
                    .param("yes", true)
                    .param("none", null)
                    .text()
                    .await());
        }
        assertTrue(requests.getFirst().startsWith("GET /p?sig=a%2Fb+c&q=a+b%26c&n=7&yes=true HTTP/1.1\r\n"));
    }

    @Test
    void refusedBeforeAnythingIsSent() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> {
                String url = server.url("/");
                List<RequestBuilder> framing = List.of(
                        session.post(url).body("abc").header("Content-Length", 2),
                        session.post(url).body("abc").header("Content-Length", 4),
                        session.post(url).body("abc").header("Content-Length", "3, 3"),
                        session.get(url).header("Content-Length", 1),
                        session.post(url).body("abc").header("Transfer-Encoding", "chunked"),
                        session.get(url).header("Connection", "upgrade"),
                        session.get(url).header("Host", ""),
                        session.get(url).header("Host", "a b"),
                        session.get(url).header("Host", "a").header("Host", "a"));
                for (RequestBuilder request : framing) {
                    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, request::await);
                    assertTrue(e.getMessage().contains("is refused"), e.getMessage());
                }
                assertThrows(
                        IllegalArgumentException.class, () -> session.get(url).header("A", "b\r\nEvil: 1"));
                assertThrows(
                        IllegalArgumentException.class, () -> session.get(url).header("A\r\n", "b"));
                assertThrows(IllegalArgumentException.class, () -> session.request("G ET", url));
                assertThrows(IllegalArgumentException.class, () -> session.request("GET\r\n", url));
                assertThrows(IllegalArgumentException.class, () -> session.request("CONNECT", url));
                assertThrows(InvalidUrlException.class, () -> session.get(url + "a\r\nEvil:%201"));
                assertThrows(InvalidUrlException.class, () -> session.get("ftp://example.com/"));
            });
            assertEquals(0, server.connections());
        }
    }

    @Test
    void isColdAndCanBeSentAgain() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> {
                RequestBuilder request = session.post(server.url("/")).body("again");
                var text = request.text();
                Asyncio.sleep(java.time.Duration.ZERO).await();
                assertEquals(0, requests.size());
                assertEquals("ok", text.await());
                assertEquals("ok", text.await());
                assertEquals(
                        200, (int) request.read(response -> response.status()).await());
            });
        }
        assertEquals(3, requests.size());
        assertEquals(requests.get(0), requests.get(2));
    }

    @Test
    void largeUpload() throws Exception {
        byte[] body = new byte[8 << 20];
        new Random(1).nextBytes(body);
        CRC32 crc = new CRC32();
        crc.update(body);
        try (RawServer server = RawServer.start(peer -> {
            peer.head();
            CRC32 seen = new CRC32();
            InputStream in = peer.in();
            for (int left = body.length; left > 0; ) {
                byte[] some = in.readNBytes(Math.min(left, 65536));
                seen.update(some);
                left -= some.length;
            }
            String sum = Long.toHexString(seen.getValue());
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + sum.length() + "\r\n\r\n" + sum);
            peer.awaitEnd();
        })) {
            Client.run(session -> {
                assertEquals(
                        Long.toHexString(crc.getValue()),
                        session.put(server.url("/")).body(body).text().await());
                assertEquals(1, session.stats().idle());
            });
        }
    }

    @Test
    void anEarlyAnswerIsDeliveredAndTheConnectionClosed() throws Exception {
        for (boolean keepAlive : new boolean[] {true, false}) {
            try (RawServer server = RawServer.start(peer -> {
                peer.head();
                peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n" + (keepAlive ? "" : "Connection: close\r\n")
                        + "\r\nbig");
                if (keepAlive) {
                    // Takes nothing more until the client has gone.
                    peer.awaitEnd();
                }
            })) {
                Client.run(session -> {
                    try (var response = session.post(server.url("/"))
                            .body(new byte[50 << 20])
                            .await()) {
                        assertEquals(413, response.status());
                        assertEquals("big", response.text().await());
                    }
                    assertEquals(
                            keepAlive ? Client.givenUp().idle() : 0,
                            session.stats().idle());
                });
            }
        }
    }
}
