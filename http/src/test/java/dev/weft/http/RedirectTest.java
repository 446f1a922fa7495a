package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.BodySource;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.NonReplayableBodyException;
import dev.weft.http.message.RedirectException;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.http.message.TooManyRedirectsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, over real connections: section A of the specification. */
@OverBoth
class RedirectTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** Redirects every path but {@code /b} to a location. */
    private RawServer redirecting(int status, String location) throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                boolean there = request.split(" ")[1].matches("/b(\\?.*)?");
                peer.send(
                        there
                                ? RawServer.OK.substring(0, RawServer.OK.length() - (head(request) ? 2 : 0))
                                : "HTTP/1.1 " + status + " R\r\nLocation: " + location + "\r\nContent-Length: "
                                        + (head(request) ? "0\r\n\r\n" : "5\r\n\r\nmoved"));
            }
        });
    }

    private static boolean head(String request) {
        return request.startsWith("HEAD");
    }

    private String line(int index) {
        return requests.get(index).split(" HTTP", 2)[0];
    }

    private static String bodyOf(String request) {
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    @ParameterizedTest
    @CsvSource({
        "301, GET, GET", "302, GET, GET", "303, GET, GET", "307, GET, GET", "308, GET, GET",
        "301, HEAD, HEAD", "302, HEAD, HEAD", "303, HEAD, HEAD", "307, HEAD, HEAD", "308, HEAD, HEAD",
        "301, POST, GET", "302, POST, GET", "303, POST, GET", "307, POST, POST", "308, POST, POST",
        "301, PUT, PUT", "302, PUT, PUT", "303, PUT, GET", "307, PUT, PUT", "308, PUT, PUT",
        "301, PATCH, PATCH", "302, DELETE, DELETE", "303, PATCH, GET", "303, DELETE, GET", "307, PATCH, PATCH"
    })
    void methods(int status, String method, String then) throws Exception {
        boolean body = !method.equals("GET") && !method.equals("HEAD");
        try (RawServer server = redirecting(status, "/b")) {
            Client.run(session -> {
                RequestBuilder request = session.request(method, server.url("/a"))
                        .header("Content-Language", "en")
                        .header("X-A", "a");
                if (body) {
                    request.body("sent");
                }
                try (ClientResponse response = request.await()) {
                    assertEquals(200, response.status());
                    assertEquals(
                            List.of(status),
                            response.history().stream()
                                    .map(ClientResponse::status)
                                    .toList());
                    assertEquals(server.url("/b"), response.url().toString());
                    assertEquals(then, response.method());
                }
            });
            assertEquals(1, server.connections());
        }
        assertEquals(List.of(method + " /a", then + " /b"), List.of(line(0), line(1)));
        String second = requests.get(1);
        boolean kept = body && method.equals(then);
        assertEquals(kept ? "sent" : "", bodyOf(second));
        assertEquals(kept, second.contains("Content-Type:"), second);
        assertEquals(kept, second.contains("Content-Length: 4"), second);
        assertEquals(kept || !body, second.contains("Content-Language:"), second);
        assertTrue(second.contains("X-A: a"), second);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 304, 305, 306, 309})
    void otherStatusesAreTheAnswer(int status) throws Exception {
        try (RawServer server = redirecting(status, "/b")) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/a")).await()) {
                    assertEquals(status, response.status());
                    assertEquals(List.of(), response.history());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X: y\r\n", "URI: /b\r\n", "Location:\r\n"})
    void withoutLocationItIsTheAnswer(String header) throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 302 R\r\n" + header + "Content-Length: 2\r\n\r\nok")) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/a")).await()) {
                    assertEquals(302, response.status());
                    assertEquals(List.of(), response.history());
                    assertEquals("ok", response.text().await());
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "b, /x/b",
        "../c, /c",
        "., /x/",
        "?y, /x/a?y",
        "'/a b', /a%20b",
        "/b?z#f, /b?z",
        "//HOST/b, /b",
        "/%41%zz, /%41%25zz",
        "/c3\u00c3\u00a9, /c3%C3%A9",
        "/\u00e9, /%E9"
    })
    void whereItLeads(String location, String target) throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            for (int i = 0; i < 2; i++) {
                requests.add(peer.request());
                String here = location.replace("HOST", "127.0.0.1:" + peer.socket.getLocalPort());
                peer.send(
                        i == 1
                                ? RawServer.OK
                                : "HTTP/1.1 302 R\r\nLocation: " + here + "\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            Client.run(session -> session.get(server.url("/x/a?q")).text().await());
        }
        assertEquals("GET " + target, line(1));
    }

    @Test
    void theFragmentIsInherited() throws Exception {
        try (RawServer server = redirecting(302, "/b")) {
            Client.run(session -> {
                try (ClientResponse response =
                        session.get(server.url("/a#here")).await()) {
                    assertEquals(server.url("/b#here"), response.realUrl().toString());
                    assertEquals(server.url("/b"), response.url().toString());
                }
            });
        }
        requests.clear();
        try (RawServer server = redirecting(302, "/b#there")) {
            Client.run(session -> {
                try (ClientResponse response =
                        session.get(server.url("/a#here")).await()) {
                    assertEquals(server.url("/b#there"), response.realUrl().toString());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://x/",
                "mailto:a@b",
                "javascript:1",
                "data:,x",
                "file:///etc/passwd",
                "ws://h/",
                "http://",
                "//",
                "http://[::1/",
                "http://h:70000/"
            })
    void whereNoRequestMayGo(String location) throws Exception {
        try (RawServer server = redirecting(302, location)) {
            Client.run(session -> {
                RedirectException failure = assertThrows(
                        RedirectException.class,
                        () -> session.get(server.url("/a")).await());
                assertEquals(location, failure.location());
                Client.until(() -> session.stats().acquired() == 0);
                assertEquals(1, session.stats().idle());
            });
        }
    }

    private RawServer chain(int hops) throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                int at = Integer.parseInt(request.split("[ /]")[2]);
                peer.send(
                        at == hops
                                ? RawServer.OK
                                : "HTTP/1.1 302 R\r\nLocation: /" + (at + 1) + "\r\nContent-Length: 0\r\n\r\n");
            }
        });
    }

    @Test
    void tenAreFollowedAndNoMore() throws Exception {
        try (RawServer server = chain(10)) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/0")).await()) {
                    assertEquals(10, response.history().size());
                }
            });
        }
        try (RawServer server = chain(11)) {
            Client.run(session -> {
                TooManyRedirectsException failure = assertThrows(
                        TooManyRedirectsException.class,
                        () -> session.get(server.url("/0")).await());
                assertEquals(10, failure.limit());
                assertEquals(12, failure.chain().size());
                assertEquals(server.url("/0"), failure.chain().getFirst().toString());
                Client.until(() -> session.stats().acquired() == 0);
                assertEquals(1, session.stats().idle());
            });
        }
    }

    @Test
    void policies() throws Exception {
        try (RawServer server = chain(40)) {
            Client.run(session -> {
                String url = server.url("/0");
                assertEquals(302, status(session.get(url).redirects(RedirectPolicy.none())));
                assertEquals(302, status(session.get(url).redirects(RedirectPolicy.follow(0))));
                assertEquals(302, status(session.head(url)));
                assertEquals(200, status(session.get(url).redirects(RedirectPolicy.unlimited())));
                assertEquals(200, status(session.get(url).redirects(RedirectPolicy.follow(40))));
                assertThrows(
                        TooManyRedirectsException.class,
                        () -> status(session.get(url).redirects(RedirectPolicy.follow(39))));
                RedirectPolicy upTo5 =
                        RedirectPolicy.standard().when((from, to) -> !to.path().equals("/6"));
                try (ClientResponse response = session.get(url).redirects(upTo5).await()) {
                    assertEquals(302, response.status());
                    assertEquals("/5", response.url().path());
                    assertEquals(5, response.history().size());
                }
            });
        }
        assertThrows(IllegalArgumentException.class, () -> RedirectPolicy.follow(-1));
    }

    private static int status(RequestBuilder request) {
        try (ClientResponse response = request.await()) {
            return response.status();
        }
    }

    /** Another port is another origin. */
    @Test
    void whatNeverCrossesAnOrigin() throws Exception {
        List<String> elsewhere = new CopyOnWriteArrayList<>();
        try (RawServer other = RawServer.start(peer -> {
                    for (String request = peer.request(); request != null; request = peer.request()) {
                        elsewhere.add(request);
                        peer.send(
                                request.startsWith("GET /back")
                                        ? "HTTP/1.1 302 R\r\nLocation: " + request.split("[?& ]")[2]
                                                + "\r\nContent-Length: 0\r\n\r\n"
                                        : RawServer.OK);
                    }
                });
                RawServer server = RawServer.start(peer -> {
                    for (String request = peer.request(); request != null; request = peer.request()) {
                        requests.add(request);
                        String to = request.startsWith("GET /a")
                                ? other.url("/back?http://127.0.0.1:" + peer.socket.getLocalPort() + "/b")
                                : request.startsWith("GET /same") ? "/b" : null;
                        peer.send(
                                to == null
                                        ? RawServer.OK
                                        : "HTTP/1.1 302 R\r\nLocation: " + to + "\r\nContent-Length: 0\r\n\r\n");
                    }
                })) {
            ClientSession.Builder settings = ClientSession.builder()
                    .redirects(RedirectPolicy.standard().sensitive("X-Api-Key"))
                    .header("X-Api-Key", "secret1");
            Client.run(settings, session -> {
                for (String path : List.of("/a", "/same")) {
                    session.get(server.url(path))
                            .header("Authorization", "secret2")
                            .header("Cookie", "secret3=1")
                            .header("Proxy-Authorization", "secret4")
                            .header("Host", "secret5.example")
                            .header("X-A", "kept")
                            .cookie("secret6", "1")
                            .text()
                            .await();
                }
            });
        }
        for (int i = 1; i <= 6; i++) {
            assertTrue(requests.get(0).contains("secret" + i), requests.get(0));
            assertFalse(elsewhere.getFirst().contains("secret" + i), elsewhere.getFirst());
            assertFalse(requests.get(1).contains("secret" + i), () -> "back again: " + requests.get(1));
            assertTrue(requests.get(3).contains("secret" + i), () -> "same origin: " + requests.get(3));
        }
        assertTrue(elsewhere.getFirst().contains("X-A: kept"));
        assertTrue(requests.getFirst().contains("Cookie: secret6=1; secret3=1\r\n"), requests.getFirst());
    }

    @Test
    void credentialsOfTheUrl() throws Exception {
        try (RawServer server = redirecting(302, "/b")) {
            Client.run(session -> {
                String url = server.url("/a").replace("//", "//u:p%40@");
                try (ClientResponse response = session.get(url).await()) {
                    assertEquals(server.url("/b"), response.realUrl().toString());
                }
            });
        }
        for (String request : requests) {
            assertTrue(request.contains("Authorization: Basic dTpwQA==\r\n"), request);
        }
    }

    private static final class OnceBody implements Body {
        private final Iterator<String> pieces = List.of("on", "ce").iterator();

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public boolean isReplayable() {
            return false;
        }

        @Override
        public String contentType() {
            return null;
        }

        @Override
        public BodySource open() {
            return () -> pieces.hasNext() ? ByteBuffer.wrap(pieces.next().getBytes(StandardCharsets.UTF_8)) : null;
        }
    }

    @ParameterizedTest
    @CsvSource({"307, POST", "308, PUT", "301, PUT"})
    void aBodyThatCannotBeSentAgain(int status, String method) throws Exception {
        try (RawServer server = redirecting(status, "/b")) {
            Client.run(session -> {
                NonReplayableBodyException failure = assertThrows(
                        NonReplayableBodyException.class,
                        () -> session.request(method, server.url("/a"))
                                .body(new OnceBody())
                                .await());
                assertTrue(failure.getMessage().contains("/b"), failure.getMessage());
                Client.until(() -> session.stats().acquired() == 0);
                assertEquals(1, session.stats().idle());
            });
        }
        assertEquals("once", bodyOf(requests.getFirst()));
    }

    @Test
    void aBodyThatIsDroppedNeedsNotBeSentAgain() throws Exception {
        try (RawServer server = redirecting(303, "/b")) {
            Client.run(session -> assertEquals(
                    "ok",
                    session.post(server.url("/a")).body(new OnceBody()).text().await()));
        }
    }
}
