package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Auth;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.Options;
import dev.weft.http.message.Phase;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Both rings of middleware, and credentials, which are the innermost of the exchange ring: section N of the specification. */
@OverBoth
class MiddlewareTest {
    private final List<String> log = new ArrayList<>();

    private Middleware noting(String name) {
        return (request, next) -> {
            log.add(name + ">" + request.url().path());
            ClientResponse response = next.send(request);
            log.add(name + "<" + response.status());
            return response;
        };
    }

    private static RawServer redirecting() throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                peer.send(
                        request.startsWith("GET /a")
                                ? "HTTP/1.1 302 R\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"
                                : RawServer.OK);
            }
        });
    }

    @Test
    void theCallRingRunsOnceTheExchangeRingForEachHop() throws Exception {
        try (RawServer server = redirecting()) {
            ClientSession.Builder settings = ClientSession.builder()
                    .middleware(noting("c1"), noting("c2"))
                    .exchangeMiddleware(noting("e1"), noting("e2"));
            Client.run(
                    settings,
                    session -> assertEquals(
                            "ok", session.get(server.url("/a")).text().await()));
        }
        assertEquals(
                List.of(
                        "c1>/a", "c2>/a", "e1>/a", "e2>/a", "e2<302", "e1<302", "e1>/b", "e2>/b", "e2<200", "e1<200",
                        "c2<200", "c1<200"),
                log);
    }

    @Test
    void aRequestsRingReplacesTheSessions() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            ClientSession.Builder settings =
                    ClientSession.builder().middleware(noting("c")).exchangeMiddleware(noting("e"));
            Client.run(settings, session -> {
                session.get(server.url("/1")).middleware().text().await();
                session.get(server.url("/2"))
                        .middleware(noting("own"))
                        .exchangeMiddleware()
                        .text()
                        .await();
            });
        }
        assertEquals(List.of("e>/1", "e<200", "own>/2", "own<200"), log);
    }

    @Test
    void aDeadConnectionRunsTheExchangeRingAgain() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send(RawServer.OK);
            if (peer.number == 1) {
                peer.request();
            } else {
                peer.awaitEnd();
            }
        })) {
            ClientSession.Builder settings =
                    ClientSession.builder().middleware(noting("c")).exchangeMiddleware(noting("e"));
            Client.run(settings, session -> {
                session.get(server.url("/1")).text().await();
                session.get(server.url("/2")).text().await();
            });
        }
        assertEquals(List.of("c>/1", "e>/1", "e<200", "c<200", "c>/2", "e>/2", "e>/2", "e<200", "c<200"), log);
    }

    @Test
    void theTotalTimeoutEndsWhatMiddlewareWaitsFor() throws Exception {
        Middleware sleepy = (request, next) -> {
            Asyncio.sleep(Duration.ofSeconds(100)).await();
            return next.send(request);
        };
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            ClientSession.Builder settings =
                    ClientSession.builder().timeout(Duration.ofMillis(50)).middleware(sleepy);
            Client.run(settings, session -> {
                TotalTimeoutException failure = assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(server.url("/")).await());
                assertEquals(Phase.MIDDLEWARE, failure.phase());
                assertEquals(Duration.ofMillis(50), failure.limit());
            });
            assertEquals(0, server.connections());
        }
    }

    @Test
    void theTotalTimeoutCountsFromTheStartOfTheMiddleware() throws Exception {
        Middleware twice = (request, next) -> {
            assertThrows(
                    ServerDisconnectedException.class, () -> next.send(request).close());
            return next.send(request);
        };
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            if (peer.number == 2) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
                peer.awaitEnd();
            }
        })) {
            ClientSession.Builder settings =
                    ClientSession.builder().timeout(Duration.ofMillis(300)).middleware(twice);
            Client.run(settings, session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    TotalTimeoutException failure = assertThrows(
                            TotalTimeoutException.class, () -> response.text().await());
                    assertEquals(Phase.BODY, failure.phase());
                }
            });
            assertEquals(2, server.connections());
        }
    }

    @Test
    void whatMiddlewareThrowsReachesTheCaller() throws Exception {
        IllegalStateException own = new IllegalStateException("mine");
        Middleware failing = (request, next) -> {
            throw own;
        };
        Middleware after = (request, next) -> {
            next.send(request).close();
            throw own;
        };
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                for (Middleware middleware : List.of(failing, after)) {
                    assertSame(
                            own,
                            assertThrows(
                                    IllegalStateException.class,
                                    () -> session.get(server.url("/"))
                                            .middleware(middleware)
                                            .await()));
                    assertSame(
                            own,
                            assertThrows(
                                    IllegalStateException.class,
                                    () -> session.get(server.url("/"))
                                            .exchangeMiddleware(middleware)
                                            .await()));
                }
            });
        }
    }

    @Test
    void middlewareMayAnswerItself() throws Exception {
        Middleware mock = (request, next) -> ClientResponse.of(
                request, 201, Headers.builder().add("X", "y").build(), "made up".getBytes(StandardCharsets.UTF_8));
        Client.run(ClientSession.builder().exchangeMiddleware(mock), session -> {
            try (ClientResponse response = session.get("http://no.such.host/").await()) {
                assertEquals(201, response.status());
                assertEquals("y", response.headers().first("X"));
                assertEquals("made up", response.text().await());
            }
        });
    }

    @Test
    void mountsAnswerForSomeUrls() throws Exception {
        Middleware.Next inner = request -> ClientResponse.of(
                request, 200, Headers.empty(), request.url().path().getBytes(StandardCharsets.UTF_8));
        Middleware.Next outer = request -> ClientResponse.of(
                request, 302, Headers.builder().add("Location", "/in/b").build(), new byte[0]);
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            ClientSession.Builder settings = ClientSession.builder()
                    .mount("http://mock/in/", inner)
                    .mount("http://mock/", outer)
                    .exchangeMiddleware(noting("e"));
            Client.run(settings, session -> {
                assertEquals("/in/b", session.get("http://mock/a").text().await());
                assertEquals("ok", session.get(server.url("/")).text().await());
            });
        }
        assertEquals(List.of("e>/a", "e<302", "e>/in/b", "e<200", "e>/", "e<200"), log);
    }

    @Test
    void severalSendsAtATime() throws Exception {
        Middleware race = (request, next) -> {
            Task<ClientResponse> first = Asyncio.createTask(() -> next.send(request.withHeader("N", "1")));
            Task<ClientResponse> second = Asyncio.createTask(() -> next.send(request.withHeader("N", "2")));
            Asyncio.wait(List.of(first, second)).await();
            first.result().close();
            return second.result();
        };
        List<String> requests = new CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                peer.send(RawServer.OK);
            }
        })) {
            for (boolean inner : new boolean[] {true, false}) {
                ClientSession.Builder settings = ClientSession.builder();
                settings = inner ? settings.exchangeMiddleware(race) : settings.middleware(race);
                Client.run(settings, session -> {
                    assertEquals("ok", session.get(server.url("/")).text().await());
                    Client.until(() -> session.stats().idle() == (Spoken.isHttp2() ? 1 : 2));
                });
            }
        }
        assertEquals(4, requests.size());
    }

    @Test
    void attributesReachMiddleware() throws Exception {
        Middleware seeing = (request, next) -> {
            log.add(request.attribute(Options.TIMEOUT).total() + " "
                    + request.attribute(Options.TIMEOUT).read());
            return next.send(request.with(Options.TIMEOUT, ClientTimeout.none()));
        };
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            ClientSession.Builder settings =
                    ClientSession.builder().timeout(Duration.ofSeconds(7)).middleware(seeing);
            Client.run(
                    settings,
                    session -> session.get(server.url("/"))
                            .timeout(ClientTimeout.builder()
                                    .read(Duration.ofSeconds(3))
                                    .build())
                            .text()
                            .await());
        }
        assertEquals(List.of("PT7S PT3S"), log);
    }

    // ---- credentials

    private final Auth token = (request, next) -> next.send(request.withHeader("Authorization", "Token secret"));

    @Test
    void credentialsOfARequestAreForItsOrigin() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        List<String> elsewhere = new CopyOnWriteArrayList<>();
        try (RawServer other = RawServer.start(peer -> {
                    elsewhere.add(peer.request());
                    peer.send(RawServer.OK);
                    peer.request();
                });
                RawServer server = RawServer.start(peer -> {
                    for (String request = peer.request(); request != null; request = peer.request()) {
                        requests.add(request);
                        String to = request.startsWith("GET /a") ? "/b" : other.url("/c");
                        peer.send("HTTP/1.1 302 R\r\nLocation: " + to + "\r\nContent-Length: 0\r\n\r\n");
                    }
                })) {
            Client.run(
                    session -> session.get(server.url("/a")).auth(token).text().await());
            Client.run(
                    ClientSession.builder().baseUrl(server.url("/")).auth(token),
                    session -> session.get("a").text().await());
            Client.run(
                    ClientSession.builder().baseUrl(server.url("/")).auth(token),
                    session -> session.get(other.url("/c")).text().await());
            Client.run(
                    ClientSession.builder().baseUrl(server.url("/")).auth(token),
                    session -> session.get("a").noAuth().text().await());
        }
        assertEquals(6, requests.size());
        for (String request : requests.subList(0, 4)) {
            assertTrue(request.contains("Authorization: Token secret"), request);
        }
        assertEquals(4, elsewhere.size());
        for (String request : elsewhere) {
            assertTrue(!request.contains("secret"), request);
        }
        assertTrue(!requests.get(4).contains("secret"), requests.get(4));
    }

    @Test
    void credentialsOfASessionNeedAnOrigin() throws Exception {
        Asyncio.run(() -> {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> ClientSession.builder().auth(token).build());
            assertTrue(refused.getMessage().contains("baseUrl"), refused.getMessage());
        });
    }

    @Test
    void aChangedRequestIsChecked() throws Exception {
        Middleware wrong = (request, next) -> next.send(request.withHeader("Transfer-Encoding", "chunked"));
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(ClientSession.builder().exchangeMiddleware(wrong), session -> {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> session.get(server.url("/")).await());
                assertEquals(0, server.connections());
            });
        }
    }

    @Test
    void whatASessionIsAskedIsImmutable() {
        ClientRequest request = ClientRequest.of("GET", dev.weft.http.message.HttpUrl.parse("http://h/"));
        assertEquals(Headers.empty(), request.headers());
        ClientRequest changed = request.withHeader("A", "b").with(Options.CHUNKED, true);
        assertEquals(Headers.empty(), request.headers());
        assertEquals(false, request.attribute(Options.CHUNKED));
        assertEquals(true, changed.attribute(Options.CHUNKED));
    }
}
