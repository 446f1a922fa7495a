package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.websocket.WebSocket;
import dev.weft.http.websocket.frame.Frames;
import dev.weft.loop.Asyncio;
import dev.weft.loop.LoopError;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was dropped without having been closed: answers and sessions. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@OverBoth
class LeakTest {
    private final List<LoopError> reports = new ArrayList<>();

    private interface Main {
        void run() throws Exception;
    }

    private void run(boolean debug, Main main) throws Exception {
        try (Runner runner = Runner.builder().debug(debug).handleSignals(false).build()) {
            runner.run(() -> {
                Asyncio.getRunningLoop().setExceptionHandler(reports::add);
                main.run();
            });
        }
    }

    private void run(Main main) throws Exception {
        run(false, main);
    }

    /** Collects garbage, and lets the loop hear of it, until something is reported. */
    private void collectUntilReported() {
        for (int i = 0; i < 2000 && reports.isEmpty(); i++) {
            collect(1);
        }
    }

    private static void collect(int times) {
        for (int i = 0; i < times; i++) {
            System.gc();
            Asyncio.sleep(Duration.ofMillis(1)).await();
        }
    }

    /** Gives a part of the body, and the rest when it is told to. */
    private static RawServer halfBody(CountDownLatch ended) throws IOException {
        return RawServer.start(peer -> {
            while (peer.request() != null) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                peer.awaitEnd();
                ended.countDown();
            }
        });
    }

    /** In a method and a task of its own, so that no frame keeps the response. */
    private static void drop(ClientSession session, String url) {
        Asyncio.createTask(() -> {
                    ClientResponse response = session.get(url).await();
                    assertEquals(200, response.status());
                })
                .await();
    }

    @Test
    void aDroppedResponseIsReportedAndItsConnectionFreed() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = halfBody(ended)) {
            run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    drop(session, server.url("/x"));
                    assertEquals(1, session.stats().acquired());
                    collectUntilReported();
                    assertEquals(
                            "unclosed response <GET " + server.url("/x") + " 200> was dropped; debug mode, or"
                                    + " -Dweft.leaks=full, would say where it came from",
                            reports.getFirst().message());
                    assertNull(reports.getFirst().exception());
                    Client.until(() -> session.stats().acquired() == 0);
                    Client.until(ended);
                    collect(5);
                    assertEquals(1, reports.size());
                }
            });
        }
    }

    @Test
    void inDebugModeItSaysWhereItCameFrom() throws Exception {
        try (RawServer server = halfBody(new CountDownLatch(1))) {
            run(true, () -> {
                try (ClientSession session = Spoken.session().build()) {
                    drop(session, server.url("/x"));
                    collectUntilReported();
                    assertOrigin(reports.getFirst(), "drop");
                    assertTrue(reports.getFirst().message().endsWith("was dropped"));
                }
            });
        }
    }

    @Test
    void thePropertyMakesItSayWhereToo() throws Exception {
        System.setProperty("weft.leaks", "full");
        try (RawServer server = halfBody(new CountDownLatch(1))) {
            run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    drop(session, server.url("/x"));
                    collectUntilReported();
                    assertOrigin(reports.getFirst(), "drop");
                }
            });
        } finally {
            System.clearProperty("weft.leaks");
        }
    }

    private static void assertOrigin(LoopError report, String method) {
        assertTrue(
                Arrays.stream(report.exception().getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().contains(method)
                                && frame.getClassName().startsWith(LeakTest.class.getName())),
                () -> Arrays.toString(report.exception().getStackTrace()));
    }

    /** What middleware makes of a response holds the same body. */
    @Test
    void aDroppedResponseOfMiddlewareAndRedirectsIsReported() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            peer.awaitEnd();
        })) {
            run(() -> {
                try (ClientSession session = Spoken.session()
                        .middleware((request, next) -> {
                            ClientResponse inner = next.send(request);
                            return inner.withHead(inner.head());
                        })
                        .build()) {
                    drop(session, server.url("/a"));
                    collectUntilReported();
                    assertTrue(reports.getFirst().message().contains("/b 200"), reports::toString);
                    Client.until(() -> session.stats().acquired() == 0);
                }
            });
        }
    }

    @Test
    void whoKeepsTheBodyKeepsTheConnection() throws Exception {
        try (RawServer server = halfBody(new CountDownLatch(1))) {
            run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    BodyReader body = session.get(server.url("/x")).await().content();
                    collect(10);
                    assertEquals(List.of(), reports);
                    assertEquals(1, session.stats().acquired());
                    body.close();
                    Client.until(() -> session.stats().acquired() == 0);
                    collect(5);
                }
            });
        }
        assertEquals(List.of(), reports);
    }

    @Test
    void aTaskThatReadsKeepsTheConnection() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            Client.hold(go);
            peer.send("world");
            peer.awaitEnd();
        })) {
            run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    Task<String> reading = Asyncio.createTask(
                            () -> session.get(server.url("/x")).await().text().await());
                    collect(20);
                    assertFalse(reading.isDone());
                    go.countDown();
                    assertEquals("helloworld", reading.await());
                }
            });
        }
        assertEquals(List.of(), reports);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "close", "whole", "cancel", "fail"})
    void whatCameToItsEndIsNotReported(String how) throws Exception {
        String body = "x".repeat(how.equals("whole") ? 100_000 : 10);
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body.substring(0, 5));
                if (!how.equals("whole")) {
                    Client.hold(go);
                }
                if (how.equals("fail")) {
                    return;
                }
                peer.send(body.substring(5));
            }
        })) {
            run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    Asyncio.createTask(
                                    () -> end(how, session.get(server.url("/")).await(), go))
                            .await();
                    Client.until(() -> session.stats().acquired() == 0);
                    collect(10);
                }
            });
        }
        assertEquals(List.of(), reports);
    }

    private static void end(String how, ClientResponse response, CountDownLatch go) {
        switch (how) {
            case "close" -> {
                response.close();
                go.countDown();
            }
            // It was not read, but nobody waits for its connection.
            case "whole" -> Client.until(() -> response.bytesReceived() == 100_000);
            case "cancel" -> {
                Task<String> reader = Asyncio.createTask(response.text());
                Asyncio.sleep(Duration.ofMillis(1)).await();
                reader.cancel();
                Asyncio.wait(List.of(reader)).await();
                go.countDown();
            }
            default -> {
                go.countDown();
                Asyncio.wait(List.of(Asyncio.createTask(() -> {
                            try {
                                response.text().await();
                            } catch (dev.weft.http.message.PayloadException e) {
                                assertEquals("fail", how);
                            }
                        })))
                        .await();
            }
        }
    }

    /** A decoder of a dropped body is closed: seen by what Netty and the JDK tell; here that nothing else breaks. */
    @Test
    void aDroppedResponseThatWasHalfDecoded() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("x".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII));
        }
        byte[] coded = bytes.toByteArray();
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + coded.length + "\r\n\r\n");
            peer.send(Arrays.copyOf(coded, coded.length - 8));
            peer.awaitEnd();
        })) {
            run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    Asyncio.createTask(() -> {
                                ClientResponse response =
                                        session.get(server.url("/")).await();
                                assertTrue(response.content().read().await().hasRemaining());
                            })
                            .await();
                    collectUntilReported();
                    assertEquals(1, reports.size());
                    Client.until(() -> session.stats().acquired() == 0);
                }
            });
        }
    }

    // ---- sessions

    private static void openAndDrop(String url) {
        Asyncio.createTask(() -> {
                    ClientSession session = Spoken.session().build();
                    assertEquals("ok", session.get(url).text().await());
                })
                .await();
    }

    @Test
    void aDroppedSessionIsReportedAndItsConnectionsClosed() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send(RawServer.OK);
            peer.awaitEnd();
            ended.countDown();
        })) {
            run(() -> {
                openAndDrop(server.url("/"));
                collectUntilReported();
                assertEquals("unclosed session was dropped", reports.getFirst().message());
                assertOrigin(reports.getFirst(), "openAndDrop");
                Client.until(ended);
                collect(5);
            });
        }
        assertEquals(1, reports.size());
    }

    /** A request that is under way keeps its session. */
    @Test
    void aSessionIsThereAsLongAsItsRequests() throws Exception {
        CountDownLatch head = new CountDownLatch(1);
        CountDownLatch body = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            Client.hold(head);
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
            Client.hold(body);
            peer.send("world");
            peer.awaitEnd();
        })) {
            run(() -> {
                Task<ClientResponse> waiting = Asyncio.createTask(
                        () -> Spoken.session().build().get(server.url("/")).await());
                collect(20);
                head.countDown();
                ClientResponse response = waiting.await();
                collect(20);
                body.countDown();
                assertEquals("helloworld", response.text().await());
                assertEquals(List.of(), reports);
                collectUntilReported();
                assertEquals("unclosed session was dropped", reports.getFirst().message());
            });
        }
        assertEquals(1, reports.size());
    }

    @Test
    void aSessionThatIsOpenWhenItsLoopClosesIsReported() throws Exception {
        List<ClientSession> kept = new ArrayList<>();
        run(() -> kept.add(Spoken.session().build()));
        assertEquals(1, reports.size());
        assertEquals(
                "unclosed session when its loop was closed", reports.getFirst().message());
        assertOrigin(reports.getFirst(), "aSessionThatIsOpen");
    }

    @Test
    void aClosedSessionIsNeitherReportedNorKept() throws Exception {
        List<WeakReference<ClientSession>> sessions = new ArrayList<>();
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            run(() -> {
                Asyncio.createTask(() -> {
                            for (int i = 0; i < 5; i++) {
                                try (ClientSession session = Spoken.session().build()) {
                                    session.get(server.url("/")).text().await();
                                    sessions.add(new WeakReference<>(session));
                                }
                            }
                        })
                        .await();
                for (int i = 0; i < 2000 && sessions.stream().anyMatch(session -> session.get() != null); i++) {
                    collect(1);
                }
                assertTrue(sessions.stream().allMatch(session -> session.get() == null));
            });
        }
        assertEquals(List.of(), reports);
    }

    // ---- connectors

    @Test
    void aDroppedConnectorWithConnectionsIsReported() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send(RawServer.OK);
            peer.awaitEnd();
            ended.countDown();
        })) {
            run(() -> {
                Asyncio.createTask(() -> {
                            Connector connector = Connector.builder().build();
                            try (ClientSession session = Spoken.session()
                                    .connector(connector)
                                    .connectorOwner(false)
                                    .build()) {
                                session.get(server.url("/")).text().await();
                            }
                        })
                        .await();
                collectUntilReported();
                assertEquals(
                        "unclosed connector was dropped", reports.getFirst().message());
                Client.until(ended);
            });
        }
        assertEquals(1, reports.size());
    }

    @Test
    void aConnectorIsThereAsLongAsItsSession() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            run(() -> {
                try (ClientSession session =
                        Spoken.session().connector(Connector.builder().build()).build()) {
                    session.get(server.url("/")).text().await();
                    collect(20);
                    assertEquals(1, session.stats().idle());
                }
            });
        }
        assertEquals(List.of(), reports);
    }

    /** One that has no connections holds nothing. */
    @Test
    void aDroppedConnectorWithoutConnectionsIsNotReported() throws Exception {
        List<WeakReference<Connector>> made = new ArrayList<>();
        run(() -> {
            Asyncio.createTask(() -> {
                        made.add(new WeakReference<>(Connector.builder().build()));
                    })
                    .await();
            for (int i = 0; i < 2000 && made.getFirst().get() != null; i++) {
                collect(1);
            }
            assertNull(made.getFirst().get());
            collect(5);
        });
        assertEquals(List.of(), reports);
    }

    // ---- native memory

    /** Bodies that came whole and were never read hold Netty's buffers: they are given back. */
    @Test
    void droppedBodiesGiveTheirBuffersBack() throws Exception {
        int rounds = 300;
        String body = "x".repeat(200_000);
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + body)) {
            run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    for (int i = 0; i < rounds; i++) {
                        Asyncio.createTask(() -> {
                                    ClientResponse response =
                                            session.get(server.url("/")).await();
                                    Client.until(() -> response.bytesReceived() == 200_000);
                                })
                                .await();
                        if (i % 50 == 0) {
                            collect(3);
                        }
                    }
                    long limit = rounds * 200_000L / 2;
                    for (int i = 0; i < 200 && usedByNetty() > limit; i++) {
                        collect(1);
                    }
                    assertTrue(usedByNetty() < limit, () -> usedByNetty() + " bytes are in use");
                }
            });
        }
        assertEquals(List.of(), reports);
    }

    /** What buffers have of the chunks: of those that are empty some are kept. */
    private static long usedByNetty() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .flatMap(arena -> arena.chunkLists().stream())
                .flatMap(chunks -> StreamSupport.stream(chunks.spliterator(), false))
                .mapToLong(chunk -> chunk.chunkSize() - chunk.freeBytes())
                .sum();
    }

    private static void dropWebSocket(ClientSession session, String url) {
        Asyncio.createTask(() -> {
                    WebSocket ws =
                            session.ws(url).heartbeat(Duration.ofSeconds(30)).await();
                    assertFalse(ws.isClosed());
                })
                .await();
    }

    @Test
    @OverBoth.Http1Only("a WebSocket asks HTTP/1.1 to change the protocol")
    void aDroppedWebSocketIsReportedAndItsConnectionFreed() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (RawServer server = WsPeer.serve(peer -> {
            peer.peer.awaitEnd();
            ended.countDown();
        })) {
            run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    dropWebSocket(session, server.url("/x"));
                    assertEquals(1, session.stats().acquired());
                    collectUntilReported();
                    assertTrue(reports.getFirst()
                            .message()
                            .startsWith("unclosed response <GET " + server.url("/x") + " 101> was dropped"));
                    Client.until(() -> session.stats().acquired() == 0);
                    Client.until(ended);
                }
            });
        }
    }

    /** Nobody but the task that waits has the WebSocket. */
    @Test
    @OverBoth.Http1Only("a WebSocket asks HTTP/1.1 to change the protocol")
    void aWebSocketThatIsUsedIsNotTakenForDropped() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = WsPeer.serve(peer -> {
            Client.hold(go);
            peer.send(Frames.text("hello"));
            peer.echoAll();
        })) {
            run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    Task<String> receiving = Asyncio.createTask(() -> {
                        WebSocket ws = session.ws(server.url("/")).await();
                        String text = ws.receiveText().await();
                        ws.close();
                        return text;
                    });
                    Client.until(() -> session.stats().acquired() == 1);
                    collect(20);
                    go.countDown();
                    assertEquals("hello", receiving.await());
                    assertEquals(List.of(), reports);
                }
            });
        }
    }
}
