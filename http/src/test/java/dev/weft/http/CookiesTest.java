package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.cookie.CookieJar;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The jar of a session, over real connections: kept and sent at every hop. */
@OverBoth
class CookiesTest {
    private final List<String> cookies = new CopyOnWriteArrayList<>();

    /** Sets a cookie at {@code /set} and sends on to {@code /then}; notes what cookies come. */
    private RawServer server() throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                String line = request.lines()
                        .filter(one -> one.toLowerCase(Locale.ROOT).startsWith("cookie:"))
                        .reduce((a, b) -> "twice")
                        .orElse("none");
                cookies.add(line);
                peer.send(
                        request.startsWith("GET /set")
                                ? "HTTP/1.1 302 R\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=\"2 3\"; Path=/then\r\n"
                                        + "Location: /then\r\nContent-Length: 0\r\n\r\n"
                                : RawServer.OK);
            }
        });
    }

    @Test
    void keptAndSentAtEveryHop() throws Exception {
        try (RawServer server = server()) {
            Client.run(session -> {
                session.get(server.url("/set")).text().await();
                session.get(server.url("/")).text().await();
                assertEquals(2, session.cookieJar().size());
            });
        }
        assertEquals(List.of("none", "Cookie: b=\"2 3\"; a=1", "Cookie: a=1"), cookies);
    }

    @Test
    void mergedInOneHeader() throws Exception {
        try (RawServer server = server()) {
            Client.run(session -> {
                session.get(server.url("/set")).text().await();
                session.get(server.url("/"))
                        .header("Cookie", "z=9; a=7")
                        .cookie("c", "5")
                        .text()
                        .await();
            });
        }
        assertEquals("Cookie: c=5; z=9; a=7", cookies.getLast());
    }

    @Test
    void jars() throws Exception {
        CookieJar shared = CookieJar.create();
        try (RawServer server = server()) {
            Client.run(
                    ClientSession.builder().cookieJar(shared),
                    session -> session.get(server.url("/set")).text().await());
            Client.run(ClientSession.builder().cookieJar(shared), session -> {
                session.get(server.url("/1")).text().await();
                session.get(server.url("/2")).cookieJar(CookieJar.none()).text().await();
            });
            Client.run(
                    ClientSession.builder().cookieJar(CookieJar.none()),
                    session -> session.get(server.url("/set")).text().await());
        }
        assertEquals(List.of("none", "Cookie: b=\"2 3\"; a=1", "Cookie: a=1", "none", "none", "none"), cookies);
    }

    @Test
    void cookiesOfTheBuilder() throws Exception {
        try (RawServer server = server();
                RawServer other = server()) {
            ClientSession.Builder settings = ClientSession.builder()
                    .baseUrl(server.url("/"))
                    .cookie("own", "1")
                    .sharedCookie("all", "2");
            Client.run(settings, session -> {
                session.get("x").text().await();
                session.get(other.url("/").replace("127.0.0.1", "localhost"))
                        .text()
                        .await();
            });
        }
        assertEquals(List.of("Cookie: own=1; all=2", "Cookie: all=2"), cookies);
        assertThrows(IllegalStateException.class, () -> ClientSession.builder().cookie("a", "b"));
    }

    @Test
    void whatNoCookieMayHold() throws Exception {
        Client.run(session -> {
            for (String bad : List.of("a;b", "a\r\nX: y", "a\0")) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> session.get("http://h/").cookie("n", bad));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> session.get("http://h/").cookie(bad, "v"));
            }
            assertNull(session.cookieJar().headerFor(dev.weft.http.message.HttpUrl.parse("http://h/")));
            assertFalse(session.isClosed());
        });
    }
}
