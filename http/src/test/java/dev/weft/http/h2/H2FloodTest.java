package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers that make work without end: RFC 9113 section 10.5. Each connection ends early, with a reason, and with little memory; one to another server is
 * untouched.
 */
class H2FloodTest {
    private static final long MOST_GROWTH_BYTES = 16 << 20;
    /** What may be on its way in the kernel's buffers when the client closes. */
    private static final long MOST_SENT_BYTES = 24 << 20;

    private static final H2Block OK = H2Block.status("200");

    /**
     * What a server sends on the stream of a request, once, then again and again.
     *
     * @param outcome of the request, in the words of {@link Outcomes#matches}
     */
    private record Flood(String name, IntFunction<List<H2Frame>> first, IntFunction<H2Frame> again, String outcome) {
        /** Frames that nobody asked for, before an answer. */
        static Flood of(String name, String outcome, IntFunction<H2Frame> again) {
            return new Flood(name, stream -> List.of(), again, outcome);
        }

        Flood behind(IntFunction<H2Frame> frame) {
            return new Flood(name, stream -> List.of(frame.apply(stream)), again, outcome);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static String floods(String what) {
        return "ProtocolException: …flood…" + what + "…";
    }

    static Stream<Flood> control() {
        return Stream.of(
                Flood.of("PING", floods("PING"), stream -> ping(0, 1)),
                Flood.of("answers to no PING", floods("PING"), stream -> ping(ACK, 1)),
                Flood.of("SETTINGS", floods("SETTINGS"), stream -> settings()),
                Flood.of(
                        "SETTINGS that change",
                        floods("SETTINGS"),
                        stream -> settings(
                                HEADER_TABLE_SIZE,
                                100,
                                HEADER_TABLE_SIZE,
                                4096,
                                INITIAL_WINDOW_SIZE,
                                1,
                                INITIAL_WINDOW_SIZE,
                                65_535)),
                Flood.of("acknowledgements of nothing", "ProtocolException: …SETTINGS…", stream -> settingsAck()),
                Flood.of("WINDOW_UPDATE", floods("WINDOW_UPDATE"), stream -> windowUpdate(0, 1)),
                Flood.of("WINDOW_UPDATE of a stream", floods("WINDOW_UPDATE"), stream -> windowUpdate(stream, 1)),
                Flood.of("PRIORITY", floods("PRIORITY"), stream -> priority(stream, 0)),
                Flood.of("GOAWAY", floods("GOAWAY"), stream -> goAway(Integer.MAX_VALUE, H2Code.NO_ERROR)),
                Flood.of("unknown frames", floods("unknown"), stream -> new H2Frame(0xbb, 0, 0, new byte[0])),
                Flood.of(
                        "large unknown frames", floods("unknown"), stream -> new H2Frame(0xbb, 0, 0, new byte[16_384])),
                Flood.of(
                        "RST_STREAM", "ServerDisconnectedException: …CANCEL…", stream -> reset(stream, H2Code.CANCEL)));
    }

    static Stream<Flood> bodies() {
        return Stream.of(
                Flood.of("empty DATA", "200 \"\" then " + floods("empty DATA"), stream -> data(stream, 0, ""))
                        .behind(stream -> headers(stream, 0, OK)),
                Flood.of(
                                "DATA of padding alone",
                                "200 \"\" then " + floods("empty DATA"),
                                stream -> padded(stream, 0, "", 255))
                        .behind(stream -> headers(stream, 0, OK)),
                Flood.of(
                                "DATA of a stream that was reset",
                                "ProtocolException: …",
                                stream -> data(stream, 0, new byte[1000]))
                        .behind(stream -> headers(stream, 0, H2Block.status("abc"))),
                Flood.of("DATA behind the end", "200 \"\"", stream -> data(stream, 0, new byte[1000]))
                        .behind(stream -> headers(stream, END_STREAM, OK)),
                Flood.of("heads behind the end", "200 \"\"", stream -> headers(stream, END_STREAM, OK))
                        .behind(stream -> headers(stream, END_STREAM, OK)),
                Flood.of("WINDOW_UPDATE behind the end", "200 \"\"", stream -> windowUpdate(stream, 1))
                        .behind(stream -> headers(stream, END_STREAM, OK)));
    }

    static Stream<Flood> heads() {
        byte[] literal = H2Block.of("x-" + "n".repeat(100), "v".repeat(16_000)).bytes();
        return Stream.of(
                Flood.of(
                        "interim answers",
                        "ProtocolException: …interim…",
                        stream -> headers(stream, 0, H2Block.status("103", "link", "</a>"))),
                Flood.of("CONTINUATION without end", "ProtocolException: …", stream -> continuation(stream, 0, literal))
                        .behind(stream -> headersPart(stream, 0, OK.bytes())),
                Flood.of("empty CONTINUATION", "ProtocolException: …", stream -> continuation(stream, 0, new byte[0]))
                        .behind(stream -> headersPart(stream, 0, OK.bytes())),
                Flood.of(
                                "CONTINUATION of a byte each",
                                "ProtocolException: …",
                                stream -> continuation(stream, 0, new byte[1]))
                        .behind(stream -> headersPart(stream, 0, OK.bytes())),
                Flood.of(
                                "CONTINUATION of a field each",
                                "ProtocolException: …",
                                stream -> continuation(
                                        stream,
                                        0,
                                        H2Block.of("a", "b".repeat(90)).bytes()))
                        .behind(stream -> headersPart(stream, 0, OK.bytes())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"control", "bodies", "heads"})
    void endsEarly(Flood flood) throws Exception {
        long before = memory();
        AtomicLong sent = new AtomicLong();
        CountDownLatch over = new CountDownLatch(1);
        String[] outcome = new String[1];
        try (H2Server elsewhere = H2Server.start(peer -> {
                    int stream = peer.request().streamId();
                    peer.send(headers(stream, 0, OK));
                    Client.hold(over);
                    peer.send(data(stream, END_STREAM, "safe"));
                    peer.awaitEnd();
                });
                H2Server server =
                        H2Server.start(peer -> flood(peer, peer.request().streamId(), flood, sent))) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse safe = session.get(elsewhere.url("/")).await()) {
                    outcome[0] = Asyncio.timeout(
                            Duration.ofSeconds(20), scope -> Outcomes.exchange(session.get(server.url("/"))));
                    Client.until(() -> server.peer(1).hasEnded());
                    assertSmall(before);
                    over.countDown();
                    assertEquals("safe", safe.text().await());
                }
            });
        }
        assertTrue(Outcomes.matches(flood.outcome, outcome[0]), outcome[0]);
        assertTrue(sent.get() < MOST_SENT_BYTES, () -> "the server could send " + sent + " bytes");
    }

    private static void flood(H2Peer peer, int stream, Flood flood, AtomicLong sent) throws Exception {
        peer.raw.socket.setSendBufferSize(64 * 1024);
        H2Frame once = flood.again.apply(stream);
        H2Frame[] many = new H2Frame[Math.max(1, 16_000 / once.bytes().length)];
        Arrays.fill(many, once);
        peer.send(flood.first.apply(stream).toArray(H2Frame[]::new));
        while (sent.get() < MOST_SENT_BYTES) {
            peer.send(many);
            sent.addAndGet((long) many.length * once.bytes().length);
        }
        throw new AssertionError("the client takes everything");
    }

    /** The same while the server reads no answer: what waits for it to be read is bounded too. */
    @Test
    void questionsOfOneWhoDoesNotListen() throws Exception {
        AtomicLong sent = new AtomicLong();
        Flood pings = Flood.of("PING", "", stream -> ping(0, 1));
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.deaf(true);
            flood(peer, stream, pings, sent);
        })) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.get(server.url("/")));
                assertTrue(outcome.startsWith("ProtocolException: "), outcome);
            });
        }
        assertTrue(sent.get() < MOST_SENT_BYTES, () -> "the server could send " + sent + " bytes");
    }

    /** An entry of the table that is referred to 20000 times: 80 MB in 24 KB, for each request. */
    @Test
    void compressedHeads() throws Exception {
        long before = memory();
        try (H2Server server = H2Server.start(peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                H2Block block = H2Block.status("200").indexed("x-large", "v".repeat(4000));
                for (int i = 0; i < 20_000; i++) {
                    block.index(62);
                }
                peer.sendHead(request.streamId(), block);
            }
        })) {
            Client.run(H2Server.client(), session -> {
                for (int i = 0; i < 20; i++) {
                    String outcome = Outcomes.exchange(session.get(server.url("/")));
                    assertTrue(outcome.startsWith("ProtocolException: "), outcome);
                }
                assertSmall(before);
            });
        }
    }

    /** A head that is too large, and not by far: only its own request fails. */
    private record LargeHead(String name, H2Block block, String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<LargeHead> largeHeads() {
        H2Block total = H2Block.status("200");
        H2Block fields = H2Block.status("200");
        for (int i = 0; i < 300; i++) {
            fields.and("x-" + i, "v");
        }
        for (int i = 0; i < 40; i++) {
            total.and("x-" + i, "v".repeat(8000));
        }
        return Stream.of(
                new LargeHead("all of it", total, "…more than 262144 bytes…"),
                new LargeHead(
                        "one field", H2Block.status("200", "x-large", "v".repeat(70_000)), "…x-large…limit is 65536…"),
                new LargeHead("the number of fields", fields, "…more than 256 header fields…"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("largeHeads")
    void aHeadBeyondTheLimits(LargeHead head) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.sendHead(stream, head.block);
            peer.next(RST_STREAM, stream);
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.get(server.url("/")));
                assertTrue(Outcomes.matches("ProtocolException: " + head.reason, outcome), outcome);
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(1, server.connections());
            });
        }
    }

    /** The window of the stream, or that of the connection, is never opened. */
    static Stream<H2Frame> shutWindows() {
        return Stream.of(settings(INITIAL_WINDOW_SIZE, 0), settings());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shutWindows")
    void aWindowThatIsShutForEver(H2Frame opening) throws Exception {
        try (H2Server server = H2Server.start(opening.bytes(), peer -> {
            int stuck = peer.request().streamId();
            peer.answer(peer.request().streamId(), "ok");
            assertEquals(
                    "RST_STREAM[" + stuck + "] CANCEL",
                    peer.next(RST_STREAM, stuck).toString());
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                ClientTimeout patience =
                        ClientTimeout.builder().write(Duration.ofMillis(300)).build();
                Task<String> stuck = H2LifeTest.begin(
                        session.post(server.url("/")).body(new byte[1 << 20]).timeout(patience));
                Client.until(() -> server.peer(1) != null && server.peer(1).openStreams() == 1);
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                String outcome = stuck.await();
                assertTrue(outcome.startsWith("WriteTimeoutException: "), outcome);
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(1, server.connections());
            });
        }
    }

    /** A server that gives every credit and then reads nothing. */
    @Test
    void anUploadThatIsNotRead() throws Exception {
        AtomicLong read = new AtomicLong();
        try (H2Server server =
                H2Server.start(settings(INITIAL_WINDOW_SIZE, Integer.MAX_VALUE).bytes(), peer -> {
                    peer.send(windowUpdate(0, Integer.MAX_VALUE - 65_535));
                    peer.raw.socket.setReceiveBufferSize(64 * 1024);
                    peer.request();
                    peer.deaf(true);
                    peer.awaitEnd();
                })) {
            Client.run(H2Server.client(), session -> {
                ClientTimeout patience =
                        ClientTimeout.builder().write(Duration.ofMillis(300)).build();
                Iterable<byte[]> endless = () -> Stream.generate(() -> {
                            read.addAndGet(16_384);
                            return new byte[16_384];
                        })
                        .iterator();
                String outcome = Outcomes.exchange(
                        session.post(server.url("/")).body(endless).timeout(patience));
                assertTrue(outcome.startsWith("WriteTimeoutException: "), outcome);
                server.peer(1).deaf(false);
            });
        }
        assertTrue(read.get() < MOST_SENT_BYTES, () -> read + " bytes were read of the body");
    }

    private static void assertSmall(long before) {
        long growth = memory() - before;
        assertTrue(growth < MOST_GROWTH_BYTES, () -> "it took " + growth + " bytes of memory");
    }

    /** What is in use after a garbage collection, and what Netty holds outside of the heap. */
    private static long memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory()
                - runtime.freeMemory()
                + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }
}
