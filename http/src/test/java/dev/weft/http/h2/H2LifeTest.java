package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.RawServer;
import dev.weft.http.RequestBuilder;
import dev.weft.http.SessionStats;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Http2ErrorException;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection takes no more requests, and what becomes of those it did not take: RFC 9113 sections 6.8 and 8.7, RFC 9110 section 15.5.20. */
class H2LifeTest {
    private static final int LAST = Integer.MAX_VALUE;
    private static final H2Block OK = H2Block.status("200");

    /** Sends it now; gives what comes of it. */
    static Task<String> begin(RequestBuilder request) {
        return Asyncio.createTask(() -> Outcomes.exchange(request));
    }

    /** Two requests are under way: the first is the last that the server takes. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void whatIsAboveTheLastStreamIsSentAgain(String method) throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        CountDownLatch again = new CountDownLatch(1);
        try (H2Server server = H2Server.start(peer -> {
            H2Request first = peer.request();
            if (peer.number == 2) {
                bodies.add(new String(peer.upload(first.streamId())));
                again.countDown();
                peer.answer(first.streamId(), "second");
                peer.awaitEnd();
                return;
            }
            peer.request();
            peer.send(goAway(first.streamId(), H2Code.NO_ERROR));
            Client.hold(again);
            peer.answer(first.streamId(), "first");
            // It has nothing left to do.
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                Task<String> first = begin(session.get(server.url("/1")));
                Client.until(() -> session.stats().acquired() == 1);
                ClientResponse second = session.request(method, server.url("/2"))
                        .body("content")
                        .await();
                assertEquals(2, second.attempts());
                assertEquals("second", second.text().await());
                assertEquals("200 \"first\"", first.await());
                Client.until(() -> server.peer(1).hasEnded());
            });
            assertEquals(2, server.connections());
        }
        assertEquals(List.of("content"), bodies);
    }

    /** Nobody can have that body again. */
    @Test
    void aBodyThatIsGoneIsNotSentAgain() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            H2Request request = peer.request();
            peer.upload(request.streamId());
            peer.send(goAway(0, H2Code.NO_ERROR));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                ServerDisconnectedException e = assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.post(server.url("/"))
                                .body(new ByteArrayInputStream(new byte[] {1, 2, 3}))
                                .await());
                assertEquals(H2Code.NO_ERROR.ordinal(), codeOf(e));
            });
            assertEquals(1, server.connections());
        }
    }

    static long codeOf(Exception e) {
        return ((Http2ErrorException) e.getCause()).code();
    }

    /** First the server says that it will go, then, when it knows what is under way, what it took: section 6.8. */
    @Test
    void gracefully() throws Exception {
        CountDownLatch warned = new CountDownLatch(1);
        CountDownLatch elsewhere = new CountDownLatch(1);
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            if (peer.number == 2) {
                elsewhere.countDown();
                peer.answer(stream, "elsewhere");
                peer.answerAll();
                return;
            }
            peer.send(goAway(LAST, H2Code.NO_ERROR), ping(0, 1));
            peer.next(PING, 0);
            warned.countDown();
            Client.hold(elsewhere);
            peer.send(goAway(stream, H2Code.NO_ERROR), headers(stream, 0, OK), data(stream, END_STREAM, "here"));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                Task<String> here = begin(session.get(server.url("/")));
                Client.until(warned);
                assertEquals("200 \"elsewhere\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals("200 \"here\"", here.await());
                Client.until(() -> server.peer(1).hasEnded());
            });
            assertEquals(2, server.connections());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_ERROR", "INTERNAL_ERROR", "ENHANCE_YOUR_CALM", "PROTOCOL_ERROR"})
    void withACodeAndTheEnd(H2Code code) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int first = peer.request().streamId();
            if (peer.number == 1) {
                peer.request();
                peer.send(headers(first, 0, OK), data(first, 0, "half"), goAway(first, code));
            } else {
                peer.answer(first, "again");
                peer.awaitEnd();
            }
        })) {
            Client.run(H2Server.client(), session -> {
                Task<String> first = begin(session.get(server.url("/1")));
                Task<String> second = begin(session.get(server.url("/2")));
                String outcome = first.await();
                assertTrue(outcome.startsWith("200 \"half\" then PayloadException: "), outcome);
                assertTrue(code == H2Code.NO_ERROR || outcome.contains(code.name()), outcome);
                assertEquals("200 \"again\"", second.await());
            });
        }
    }

    /** What a server says of its reason goes into the message, and to no terminal. */
    @Test
    void withAReason() throws Exception {
        byte[] reason = "too many\u001b[31m\n".getBytes(StandardCharsets.US_ASCII);
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            byte[] payload = concat(goAway(stream, H2Code.ENHANCE_YOUR_CALM).payload(), reason);
            peer.send(headers(stream, 0, OK), goAway(0, H2Code.NO_ERROR).withPayload(payload));
        })) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.get(server.url("/")));
                assertTrue(outcome.contains("GOAWAY with ENHANCE_YOUR_CALM: too many.[31m."), outcome);
            });
        }
    }

    /** Sent while nothing is under way: the next request does not meet it. */
    @Test
    void whileIdle() throws Exception {
        CountDownLatch idle = new CountDownLatch(1);
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.answer(stream, "ok");
            if (peer.number == 1) {
                Client.hold(idle);
                peer.send(goAway(stream, H2Code.NO_ERROR));
            }
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(new SessionStats(0, 1, 0), session.stats());
                idle.countDown();
                Client.until(() -> session.stats().idle() == 0);
                try (ClientResponse response =
                        session.post(server.url("/")).body("x").await()) {
                    assertEquals("ok", response.text().await());
                    assertEquals(1, response.attempts());
                }
                Client.until(() -> server.peer(1).hasEnded());
            });
            assertEquals(2, server.connections());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void refused(String method) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (H2Server server = H2Server.start(peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                if (asked.incrementAndGet() == 1) {
                    peer.send(reset(request.streamId(), H2Code.REFUSED_STREAM));
                } else {
                    assertEquals("content", new String(peer.upload(request.streamId())));
                    peer.answer(request.streamId(), "ok");
                }
            }
        })) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse response =
                        session.request(method, server.url("/")).body("content").await()) {
                    assertEquals("ok", response.text().await());
                    assertEquals(2, response.attempts());
                }
            });
        }
        assertEquals(2, asked.get());
    }

    @Test
    void refusedForEver() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (H2Server server = H2Server.start(peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                asked.incrementAndGet();
                peer.send(reset(request.streamId(), H2Code.REFUSED_STREAM));
            }
        })) {
            Client.run(H2Server.client(), session -> {
                ServerDisconnectedException e = assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.get(server.url("/")).await());
                assertEquals(H2Code.REFUSED_STREAM.ordinal(), codeOf(e));
                assertTrue(e.reason().contains("REFUSED_STREAM"), e.reason());
            });
        }
        assertTrue(asked.get() <= 10, () -> "it was asked " + asked + " times");
    }

    /** A connection that is not for that origin, says its server. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void misdirected(boolean always) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                int stream = request.streamId();
                if (request.path().equals("/") || peer.number > 1 && !always) {
                    peer.answer(stream, "ok");
                } else {
                    peer.send(headers(stream, END_STREAM, H2Block.status("421")));
                }
            }
        })) {
            Client.run(H2Server.client(), session -> {
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(always ? "421 \"\"" : "200 \"ok\"", Outcomes.exchange(session.get(server.url("/other"))));
                assertEquals(2, server.connections());
            });
        }
    }

    @Test
    void aServerThatWantsHttp11() throws Exception {
        List<String> requests = new CopyOnWriteArrayList<>();
        H2Peer.Script refusing = peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                peer.send(reset(request.streamId(), H2Code.HTTP_1_1_REQUIRED));
            }
        };
        RawServer.Script http1 = raw -> {
            for (String request = raw.request(); request != null; request = raw.request()) {
                requests.add(request);
                raw.send(RawServer.OK);
            }
        };
        try (H2Server server = H2Server.startTls(settings().bytes(), refusing, http1)) {
            Client.run(H2Server.client().version(HttpVersion.AUTO), session -> {
                try (ClientResponse response =
                        session.post(server.url("/")).body("content").await()) {
                    assertEquals("HTTP/1.1", response.version());
                    assertEquals("ok", response.text().await());
                }
                ServerDisconnectedException e = assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.get(server.url("/"))
                                .version(HttpVersion.HTTP_2)
                                .await());
                assertEquals(H2Code.HTTP_1_1_REQUIRED.ordinal(), codeOf(e));
                assertTrue(e.reason().contains("wants this request in HTTP/1.1"), e.reason());
                // That is remembered, also when no connection is left.
                int before = server.connections();
                assertEquals(
                        "200 \"ok\"",
                        Outcomes.exchange(session.get(server.url("/")).header("Connection", "close")));
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(before + 1, server.connections());
            });
        }
        assertEquals(3, requests.size());
        assertTrue(requests.getFirst().endsWith("\r\n\r\ncontent"), requests.getFirst());
    }

    /** Each stream hears why. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theConnectionIsCut(boolean reset) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int body = peer.request().streamId();
            if (peer.number == 1) {
                peer.request();
                peer.send(headers(body, 0, OK), data(body, 0, "half"), ping(0, 1));
                peer.next(PING, 0);
            }
            if (reset) {
                peer.raw.reset();
            }
        })) {
            Client.run(H2Server.client(), session -> {
                Task<String> body = begin(session.post(server.url("/1")).body("x"));
                Task<String> head = begin(session.post(server.url("/2")).body("x"));
                String outcome = body.await();
                assertTrue(outcome.startsWith("200 \"half\" then PayloadException: the connection "), outcome);
                outcome = head.await();
                assertTrue(outcome.startsWith("ServerDisconnectedException: the "), outcome);
                assertTrue(outcome.contains("connection"), outcome);
                assertEquals(new SessionStats(0, 0, 0), session.stats());
            });
        }
    }

    /** Requests that meet a connection being made wait for it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyAtOnceShareAConnection(boolean tls) throws Exception {
        H2Peer.Script script = H2Peer::answerAll;
        try (H2Server server = tls ? H2Server.startTls(script) : H2Server.start(script)) {
            Client.run(H2Server.client(), session -> {
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    tasks.add(begin(session.get(server.url("/" + i))));
                }
                for (Task<String> task : tasks) {
                    assertEquals("200 \"ok\"", task.await());
                }
                assertEquals(1, server.connections());
                assertEquals(new SessionStats(0, 1, 0), session.stats());
            });
        }
    }

    /** The default with {@code https}: no setting at all. */
    @Test
    void chosenByTheServer() throws Exception {
        try (H2Server server = H2Server.startTls(H2Peer::answerAll)) {
            ClientSession.Builder settings = H2Server.client().version(HttpVersion.AUTO);
            Client.run(settings, session -> {
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    tasks.add(begin(session.get(server.url("/" + i))));
                }
                for (Task<String> task : tasks) {
                    assertEquals("200 \"ok\"", task.await());
                }
                assertEquals(1, server.connections());
            });
        }
    }

    /** The goodbye of a session that is closed. */
    @Test
    void closingSaysGoodbye() throws Exception {
        try (H2Server server = H2Server.start(H2Peer::answerAll)) {
            Client.run(
                    H2Server.client(),
                    session -> assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/")))));
            H2Peer peer = server.peer(1);
            peer.awaitEnd();
            assertTrue(peer.saw("GOAWAY 0 NO_ERROR"), () -> peer.frames().toString());
        }
    }
}
