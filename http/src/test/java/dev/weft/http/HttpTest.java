package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.HttpVersion;
import dev.weft.loop.Asyncio;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Requests without a session, in a task and on a plain thread. */
@OverBoth
class HttpTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(2);

    private RawServer server() throws Exception {
        return RawServer.start(peer -> {
            requests.add(peer.request());
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n\"json\"");
            peer.awaitEnd();
            ended.countDown();
        });
    }

    /** A request with the version that is spoken. */
    private static RequestBuilder by(RequestBuilder request) {
        return Spoken.isHttp2() ? request.version(HttpVersion.HTTP_2) : request;
    }

    @Test
    void onAPlainThread() throws Exception {
        try (RawServer server = server()) {
            assertEquals(
                    "\"json\"",
                    by(Http.get(server.url("/a"))).header("X", 1).text().await());
            assertEquals(
                    "json",
                    by(Http.post(server.url("/b")))
                            .json(List.of(1))
                            .json(String.class)
                            .await());
            Client.hold(ended);
            IllegalStateException refused = assertThrows(
                    IllegalStateException.class,
                    () -> by(Http.get(server.url("/"))).await());
            assertTrue(refused.getMessage().contains("text()"), refused.getMessage());
        }
        assertTrue(requests.get(0).startsWith("GET /a HTTP"), requests.get(0));
        assertEquals(!Spoken.isHttp2(), requests.get(0).contains("Connection: close\r\n"), requests.get(0));
        assertTrue(requests.get(1).startsWith("POST /b HTTP") && requests.get(1).endsWith("[1]"), requests.get(1));
    }

    @Test
    void inATask() throws Exception {
        try (RawServer server = server()) {
            Asyncio.run(() -> {
                assertEquals("\"json\"", by(Http.get(server.url("/"))).text().await());
                try (ClientResponse response =
                        by(Http.put(server.url("/"))).body("x").await()) {
                    assertEquals(200, response.status());
                }
                Client.until(ended);
            });
        }
    }

    @Test
    void failures() throws Exception {
        // Bound, but nobody listens: a connection is refused.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            String nobody = "http://127.0.0.1:" + taken.getLocalPort() + "/";
            assertThrows(
                    ConnectFailedException.class,
                    () -> by(Http.delete(nobody)).text().await());
        }
        assertThrows(IllegalArgumentException.class, () -> Http.request("CONNECT", "http://h/"));
    }
}
