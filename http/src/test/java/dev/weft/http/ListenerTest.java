package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Signals.Signal;
import dev.weft.http.message.Body;
import dev.weft.http.message.BodySource;
import dev.weft.http.message.CallInfo;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientListener;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Key;
import dev.weft.http.message.Options;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.LoopError;
import dev.weft.loop.Runner;
import dev.weft.loop.Task;
import dev.weft.loop.net.dial.ResolveException;
import dev.weft.loop.net.dial.Resolver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What listeners are told, and in which order. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@OverBoth
class ListenerTest {
    private final Signals signals = new Signals();

    private ClientSession.Builder listening() {
        return ClientSession.builder().listener(signals.listener);
    }

    /** The case of aiohttp's documentation: a POST that is redirected. */
    @Test
    void aPostThatIsRedirected() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            assertTrue(peer.request().endsWith("hello"));
            peer.send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
            assertTrue(peer.request().startsWith("GET /b"));
            peer.send(RawServer.OK);
            peer.awaitEnd();
        })) {
            Client.run(listening(), session -> {
                String url = "http://localhost:" + server.port() + "/a";
                assertEquals("ok", session.post(url).body("hello").text().await());
                Client.until(() -> !signals.of("callEnd").isEmpty());
            });
            List<String> names = signals.names();
            // How many addresses localhost has is the machine's affair, and how many of them are tried.
            assertEquals(List.of("requestStart", "dnsStart", "dnsEnd", "connectStart"), names.subList(0, 4));
            int sent = names.indexOf("headersSent");
            assertEquals("connectEnd", names.get(sent - 1));
            assertEquals(
                    List.of(
                            "headersSent",
                            "chunkSent",
                            "firstByte",
                            "responseHead",
                            "bodyEnd",
                            "redirect",
                            "connectionReused",
                            "headersSent",
                            "firstByte",
                            "responseHead",
                            "chunkReceived",
                            "bodyEnd",
                            "requestEnd",
                            "callEnd",
                            "connectionClosed"),
                    names.subList(sent, names.size()));
            assertEquals("dnsStart localhost", signals.only("dnsStart").toString());
            assertTrue(signals.only("dnsEnd").toString().contains("127.0.0.1"));
            Signal connected = signals.of("connectEnd").getLast();
            assertEquals(
                    server.port(), ((InetSocketAddress) connected.arguments().get(0)).getPort());
            assertNull(connected.arguments().get(1));
            assertEquals("chunkSent 5", signals.only("chunkSent").toString());
            assertEquals("chunkReceived 2", signals.only("chunkReceived").toString());
            assertEquals(
                    List.of("bodyEnd 0", "bodyEnd 2"),
                    signals.of("bodyEnd").stream().map(Signal::toString).toList());
            assertEquals(
                    List.of("responseHead 302", "responseHead 200"),
                    signals.of("responseHead").stream().map(Signal::toString).toList());
            assertEquals("requestEnd 200", signals.only("requestEnd").toString());
            ClientRequest next =
                    (ClientRequest) signals.only("redirect").arguments().get(1);
            assertEquals("GET http://localhost:" + server.port() + "/b", next.toString());
        }
    }

    @Test
    void theSignalsOfACallBelongTogether() throws Exception {
        Key<String> key = Key.of("mine", "nothing");
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
            while (peer.request() != null) {
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(listening(), session -> {
                session.get(server.url("/a")).attribute(key, "first").text().await();
                int first = signals.all.size();
                session.get(server.url("/c")).text().await();
                long id = signals.all.getFirst().call().id();
                long before = 0;
                for (Signal signal : signals.all.subList(0, first)) {
                    CallInfo call = signal.call();
                    assertEquals(id, call.id());
                    assertEquals("first", call.attribute(key));
                    assertTrue(call.nanoTime() >= before);
                    before = call.nanoTime();
                }
                for (Signal signal : signals.all.subList(first, signals.all.size())) {
                    assertTrue(signal.call().id() > id);
                    assertEquals("nothing", signal.call().attribute(key));
                }
            });
        }
        CallInfo whole = signals.of("requestStart").getFirst().call();
        assertEquals(0, whole.hop());
        assertEquals(0, whole.attempt());
        assertEquals("/a", whole.request().url().path());
        CallInfo first = signals.of("responseHead").get(0).call();
        CallInfo second = signals.of("responseHead").get(1).call();
        assertEquals(List.of(1, 1, 2, 1), List.of(first.hop(), first.attempt(), second.hop(), second.attempt()));
        assertEquals("/b", second.request().url().path());
        assertEquals("*/*", second.request().headers().first("Accept"));
        assertEquals(1, signals.of("redirect").getFirst().call().hop());
        assertTrue(second.toString().endsWith("/b (hop 2, attempt 1)"), second.toString());
    }

    @Test
    void aDeadConnectionIsRetried() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send(RawServer.OK);
            if (peer.number == 1) {
                peer.request();
            } else {
                peer.awaitEnd();
            }
        })) {
            Client.run(listening(), session -> {
                session.get(server.url("/1")).text().await();
                signals.all.clear();
                assertEquals("ok", session.get(server.url("/2")).text().await());
                assertEquals(
                        List.of(
                                "requestStart",
                                "connectionReused",
                                "headersSent",
                                "connectionClosed",
                                "retry",
                                "connectStart",
                                "connectEnd",
                                "headersSent",
                                "firstByte",
                                "responseHead",
                                "chunkReceived",
                                "bodyEnd",
                                "requestEnd",
                                "callEnd"),
                        signals.names());
                assertEquals(
                        "retry 2 ServerDisconnectedException",
                        signals.only("retry").toString());
                assertEquals(1, signals.only("retry").call().attempt());
                assertEquals(2, signals.only("responseHead").call().attempt());
                assertEquals(1, signals.only("responseHead").call().hop());
            });
        }
    }

    @Test
    void whoHasToWaitIsQueued() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            while (peer.request() != null) {
                Client.hold(go);
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(listening().limit(1).limitPerHost(1), session -> {
                Task<String> first =
                        Asyncio.createTask(session.get(server.url("/1")).text());
                Client.until(() -> session.stats().acquired() == 1);
                Task<String> second =
                        Asyncio.createTask(session.get(server.url("/2")).text());
                Task<String> third =
                        Asyncio.createTask(session.get(server.url("/3")).text());
                Client.until(() -> session.stats().waiting() == 2);
                assertEquals(2, signals.of("queuedStart").size());
                assertEquals(List.of(), signals.of("queuedEnd"));
                third.cancel();
                assertThrows(CancelledError.class, third::await);
                assertEquals(1, signals.of("queuedEnd").size());
                assertEquals(
                        "requestFailed CancelledError",
                        signals.only("requestFailed").toString());
                go.countDown();
                first.await();
                second.await();
                assertEquals(2, signals.of("queuedEnd").size());
                assertEquals(3, signals.of("callEnd").size());
            });
        }
    }

    @Test
    void aServerThatIsNotThere() throws Exception {
        try (Socket taken = new Socket()) {
            // Bound, but nobody listens: a connection is refused.
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            Client.run(listening(), session -> {
                String nobody = "http://127.0.0.1:" + taken.getLocalPort() + "/";
                assertThrows(ClientException.class, () -> session.get(nobody).await());
                assertEquals(
                        List.of("requestStart", "connectStart", "connectEnd", "requestFailed", "callEnd"),
                        signals.names());
                assertNotNull(signals.only("connectEnd").arguments().get(1));
                assertEquals(
                        "requestFailed ConnectFailedException",
                        signals.only("requestFailed").toString());
            });
        }
    }

    @Test
    void aNameThatIsNotThere() throws Exception {
        Resolver resolver = host -> () -> {
            throw new ResolveException("nothing is known of " + host, new UnknownHostException(host), false);
        };
        Client.run(unused -> {
            Connector connector = Connector.builder().resolver(resolver).build();
            try (ClientSession session = listening().connector(connector).build()) {
                assertThrows(
                        DnsException.class,
                        () -> session.get("http://nobody.example/").await());
            }
        });
        assertEquals(List.of("requestStart", "dnsStart", "dnsEnd", "requestFailed", "callEnd"), signals.names());
        assertEquals("dnsEnd nobody.example []", signals.only("dnsEnd").toString());
    }

    /** How a call comes to its end. */
    enum End {
        WHOLE,
        CUT_OFF,
        CLOSED,
        CANCELLED,
        SESSION_CLOSED,
        NO_ANSWER
    }

    @ParameterizedTest
    @EnumSource
    void everyCallEndsOnce(End end) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            if (end == End.NO_ANSWER) {
                return;
            }
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n12345");
            Client.hold(go);
            if (end == End.WHOLE) {
                peer.send("x".repeat(199_995));
            }
            if (end != End.CUT_OFF) {
                peer.awaitEnd();
            }
        })) {
            Client.run(listening(), session -> {
                Task<String> task = Asyncio.createTask(() -> {
                    try (ClientResponse response = session.get(server.url("/")).await()) {
                        response.content().read().await();
                        go.countDown();
                        if (end == End.CLOSED) {
                            return "";
                        }
                        for (ByteBuffer piece : response.content()) {
                            piece.position(piece.limit());
                        }
                        return "";
                    }
                });
                Client.until(() -> task.isDone() || go.getCount() == 0);
                if (end == End.CANCELLED) {
                    task.cancel();
                }
                if (end == End.SESSION_CLOSED) {
                    session.close();
                }
                Asyncio.wait(List.of(task)).await();
                Client.until(() -> !signals.of("callEnd").isEmpty());
            });
        }
        String last = switch (end) {
            case WHOLE -> "bodyEnd 200000";
            case CUT_OFF -> "bodyFailed 5 PayloadException";
            case CLOSED, CANCELLED -> "bodyFailed 5 null";
            case SESSION_CLOSED -> "bodyFailed 5 SessionClosedException";
            case NO_ANSWER -> "requestFailed ServerDisconnectedException";
        };
        List<Signal> bodies = end == End.NO_ANSWER
                ? signals.of("requestFailed")
                : signals.all.stream()
                        .filter(signal -> signal.name().startsWith("body"))
                        .toList();
        assertEquals(List.of(last), bodies.stream().map(Signal::toString).toList());
        signals.only("requestStart");
        signals.only("callEnd");
        signals.only(end == End.NO_ANSWER ? "requestFailed" : "requestEnd");
        signals.only("connectionClosed");
        boolean outlived = end != End.CUT_OFF && end != End.NO_ANSWER && Spoken.isHttp2();
        if (end != End.WHOLE && !outlived) {
            assertEquals("callEnd", signals.all.getLast().name());
        }
    }

    /** A body whose length nobody knows. */
    private static Body pieces(String... pieces) {
        return new Body() {
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
                Iterator<String> rest = List.of(pieces).iterator();
                return () -> rest.hasNext() ? ByteBuffer.wrap(rest.next().getBytes(StandardCharsets.US_ASCII)) : null;
            }
        };
    }

    @Test
    void anUploadWithAnInterimAnswer() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            String head = peer.head();
            peer.send("HTTP/1.1 100 Continue\r\n\r\n");
            peer.body(head);
            peer.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + RawServer.OK);
            peer.awaitEnd();
        })) {
            Client.run(listening(), session -> {
                ClientResponse response = session.put(server.url("/"))
                        .body(pieces("hello, ", "world"))
                        .expectContinue(Duration.ofSeconds(20))
                        .await();
                assertEquals("ok", response.text().await());
                assertEquals(12, response.bytesSent());
                assertEquals(2, response.bytesReceived());
                assertEquals(2, response.bytesDecoded());
            });
        }
        assertEquals(
                List.of(
                        "headersSent",
                        "firstByte",
                        "interim 100",
                        "chunkSent 7",
                        "chunkSent 5",
                        "interim 103",
                        "responseHead 200"),
                signals.all.stream()
                        .map(Signal::toString)
                        .filter(text -> text.startsWith("headersSent")
                                || text.startsWith("firstByte")
                                || text.startsWith("interim")
                                || text.startsWith("chunkSent")
                                || text.startsWith("responseHead"))
                        .toList());
    }

    @Test
    void largeBodiesInMemoryShowTheirProgress() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(listening(), session -> {
                ClientResponse response =
                        session.post(server.url("/")).body(new byte[300_000]).await();
                response.text().await();
                assertEquals(300_000, response.bytesSent());
            });
        }
        assertTrue(signals.of("chunkSent").size() > 1);
        assertEquals(
                300_000,
                signals.of("chunkSent").stream()
                        .mapToInt(signal -> (int) signal.arguments().getFirst())
                        .sum());
    }

    @Test
    void whatAListenerThrowsIsReportedAndTheRequestGoesOn() throws Exception {
        Signals other = new Signals();
        signals.failure = new IllegalArgumentException("a bug");
        List<LoopError> reports = new ArrayList<>();
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
            while (peer.request() != null) {
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(listening().listener(other.listener), session -> {
                Asyncio.getRunningLoop().setExceptionHandler(reports::add);
                assertEquals("ok", session.get(server.url("/")).text().await());
                Client.until(() -> !other.of("callEnd").isEmpty());
                assertEquals(signals.names(), other.names());
                assertEquals(signals.all.size(), reports.size());
                assertTrue(reports.getFirst().message().startsWith("Exception in requestStart of the listener "));
                assertSame(signals.failure, reports.getFirst().exception());
                Asyncio.getRunningLoop().setExceptionHandler(null);
                signals.failure = null;
            });
        }
    }

    @Test
    void aListenerThatCannotBegin() throws Exception {
        List<LoopError> reports = new ArrayList<>();
        ClientListener broken = new ClientListener() {
            @Override
            public ClientListener begin(CallInfo call) {
                throw new IllegalStateException("cannot");
            }
        };
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                Asyncio.getRunningLoop().setExceptionHandler(reports::add);
                session.get(server.url("/")).listener(broken).text().await();
                assertEquals(1, reports.size());
                session.get(server.url("/"))
                        .listener(broken)
                        .listener(signals.listener)
                        .text()
                        .await();
                assertEquals(2, reports.size());
                signals.only("requestEnd");
            });
        }
        reports.forEach(report -> assertEquals("cannot", report.exception().getMessage()));
    }

    @Test
    void theSessionsListenerIsToldFirst() throws Exception {
        List<String> order = new ArrayList<>();
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(ClientSession.builder().listener(named("session", order)), session -> {
                session.get(server.url("/"))
                        .listener(named("one", order))
                        .listener(named("two", order))
                        .text()
                        .await();
                assertEquals(List.of("session", "one", "two"), order);
                order.clear();
                session.get(server.url("/")).text().await();
                assertEquals(List.of("session"), order);
                order.clear();
                session.get(server.url("/"))
                        .attribute(Options.LISTENER, null)
                        .text()
                        .await();
                assertEquals(List.of(), order);
            });
        }
    }

    private static ClientListener named(String name, List<String> order) {
        return new ClientListener() {
            @Override
            public void requestStart(CallInfo call) {
                order.add(name);
            }
        };
    }

    @Test
    void aListenerForEachCall() throws Exception {
        Map<String, List<String>> told = new java.util.TreeMap<>();
        ClientListener each = new ClientListener() {
            @Override
            public ClientListener begin(CallInfo call) {
                List<String> mine = new ArrayList<>();
                told.put(call.request().url().path(), mine);
                return named("start", mine);
            }
        };
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(ClientSession.builder().listener(each), session -> {
                session.get(server.url("/a")).text().await();
                session.get(server.url("/b")).text().await();
            });
        }
        assertEquals(Map.of("/a", List.of("start"), "/b", List.of("start")), told);
    }

    /** Middleware that answers itself: a call without an exchange. */
    @Test
    void anAnswerOfMiddleware() throws Exception {
        Client.run(
                listening()
                        .middleware((request, next) -> ClientResponse.of(
                                request, 200, Headers.empty(), "made up".getBytes(StandardCharsets.UTF_8))),
                session -> session.get("http://127.0.0.1/").text().await());
        assertEquals(List.of("requestStart", "requestEnd", "callEnd"), signals.names());
    }

    @Test
    void aConnectionIsClosedForAReason() throws Exception {
        try (RawServer server = RawServer.once("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")) {
            Client.run(
                    listening(), session -> session.get(server.url("/")).text().await());
        }
        assertTrue(
                signals.only("connectionClosed").toString().contains(Spoken.isHttp2() ? "GOAWAY" : "close"),
                signals.all::toString);
    }

    /** Each call that is told of has a number: nobody listens, no number is used. */
    @Test
    void nothingIsMadeWhereNobodyListens() throws Exception {
        // The flight recorder, which another test may have started, listens too.
        try (RawServer server = RawServer.answering(RawServer.OK);
                Runner runner = Runner.builder().jfr(false).build()) {
            runner.run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    session.get(server.url("/"))
                            .listener(signals.listener)
                            .text()
                            .await();
                    for (int i = 0; i < 50; i++) {
                        session.get(server.url("/")).text().await();
                    }
                    session.get(server.url("/"))
                            .listener(signals.listener)
                            .text()
                            .await();
                }
            });
        }
        List<Signal> starts = signals.of("requestStart");
        assertEquals(1, starts.get(1).call().id() - starts.get(0).call().id());
    }

    @Test
    void theFailureOfARequestIsTheOneThatIsThrown() throws Exception {
        try (RawServer server = RawServer.start(RawServer.Peer::request)) {
            Client.run(listening(), session -> {
                ServerDisconnectedException e = assertThrows(
                        ServerDisconnectedException.class,
                        () -> session.get(server.url("/")).await());
                assertSame(e, signals.only("requestFailed").arguments().getFirst());
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
