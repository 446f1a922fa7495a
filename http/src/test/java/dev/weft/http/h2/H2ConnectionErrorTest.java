package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What breaks a connection, and what does not: RFC 9113 sections 3 to 6, and RFC 7541. A breach ends the connection with GOAWAY and the code that the RFC asks for;
 * every request on it fails with what was wrong, requests elsewhere go on.
 */
class H2ConnectionErrorTest {
    private static final int UNKNOWN_TYPE = 0xbb;
    private static final H2Block OK = H2Block.status("200");

    /**
     * What a server sends while two requests wait for their answers.
     *
     * @param sends made for the stream of the first
     * @param code what the client has to say of it
     * @param reason what both requests fail with, in the words of {@link Outcomes#matches}
     */
    private record Breach(String name, IntFunction<List<H2Frame>> sends, H2Code code, String reason) {
        static Breach of(String name, H2Code code, String reason, H2Frame sends) {
            return new Breach(name, stream -> List.of(sends), code, reason);
        }

        static Breach on(String name, H2Code code, String reason, IntFunction<H2Frame> sends) {
            return new Breach(name, stream -> List.of(sends.apply(stream)), code, reason);
        }

        void send(H2Peer peer, int stream) throws IOException {
            peer.send(sends.apply(stream).toArray(H2Frame[]::new));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Breach> frames() {
        return Stream.of(
                Breach.on(
                        "a frame larger than allowed",
                        H2Code.FRAME_SIZE_ERROR,
                        "…16385…",
                        stream -> headers(stream, 0, OK).withPayload(new byte[16_385])),
                Breach.of(
                        "DATA on stream 0",
                        H2Code.PROTOCOL_ERROR,
                        "…must be associated with a stream…",
                        data(0, 0, "x")),
                Breach.of(
                        "HEADERS on stream 0",
                        H2Code.PROTOCOL_ERROR,
                        "…must be associated with a stream…",
                        headers(0, 0, OK)),
                Breach.of(
                        "PRIORITY on stream 0",
                        H2Code.PROTOCOL_ERROR,
                        "…must be associated with a stream…",
                        priority(0, 1)),
                Breach.of(
                        "RST_STREAM on stream 0",
                        H2Code.PROTOCOL_ERROR,
                        "…must be associated with a stream…",
                        reset(0, H2Code.CANCEL)),
                Breach.on("SETTINGS on a stream", H2Code.PROTOCOL_ERROR, "…stream ID must be zero…", settings()::on),
                Breach.on("PING on a stream", H2Code.PROTOCOL_ERROR, "…stream ID must be zero…", ping(0, 1)::on),
                Breach.on(
                        "GOAWAY on a stream",
                        H2Code.PROTOCOL_ERROR,
                        "…stream ID must be zero…",
                        goAway(0, H2Code.NO_ERROR)::on),
                Breach.of(
                        "DATA on an idle stream",
                        H2Code.PROTOCOL_ERROR,
                        "…Stream 99 does not exist…",
                        data(99, 0, "x")),
                Breach.of("HEADERS on an idle stream", H2Code.PROTOCOL_ERROR, "…stream 99…", headers(99, 0, OK)),
                Breach.of("HEADERS on a stream of the server", H2Code.PROTOCOL_ERROR, "…2…", headers(2, 0, OK)),
                Breach.of(
                        "RST_STREAM on an idle stream",
                        H2Code.PROTOCOL_ERROR,
                        "…Stream 99 does not exist…",
                        reset(99, H2Code.CANCEL)),
                Breach.of(
                        "WINDOW_UPDATE on an idle stream",
                        H2Code.PROTOCOL_ERROR,
                        "…Stream 99 does not exist…",
                        windowUpdate(99, 1)),
                Breach.of(
                        "RST_STREAM on a stream of the server", H2Code.PROTOCOL_ERROR, "…2…", reset(2, H2Code.CANCEL)),
                Breach.on(
                        "RST_STREAM of 3 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 3…",
                        stream -> reset(stream, H2Code.CANCEL).withPayload(new byte[3])),
                Breach.of(
                        "PING of 7 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 7…",
                        ping(0, 1).withPayload(new byte[7])),
                Breach.of(
                        "GOAWAY of 7 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 7…",
                        goAway(0, H2Code.NO_ERROR).withPayload(new byte[7])),
                Breach.on(
                        "a pushed answer",
                        H2Code.PROTOCOL_ERROR,
                        "…push…",
                        stream -> pushPromise(
                                stream,
                                2,
                                H2Block.of(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"))),
                Breach.on(
                        "a pushed answer of which only a part is here",
                        H2Code.PROTOCOL_ERROR,
                        "…push…",
                        stream -> new H2Frame(PUSH_PROMISE, 0, stream, ints(2))),
                Breach.of(
                        "a pushed answer on stream 0",
                        H2Code.PROTOCOL_ERROR,
                        "…push…",
                        pushPromise(0, 2, H2Block.of(":method", "GET"))),
                Breach.of(
                        "PRIORITY_UPDATE, which is for clients",
                        H2Code.PROTOCOL_ERROR,
                        "…PRIORITY_UPDATE…",
                        new H2Frame(0x10, 0, 0, concat(ints(3), "u=1".getBytes(StandardCharsets.US_ASCII)))));
    }

    /** Frames that are too short, or too long, for what they have to say: section 4.2. */
    static Stream<Breach> sizes() {
        return Stream.of(
                Breach.on(
                        "RST_STREAM of 5 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 5…",
                        stream -> reset(stream, H2Code.CANCEL).withPayload(new byte[5])),
                Breach.of(
                        "PING of 9 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 9…",
                        ping(0, 1).withPayload(new byte[9])),
                Breach.of(
                        "an answer to a PING, of 0 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 0…",
                        ping(ACK, 1).withPayload()),
                Breach.on(
                        "HEADERS padded without a length",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 0…",
                        stream -> headers(stream, PADDED, H2Block.empty())),
                Breach.on(
                        "HEADERS with half a priority",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 4…",
                        stream -> headersPart(stream, WITH_PRIORITY | END_HEADERS, new byte[4])));
    }

    /** What would be an error of a stream alone, if there was that stream: section 5.1 has none that is idle be reset. */
    static Stream<Breach> idleStreams() {
        return Stream.of(
                Breach.of("WINDOW_UPDATE of 0", H2Code.PROTOCOL_ERROR, "…WINDOW_UPDATE…", windowUpdate(99, 0)),
                Breach.of(
                        "PRIORITY of 4 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 4…",
                        priority(99, 0).withPayload(new byte[4])),
                Breach.of("DATA padded without a length", H2Code.FRAME_SIZE_ERROR, "…length 0…", data(99, PADDED, "")),
                Breach.of(
                        "WINDOW_UPDATE of 0 on a stream of the server",
                        H2Code.PROTOCOL_ERROR,
                        "…WINDOW_UPDATE…",
                        windowUpdate(2, 0)),
                Breach.of(
                        "a head beyond all limits",
                        H2Code.PROTOCOL_ERROR,
                        "…",
                        headersPart(99, END_HEADERS, large().bytes())),
                Breach.of("DATA on a stream of the server", H2Code.PROTOCOL_ERROR, "…2…", data(2, 0, "x")),
                Breach.of("WINDOW_UPDATE on a stream of the server", H2Code.PROTOCOL_ERROR, "…2…", windowUpdate(2, 1)));
    }

    /** More than a megabyte of fields in few bytes. */
    private static H2Block large() {
        H2Block block = H2Block.status("200").indexed("x-large", "v".repeat(4000));
        for (int i = 0; i < 300; i++) {
            block.index(62);
        }
        return block;
    }

    /** Section 6.8: who has said that it takes no more does not take more. */
    static Stream<Breach> goAways() {
        return Stream.of(new Breach(
                "GOAWAY that takes back another one",
                stream -> List.of(goAway(stream + 2, H2Code.NO_ERROR), goAway(stream + 4, H2Code.NO_ERROR)),
                H2Code.PROTOCOL_ERROR,
                "…"));
    }

    static Stream<Breach> settingsFrames() {
        return Stream.of(
                Breach.of(
                        "SETTINGS of 5 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 5…",
                        settings().withPayload(new byte[5])),
                Breach.of(
                        "an acknowledgement with a payload",
                        H2Code.FRAME_SIZE_ERROR,
                        "……",
                        settingsAck().withPayload(new byte[6])),
                Breach.of("ENABLE_PUSH of a server", H2Code.PROTOCOL_ERROR, "…ENABLE_PUSH…", settings(ENABLE_PUSH, 1)),
                Breach.of("ENABLE_PUSH of 2", H2Code.PROTOCOL_ERROR, "…ENABLE_PUSH…", settings(ENABLE_PUSH, 2)),
                Breach.of(
                        "INITIAL_WINDOW_SIZE of 2^31",
                        H2Code.FLOW_CONTROL_ERROR,
                        "…INITIAL_WINDOW_SIZE…",
                        settings(INITIAL_WINDOW_SIZE, 1L << 31)),
                Breach.of(
                        "MAX_FRAME_SIZE of 16383",
                        H2Code.PROTOCOL_ERROR,
                        "…MAX_FRAME_SIZE…",
                        settings(MAX_FRAME_SIZE, 16_383)),
                Breach.of(
                        "MAX_FRAME_SIZE of 2^24",
                        H2Code.PROTOCOL_ERROR,
                        "…MAX_FRAME_SIZE…",
                        settings(MAX_FRAME_SIZE, 1 << 24)),
                Breach.of(
                        "MAX_FRAME_SIZE of 0", H2Code.PROTOCOL_ERROR, "…MAX_FRAME_SIZE…", settings(MAX_FRAME_SIZE, 0)),
                Breach.of(
                        "INITIAL_WINDOW_SIZE of 2^32 - 1",
                        H2Code.FLOW_CONTROL_ERROR,
                        "…INITIAL_WINDOW_SIZE…",
                        settings(INITIAL_WINDOW_SIZE, 0xffffffffL)),
                Breach.of(
                        "ENABLE_CONNECT_PROTOCOL of 2",
                        H2Code.PROTOCOL_ERROR,
                        "…ENABLE_CONNECT_PROTOCOL…",
                        settings(ENABLE_CONNECT_PROTOCOL, 2)),
                new Breach(
                        "ENABLE_CONNECT_PROTOCOL that is taken back",
                        stream -> List.of(settings(ENABLE_CONNECT_PROTOCOL, 1), settings(ENABLE_CONNECT_PROTOCOL, 0)),
                        H2Code.PROTOCOL_ERROR,
                        "…ENABLE_CONNECT_PROTOCOL…"),
                Breach.of(
                        "NO_RFC7540_PRIORITIES of 2",
                        H2Code.PROTOCOL_ERROR,
                        "…NO_RFC7540_PRIORITIES…",
                        settings(NO_RFC7540_PRIORITIES, 2)));
    }

    static Stream<Breach> windows() {
        return Stream.of(
                Breach.of("WINDOW_UPDATE of 0", H2Code.PROTOCOL_ERROR, "…WINDOW_UPDATE…", windowUpdate(0, 0)),
                Breach.of(
                        "WINDOW_UPDATE of 3 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 3…",
                        windowUpdate(0, 1).withPayload(new byte[3])),
                Breach.on(
                        "WINDOW_UPDATE of 5 bytes on a stream",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 5…",
                        stream -> windowUpdate(stream, 1).withPayload(new byte[5])),
                Breach.of(
                        "a window beyond 2^31 - 1",
                        H2Code.FLOW_CONTROL_ERROR,
                        "…Window size overflow…",
                        windowUpdate(0, Integer.MAX_VALUE)),
                new Breach(
                        "a stream's window beyond 2^31 - 1, by SETTINGS",
                        stream -> List.of(
                                windowUpdate(stream, Integer.MAX_VALUE - 65_535),
                                settings(INITIAL_WINDOW_SIZE, 65_536)),
                        H2Code.FLOW_CONTROL_ERROR,
                        "…Window size overflow…"));
    }

    static Stream<Breach> padding() {
        return Stream.of(
                Breach.on(
                        "DATA padded beyond its end",
                        H2Code.PROTOCOL_ERROR,
                        "…adding…",
                        stream -> data(stream, PADDED, "").withPayload((byte) 4, (byte) 'a', (byte) 0, (byte) 0)),
                Breach.on(
                        "HEADERS padded beyond their end",
                        H2Code.PROTOCOL_ERROR,
                        "…adding…",
                        stream -> headers(stream, PADDED, OK).withPayload((byte) 2, (byte) 0x88)));
    }

    static Stream<Breach> continuations() {
        byte[] block = OK.bytes();
        return Stream.of(
                Breach.on(
                        "CONTINUATION behind nothing",
                        H2Code.PROTOCOL_ERROR,
                        "…not currently processing headers…",
                        stream -> continuation(stream, END_HEADERS, block)),
                Breach.of(
                        "CONTINUATION on stream 0",
                        H2Code.PROTOCOL_ERROR,
                        "…must be associated with a stream…",
                        continuation(0, END_HEADERS, block)),
                interrupted(
                        "CONTINUATION behind a whole block",
                        stream -> List.of(headers(stream, 0, OK), continuation(stream, END_HEADERS, block))),
                interrupted(
                        "CONTINUATION on another stream",
                        stream -> List.of(headersPart(stream, 0, block), continuation(stream + 2, END_HEADERS, block))),
                interrupted(
                        "DATA within a block", stream -> List.of(headersPart(stream, 0, block), data(stream, 0, "x"))),
                interrupted(
                        "DATA of another stream within a block",
                        stream -> List.of(headersPart(stream, 0, block), data(stream + 2, 0, "x"))),
                interrupted(
                        "HEADERS within a block",
                        stream -> List.of(headersPart(stream, 0, block), headers(stream, 0, OK))),
                interrupted("PING within a block", stream -> List.of(headersPart(stream, 0, block), ping(0, 1))),
                interrupted("SETTINGS within a block", stream -> List.of(headersPart(stream, 0, block), settings())),
                interrupted(
                        "RST_STREAM within a block",
                        stream -> List.of(headersPart(stream, 0, block), reset(stream, H2Code.CANCEL))),
                interrupted(
                        "an unknown frame within a block",
                        stream -> List.of(
                                headersPart(stream, 0, block), new H2Frame(UNKNOWN_TYPE, 0, stream, new byte[3]))));
    }

    private static Breach interrupted(String name, IntFunction<List<H2Frame>> sends) {
        return new Breach(name, sends, H2Code.PROTOCOL_ERROR, "…");
    }

    /** Blocks that cannot be decoded: RFC 7541. */
    static Stream<Breach> compression() {
        return Stream.of(
                undecodable("index 0", H2Block.empty().index(0)),
                undecodable("an index beyond the table", H2Block.status("200").index(70)),
                undecodable(
                        "the first index of a table that is empty",
                        H2Block.status("200").index(62)),
                undecodable(
                        "an index of what the table has lost",
                        H2Block.status("200")
                                .indexed("a", "b")
                                .indexed("x-large", "v".repeat(4040))
                                .index(63)),
                undecodable(
                        "an index of what was too large for the table",
                        H2Block.status("200")
                                .indexed("x-large", "v".repeat(4096))
                                .index(62)),
                undecodable("a name beyond the table", H2Block.status("200").raw(0x7f, 0x20, 0x01, 'a')),
                undecodable(
                        "an index without end",
                        H2Block.empty().raw(0xff, 255, 255, 255, 255, 255, 255, 255, 255, 255, 127)),
                undecodable("an index beyond 2^31", H2Block.empty().raw(0xff, 0x81, 0xff, 0xff, 0xff, 0x0f)),
                undecodable("a length beyond the block", H2Block.status("200").raw(0, 1, 'a', 0x7f, 0x20, 'b')),
                undecodable("a block cut within a name", H2Block.status("200").raw(0, 5, 'a')),
                undecodable("a block cut behind a name", H2Block.status("200").raw(0, 1, 'a')),
                undecodable(
                        "a block cut within an integer", H2Block.status("200").raw(0xff)),
                undecodable(
                        "Huffman code with 8 bits of padding",
                        H2Block.status("200").raw(0, 1, 'a', 0x81, 0xff)),
                undecodable(
                        "Huffman code padded with zeros", H2Block.status("200").raw(0, 1, 'a', 0x81, 0x18)),
                undecodable("Huffman code of the end", H2Block.status("200").raw(0, 1, 'a', 0x84, 255, 255, 255, 255)),
                undecodable(
                        "a table larger than allowed",
                        H2Block.empty().tableSize(1 << 30).and(":status", "200")),
                undecodable(
                        "a table larger by one byte than allowed",
                        H2Block.empty().tableSize(4097).and(":status", "200")),
                undecodable(
                        "a change of the table behind a field",
                        H2Block.status("200").tableSize(0)));
    }

    private static Breach undecodable(String name, H2Block block) {
        return Breach.on(name, H2Code.COMPRESSION_ERROR, "…", stream -> headers(stream, 0, block));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "frames",
        "sizes",
        "idleStreams",
        "goAways",
        "settingsFrames",
        "windows",
        "padding",
        "continuations",
        "compression"
    })
    void endsTheConnection(Breach breach) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (H2Server elsewhere = H2Server.start(peer -> {
                    int stream = peer.request().streamId();
                    peer.send(headers(stream, 0, OK));
                    Client.hold(over);
                    peer.send(data(stream, END_STREAM, "safe"));
                    peer.awaitEnd();
                });
                H2Server server = H2Server.start(peer -> {
                    H2Request first = peer.request();
                    if (peer.number == 1) {
                        peer.request();
                        breach.send(peer, first.streamId());
                        peer.awaitEnd();
                    } else {
                        peer.answer(first.streamId(), "ok");
                        peer.answerAll();
                    }
                })) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse safe = session.get(elsewhere.url("/")).await()) {
                    Task<String> first = Asyncio.createTask(() -> Outcomes.exchange(session.get(server.url("/1"))));
                    Task<String> second = Asyncio.createTask(() -> Outcomes.exchange(session.get(server.url("/2"))));
                    assertFails("…ProtocolException: " + breach.reason, first.await());
                    assertFails("ProtocolException: " + breach.reason, second.await());
                    assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/3"))));
                    assertEquals(2, server.connections());
                    over.countDown();
                    assertEquals("safe", safe.text().await());
                }
            });
            H2Peer broken = server.peer(1);
            broken.awaitEnd();
            assertEquals(
                    "GOAWAY 0 " + breach.code.name(), broken.next(GOAWAY, 0).toString());
        }
    }

    private static void assertFails(String expected, String outcome) {
        assertTrue(Outcomes.matches(expected, outcome), () -> "expected: " + expected + "\nbut was:  " + outcome);
    }

    /** What comes in the place of the server's SETTINGS: section 3.4. */
    private record Opening(String name, byte[] bytes, String reason) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Opening> openings() {
        return Stream.of(
                new Opening("PING", ping(0, 1).bytes(), "…SETTINGS…"),
                new Opening("WINDOW_UPDATE", windowUpdate(0, 1).bytes(), "…SETTINGS…"),
                new Opening("GOAWAY", goAway(0, H2Code.NO_ERROR).bytes(), "…SETTINGS…"),
                new Opening("an acknowledgement", settingsAck().bytes(), "…SETTINGS…"),
                new Opening("an unknown frame", new H2Frame(UNKNOWN_TYPE, 0, 0, new byte[8]).bytes(), "…SETTINGS…"),
                new Opening("zeros", new byte[64], "…SETTINGS…"),
                new Opening(
                        "HTTP/1.1",
                        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII),
                        "…it speaks HTTP/1.1…"),
                new Opening("SSH", "SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII), "…SETTINGS…"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("openings")
    void beginsWrongly(Opening opening) throws Exception {
        try (H2Server server = H2Server.start(opening.bytes, H2Peer::awaitEnd)) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.get(server.url("/")));
                assertFails("ProtocolException: " + opening.reason, outcome);
                assertEquals(0, session.stats().acquired());
                Client.until(() -> session.stats().idle() == 0);
                Client.until(() -> server.peer(1).hasEnded());
            });
            assertEquals(
                    "GOAWAY 0 PROTOCOL_ERROR", server.peer(1).next(GOAWAY, 0).toString());
        }
    }

    /** A server that goes on sending is not stopped by a reset, which it would hear of before it has read what was wrong. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isHeardBySomebodyWhoTalks(boolean tls) throws Exception {
        AtomicReference<String> heard = new AtomicReference<>();
        H2Peer.Script talks = peer -> {
            peer.send(data(peer.request().streamId() + 2, 0, "x"));
            try {
                for (int i = 0; i < 16; i++) {
                    peer.send(new byte[1 << 20]);
                }
                heard.set(peer.next(GOAWAY, 0).toString());
            } catch (SocketException e) {
                heard.set(e.getMessage());
            }
        };
        try (H2Server server = tls ? H2Server.startTls(talks) : H2Server.start(talks)) {
            Client.run(H2Server.client(), session -> {
                assertFails("ProtocolException: …", Outcomes.exchange(session.get(server.url("/"))));
                Client.until(() -> heard.get() != null);
                assertEquals(0, session.stats().acquired() + session.stats().idle());
            });
        }
        assertEquals("GOAWAY 0 PROTOCOL_ERROR", heard.get());
    }

    /** An end that is not between two frames. */
    @Test
    void cutWithinAFrame() throws Exception {
        for (int kept : List.of(1, 8, 9, 12)) {
            try (H2Server server = H2Server.start(peer -> {
                byte[] answer = headers(peer.request().streamId(), 0, OK).bytes();
                peer.send(Arrays.copyOf(answer, kept));
            })) {
                Client.run(H2Server.client(), session -> {
                    String outcome = Outcomes.exchange(session.get(server.url("/")));
                    assertFails("ServerDisconnectedException: …", outcome);
                });
            }
        }
    }

    /** What harms one stream only. */
    static Stream<Breach> streamErrors() {
        return Stream.of(
                Breach.on(
                        "WINDOW_UPDATE of 0",
                        H2Code.PROTOCOL_ERROR,
                        "…WINDOW_UPDATE…",
                        stream -> windowUpdate(stream, 0)),
                Breach.on(
                        "a window beyond 2^31 - 1",
                        H2Code.FLOW_CONTROL_ERROR,
                        "…Window size overflow…",
                        stream -> windowUpdate(stream, Integer.MAX_VALUE)),
                Breach.on(
                        "DATA padded without a length",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 0…",
                        stream -> data(stream, PADDED, "")),
                Breach.on(
                        "PRIORITY of 4 bytes",
                        H2Code.FRAME_SIZE_ERROR,
                        "…length 4…",
                        stream -> priority(stream, 0).withPayload(new byte[4])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streamErrors")
    void endsTheStream(Breach breach) throws Exception {
        AtomicReference<String> said = new AtomicReference<>();
        try (H2Server server = H2Server.start(peer -> {
            int bad = peer.request().streamId();
            breach.send(peer, bad);
            said.set(H2Code.name(peer.next(RST_STREAM, bad).number(0)));
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                assertFails("ProtocolException: " + breach.reason, Outcomes.exchange(session.get(server.url("/"))));
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(1, server.connections());
            });
        }
        assertEquals(breach.code.name(), said.get());
    }

    /** What is no error: an answer behind it arrives. */
    private record Harmless(String name, IntFunction<H2Frame> frame) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Harmless> harmless() {
        return Stream.of(
                new Harmless("an unknown frame", stream -> new H2Frame(UNKNOWN_TYPE, 0xff, 0, new byte[20])),
                new Harmless(
                        "an unknown frame of a stream", stream -> new H2Frame(UNKNOWN_TYPE, 0, stream, new byte[0])),
                new Harmless(
                        "an unknown frame of an idle stream", stream -> new H2Frame(UNKNOWN_TYPE, 0, 99, new byte[1])),
                new Harmless("ALTSVC", stream -> new H2Frame(0xa, 0, 0, new byte[] {0, 1, 'a', 'h', '2'})),
                new Harmless("ORIGIN", stream -> new H2Frame(0xc, 0, 0, new byte[] {0, 1, 'a'})),
                new Harmless("an unknown setting", stream -> settings(0x99, 7, 0xf0f0, 0xffffffffL)),
                new Harmless("flags that nobody knows", stream -> new H2Frame(PING, 0xfe, 0, new byte[8])),
                new Harmless(
                        "a reserved bit", stream -> new H2Frame(WINDOW_UPDATE, 0, stream | 1 << 31, ints(1 << 31 | 1))),
                new Harmless("PRIORITY", stream -> priority(stream, 0)),
                new Harmless("PRIORITY of an idle stream", stream -> priority(99, 1)),
                new Harmless("PRIORITY that depends on itself", stream -> priority(stream, stream)),
                new Harmless("an answer to no PING", stream -> ping(ACK, 42)),
                new Harmless("ENABLE_PUSH of 0", stream -> settings(ENABLE_PUSH, 0)),
                new Harmless("NO_RFC7540_PRIORITIES", stream -> settings(NO_RFC7540_PRIORITIES, 1)),
                new Harmless(
                        "the largest settings there are",
                        stream -> settings(
                                HEADER_TABLE_SIZE,
                                0xffffffffL,
                                MAX_CONCURRENT_STREAMS,
                                0xffffffffL,
                                INITIAL_WINDOW_SIZE,
                                Integer.MAX_VALUE,
                                MAX_FRAME_SIZE,
                                (1 << 24) - 1,
                                MAX_HEADER_LIST_SIZE,
                                0xffffffffL)),
                new Harmless("a window of more", stream -> windowUpdate(stream, 1000)),
                new Harmless("SETTINGS again", stream -> settings(INITIAL_WINDOW_SIZE, 1, INITIAL_WINDOW_SIZE, 65_535)),
                new Harmless("an interim answer", stream -> headers(stream, 0, H2Block.status("102"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("harmless")
    void isIgnored(Harmless harmless) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                peer.send(harmless.frame.apply(request.streamId()));
                peer.answer(request.streamId(), "ok");
            }
        })) {
            Client.run(H2Server.client(), session -> {
                for (int i = 0; i < 3; i++) {
                    assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                }
                assertEquals(1, server.connections());
                assertTrue(server.peer(1).frames().stream().noneMatch(frame -> frame.type() == GOAWAY));
            });
        }
    }

    /** Sections 6.1 and 6.2: padding and priority fields, a block in many parts. */
    @Test
    void paddedAndInParts() throws Exception {
        byte[] block = H2Block.status("200", "a", "b", "content-length", "6").bytes();
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            byte[] first = Arrays.copyOfRange(block, 0, 5);
            byte[] priority = concat(ints(stream), new byte[] {1});
            peer.send(
                    headersPart(stream, PADDED | WITH_PRIORITY, concat(new byte[] {4}, priority, first, new byte[4])),
                    continuation(stream, 0, new byte[0]),
                    continuation(stream, 0, Arrays.copyOfRange(block, 5, 9)),
                    continuation(stream, END_HEADERS, Arrays.copyOfRange(block, 9, block.length)),
                    padded(stream, 0, "abc", 255),
                    padded(stream, 0, "", 0),
                    padded(stream, 0, "def", 0),
                    padded(stream, END_STREAM, "", 7));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals("b", response.headers().first("a"));
                    assertEquals("abcdef", response.text().await());
                }
            });
        }
    }

    /** Section 5.1: a server may not have heard yet that a stream is over. */
    @Test
    void latecomersOfAStreamThatWasCancelled() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int given = peer.request().streamId();
            peer.send(headers(given, 0, H2Block.status("200").indexed("x-late", "yes")));
            peer.next(RST_STREAM, given);
            peer.send(
                    data(given, 0, new byte[16_384]),
                    headers(given, END_STREAM, H2Block.empty().indexed("x-trailer", "of the table")),
                    windowUpdate(given, 5),
                    reset(given, H2Code.CANCEL));
            int next = peer.request().streamId();
            // The table must hold what the latecomer brought.
            peer.send(headers(next, END_STREAM, H2Block.status("200").index(62).index(63)));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                session.get(server.url("/")).await().close();
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals("of the table", response.headers().first("x-trailer"));
                    assertEquals("yes", response.headers().first("x-late"));
                }
                assertEquals(1, server.connections());
            });
        }
    }

    /** Sections 5.2 and 6.9: a server that sends more than its windows allow. */
    @Test
    void windowsExceeded() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK));
            byte[] piece = new byte[16_384];
            while (peer.frames().stream().noneMatch(H2ConnectionErrorTest::saysFlowControl)) {
                peer.send(data(stream, 0, piece));
                // No more than is too much: a client that closes with much unread resets, and what it said is lost.
                peer.until(() -> peer.window(stream) >= 0
                        || peer.frames().stream().anyMatch(H2ConnectionErrorTest::saysFlowControl));
            }
            seen.countDown();
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    Client.until(seen);
                    assertFails("…ProtocolException: …window…", Outcomes.body(response));
                }
            });
        }
    }

    private static boolean saysFlowControl(H2Frame frame) {
        return frame.toString().endsWith(" FLOW_CONTROL_ERROR");
    }
}
