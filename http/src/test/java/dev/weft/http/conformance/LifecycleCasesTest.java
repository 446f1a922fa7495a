package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.OK;

import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.SessionClosedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions that are closed, tasks that are cancelled, answers that are given up: section H of the specification. */
class LifecycleCasesTest {
    private static final String HALF_HEAD = "HTTP/1.1 200 OK⏎Content-Le";
    private static final String HALF_BODY = "HTTP/1.1 200 OK⏎Content-Length: 100⏎⏎hello";

    @ParameterizedTest(name = "{0}")
    @MethodSource({"closed", "cancelled", "givenUp"})
    void lifecycle(Case played) throws Exception {
        Conformance.holds(played);
    }

    private interface End {
        void of(ClientSession session, Task<?> task);
    }

    /** A request that waits, once all that the server sends has come, or none of it; it is ended; what it says then. */
    private static Case ended(String name, String server, int bodyBytes, End end) {
        return Case.of(name).server(server).does((session, scene) -> {
            long[] received = new long[1];
            Task<String> task = Asyncio.createTask(() -> {
                try (ClientResponse response = session.get(scene.url("/")).await()) {
                    response.content().forEach(piece -> received[0] += piece.remaining());
                    return "whole";
                } catch (ClientException e) {
                    return Outcomes.failure(e);
                } catch (CancelledError e) {
                    return "cancelled";
                }
            });
            Outcomes.until(() -> scene.requests().size() == 1
                    && (server.isEmpty() || scene.isSent())
                    && scene.split() >= scene.answering()
                    && received[0] == bodyBytes);
            end.of(session, task);
            return task.await();
        });
    }

    static Stream<Case> closed() {
        End close = (session, task) -> session.close();
        String gone = "SessionClosedException: the session was closed | 0/0/1";
        return Stream.of(
                ended("H100 closed before the head", "", 0, close).gives(gone),
                ended("H100 closed within the head", HALF_HEAD, 0, close).gives(gone),
                ended("H101 closed within the body", HALF_BODY, 5, close).gives(gone),
                ended("H101 + closed within a chunk", Scripts.CHUNKED + "9⏎hello", 5, close)
                        .gives(gone),
                Case.of("H102 closed while it waits for a connection")
                        .server("")
                        .session(() -> ClientSession.builder().limit(1).limitPerHost(1))
                        .does((session, scene) -> {
                            Task<String> first =
                                    Asyncio.createTask(() -> Outcomes.exchange(session.get(scene.url("/1"))));
                            Task<String> second =
                                    Asyncio.createTask(() -> Outcomes.exchange(session.get(scene.url("/2"))));
                            Outcomes.until(() -> session.stats().waiting() == 1
                                    && scene.requests().size() == 1);
                            session.close();
                            return first.await() + ", " + second.await();
                        })
                        .wire()
                        .gives(
                                "SessionClosedException: the session was closed, SessionClosedException: the session was closed"
                                        + " | 0/0/1 | GET /1"),
                Case.of("H103 + a closed session sends nothing")
                        .server(OK)
                        .gets()
                        .does((session, scene) -> {
                            session.close();
                            session.close();
                            try {
                                return Outcomes.exchange(session.get(scene.url("/")));
                            } catch (SessionClosedException e) {
                                return e.reason();
                            }
                        })
                        .gives("200 \"ok\"; SessionClosedException: the session is closed | 0/0/1"));
    }

    static Stream<Case> cancelled() {
        End cancel = (session, task) -> task.cancel();
        return Stream.of(
                ended("H104 cancelled before the head", "", 0, cancel).gives("cancelled | 0/0/1"),
                ended("H104 cancelled within the head", HALF_HEAD, 0, cancel).gives("cancelled | 0/0/1"),
                ended("H104 cancelled within the body", HALF_BODY, 5, cancel).gives("cancelled | 0/0/1"),
                ended("H104 + cancelled within trailers", Scripts.CHUNKED + "5⏎hello⏎0⏎X: 1", 5, cancel)
                        .gives("cancelled | 0/0/1"));
    }

    /** Takes an answer and closes it unread. */
    private static final Case.Action UNREAD = (session, scene) -> {
        try (ClientResponse response = session.get(scene.url("/")).await()) {
            return "" + response.status();
        }
    };

    static Stream<Case> givenUp() {
        return Stream.of(
                Case.of("H105 closed with a body that is not whole")
                        .server(HALF_BODY)
                        .does(UNREAD)
                        .gives("200 | 0/0/1"),
                Case.of("H105 + closed with an endless body")
                        .server("HTTP/1.1 200 OK⏎⏎hello")
                        .does(UNREAD)
                        .gives("200 | 0/0/1"),
                Case.of("H105 + closed though it has no body")
                        .server("HTTP/1.1 204 None⏎⏎<req>" + OK)
                        .does(UNREAD)
                        .gets()
                        .gives("204; 200 \"ok\" | 1/0/1"),
                Case.of("H106 read when it is closed")
                        .server(HALF_BODY)
                        .does((session, scene) -> {
                            ClientResponse response =
                                    session.get(scene.url("/")).await();
                            response.close();
                            try {
                                return response.text().await();
                            } catch (IllegalStateException e) {
                                return e.getMessage();
                            }
                        })
                        .gives("GET http://HERE/: the response is closed | 0/0/1"),
                Case.of("H108 + closed while a task reads it")
                        .server(HALF_BODY)
                        .does((session, scene) -> {
                            ClientResponse response =
                                    session.get(scene.url("/")).await();
                            Task<String> reader = Asyncio.createTask(() -> {
                                try {
                                    return response.text().await();
                                } catch (IllegalStateException e) {
                                    return e.getMessage();
                                }
                            });
                            Asyncio.sleep(0).await();
                            response.close();
                            return reader.await();
                        })
                        .gives("GET http://HERE/: the response is closed | 0/0/1"));
    }
}
