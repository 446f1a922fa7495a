package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.SessionStats;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Http2ErrorException;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that end before their time, by either side: RFC 9113 sections 5.4.2, 6.4 and 8.1. The connection goes on. */
class H2StreamEndTest {
    private static final H2Block OK = H2Block.status("200");

    /** All but the two that have the request sent again; one that no RFC has. */
    static LongStream codes() {
        return LongStream.of(0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 0xdead, 0xffffffffL);
    }

    private static H2Frame resetWith(int streamId, long code) {
        return new H2Frame(RST_STREAM, 0, streamId, ints((int) code));
    }

    @ParameterizedTest
    @MethodSource("codes")
    void resetBeforeTheHead(long code) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            peer.send(resetWith(peer.request().streamId(), code));
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                ServerDisconnectedException e = assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.get(server.url("/")).await());
                check(code, e.reason(), e.getCause());
                assertStillGood(session, server);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("codes")
    void resetWithinTheBody(long code) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK), data(stream, 0, "half"), resetWith(stream, code));
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    PayloadException e = assertThrows(
                            PayloadException.class, () -> response.text().await());
                    assertEquals(4, e.received());
                    check(code, e.reason(), e.getCause());
                }
                assertStillGood(session, server);
            });
        }
    }

    private static void check(long code, String reason, Throwable cause) {
        assertEquals(code, ((Http2ErrorException) cause).code());
        assertTrue(reason.contains(cause.getMessage()), reason);
        String name = code < 14 ? H2Code.name(code) : Long.toHexString(code);
        assertTrue(reason.contains(name), reason);
    }

    private static void assertStillGood(ClientSession session, H2Server server) {
        assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
        assertEquals(1, server.connections());
        assertEquals(new SessionStats(0, 1, 0), session.stats());
    }

    /** A request that the server has acted on, perhaps, is not sent again, on a connection that had been used either. */
    @Test
    void aPostIsNotSentAgain() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            peer.answer(peer.request().streamId(), "ok");
            peer.send(reset(peer.request().streamId(), H2Code.INTERNAL_ERROR));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                assertStillGood(session, server);
                String outcome = Outcomes.exchange(session.post(server.url("/")).body("x"));
                assertTrue(outcome.startsWith("ServerDisconnectedException: "), outcome);
            });
            H2Peer peer = server.peer(1);
            peer.awaitEnd();
            assertEquals(
                    2,
                    peer.frames().stream()
                            .filter(frame -> frame.type() == HEADERS)
                            .count());
            assertEquals(1, server.connections());
        }
    }

    /** The server has read enough and said it all: section 8.1. The RST_STREAM does not take the answer away. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerBeforeTheEndOfTheUpload(boolean withReset) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.next(DATA, stream);
            peer.send(
                    headers(stream, 0, H2Block.status("413", "content-length", "8")),
                    data(stream, END_STREAM, "too much"));
            if (withReset) {
                peer.send(reset(stream, H2Code.NO_ERROR));
            } else {
                peer.next(RST_STREAM, stream);
            }
            end.countDown();
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.post(server.url("/")).body(new byte[1 << 20]));
                assertEquals("413 \"too much\"", outcome);
                Client.until(() -> session.stats().acquired() == 0);
                Client.until(end);
                assertStillGood(session, server);
            });
        }
    }

    /** Where a request is when it is cancelled. */
    enum Where {
        BEFORE_THE_HEAD,
        WITHIN_THE_BODY,
        WITHIN_THE_UPLOAD
    }

    @ParameterizedTest
    @EnumSource
    void cancelled(Where where) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        try (H2Server server = H2Server.start(peer -> {
            int beside = peer.request().streamId();
            peer.send(headers(beside, 0, OK));
            int stream = peer.request().streamId();
            if (where == Where.WITHIN_THE_BODY) {
                peer.send(headers(stream, 0, OK), data(stream, 0, "half"));
            } else if (where == Where.WITHIN_THE_UPLOAD) {
                peer.next(DATA, stream);
            }
            arrived.countDown();
            assertEquals(
                    "RST_STREAM[" + stream + "] CANCEL",
                    peer.next(RST_STREAM, stream).toString());
            Client.hold(looked);
            peer.send(data(beside, END_STREAM, "beside"));
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                ClientResponse beside = session.get(server.url("/")).await();
                byte[] body = new byte[where == Where.WITHIN_THE_UPLOAD ? 1 << 20 : 1];
                Task<String> task = Asyncio.createTask(
                        session.post(server.url("/")).body(body).text());
                Client.until(arrived);
                assertTrue(session.dump().contains("over HTTP/2, 2 now"), session::dump);
                task.cancel("enough");
                assertThrows(CancelledError.class, task::await);
                assertTrue(session.dump().contains("over HTTP/2, 1 now"), session::dump);
                looked.countDown();
                assertEquals("beside", beside.text().await());
                assertStillGood(session, server);
            });
        }
    }

    /** Closing an answer that is under way is no reason to close the connection. */
    @Test
    void closed() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK), data(stream, 0, "half"));
            assertEquals(
                    "RST_STREAM[" + stream + "] CANCEL",
                    peer.next(RST_STREAM, stream).toString());
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                session.get(server.url("/")).await().close();
                Client.until(() -> session.stats().acquired() == 0);
                assertStillGood(session, server);
            });
        }
    }

    /** What was not read goes back into the connection's window, else that would be used up at last. */
    @Test
    void cancelledBodiesLeaveNoTraceInTheWindow() throws Exception {
        int rounds = 300;
        try (H2Server server = H2Server.start(peer -> {
            for (int i = 0; i < rounds; i++) {
                int stream = peer.request().streamId();
                peer.send(headers(stream, 0, OK));
                peer.body(stream, 200_000, false);
                peer.next(RST_STREAM, stream);
            }
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                for (int i = 0; i < rounds; i++) {
                    session.get(server.url("/")).await().close();
                }
                assertStillGood(session, server);
            });
        }
    }

    /** All that its windows allowed may have been on its way when a body was given up, in frames of a byte each. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasOnItsWayWhenAStreamWasResetIsNoFlood(boolean malformed) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, H2Block.status(malformed ? "abc" : "200")));
            peer.next(RST_STREAM, stream);
            byte[] piece = data(stream, 0, "a").bytes();
            byte[] some = new byte[piece.length * 1000];
            for (int i = 0; i < some.length; i++) {
                some[i] = piece[i % piece.length];
            }
            for (int i = 0; i < 260; i++) {
                peer.send(some);
            }
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                if (malformed) {
                    assertThrows(
                            ProtocolException.class,
                            () -> session.get(server.url("/")).await());
                } else {
                    session.get(server.url("/")).await().close();
                }
                assertStillGood(session, server);
            });
        }
    }
}
