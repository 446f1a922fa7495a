package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.SessionStats;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Task;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames that come in a state of their stream in which they should not, and what both sides hold together of a connection whatever becomes of its streams:
 * RFC 9113 section 5.1, RFC 7541 section 2.2.
 */
class H2StateTest {
    private static final H2Block OK = H2Block.status("200");

    /** Servers that were written for one request know no other number. */
    @Test
    void theFirstStreamIsTheFirst() throws Exception {
        try (H2Server server = H2Server.start(H2Peer::answerAll)) {
            Client.run(H2Server.client(), session -> {
                for (int i = 0; i < 3; i++) {
                    assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                }
                List<Integer> streams = server.peer(1).frames().stream()
                        .filter(frame -> frame.type() == HEADERS)
                        .map(H2Frame::streamId)
                        .toList();
                assertEquals(List.of(1, 3, 5), streams);
            });
        }
    }

    /** What comes behind the end of an answer. */
    private record Late(String name, IntFunction<H2Frame> frame, boolean tolerated) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Late> late() {
        return Stream.of(
                new Late("DATA", stream -> data(stream, 0, "more"), false),
                new Late("DATA that ends it again", stream -> data(stream, END_STREAM, ""), false),
                new Late("HEADERS", stream -> headers(stream, END_STREAM, OK), false),
                new Late("trailers", stream -> headers(stream, END_STREAM, H2Block.of("a", "b")), false),
                new Late("RST_STREAM", stream -> reset(stream, H2Code.NO_ERROR), true),
                new Late("WINDOW_UPDATE", stream -> windowUpdate(stream, 1), true),
                new Late("PRIORITY", stream -> priority(stream, 0), true));
    }

    /** Of a stream that is closed. It is told, if at all, that this is so, and the connection goes on. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("late")
    void behindTheEnd(Late late) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.answer(stream, "ok");
            peer.send(late.frame.apply(stream), ping(0, 1));
            peer.next(PING, 0);
            H2Frame reset = peer.poll(RST_STREAM, stream);
            assertEquals(late.tolerated ? "null" : "RST_STREAM[1] STREAM_CLOSED", String.valueOf(reset));
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(1, server.connections());
            });
        }
    }

    /** Of a stream that is half-closed: its upload goes on. The answer is whole, and what comes behind it is no part of it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("late")
    void behindTheEndWhileTheUploadGoesOn(Late late) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.next(DATA, stream);
            peer.send(
                    headers(stream, 0, H2Block.status("413", "content-length", "2")),
                    data(stream, END_STREAM, "no"),
                    late.frame.apply(stream));
            if (!late.name.equals("RST_STREAM")) {
                peer.next(RST_STREAM, stream);
            }
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                assertEquals(
                        "413 \"no\"",
                        Outcomes.exchange(session.post(server.url("/")).body(new byte[1 << 20])));
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(1, server.connections());
                assertEquals(0, server.peer(1).openStreams());
            });
        }
    }

    /** An answer that is too short is malformed: section 8.1.1. Nothing is left of its stream, whoever is still sending. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tooShort(boolean uploads) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            if (uploads) {
                peer.next(DATA, stream);
            }
            peer.send(headers(stream, 0, H2Block.status("200", "content-length", "5")), data(stream, END_STREAM, "ab"));
            assertEquals(
                    "RST_STREAM[1] PROTOCOL_ERROR",
                    peer.next(RST_STREAM, stream).toString());
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.post(server.url("/")).body(new byte[uploads ? 1 << 20 : 1]));
                assertTrue(outcome.startsWith("200 \"ab\" then PayloadException: "), outcome);
                assertTrue(outcome.contains("of 5 bytes"), outcome);
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(1, server.connections());
                assertEquals(0, server.peer(1).openStreams());
            });
        }
    }

    /** Behind the server's RST_STREAM the client sends nothing on that stream, no RST_STREAM of its own either: section 5.4.2. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resetWithinAnUpload(boolean answered) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.next(DATA, stream);
            if (answered) {
                peer.send(headers(stream, 0, OK), data(stream, 0, "half"));
            }
            peer.send(reset(stream, H2Code.INTERNAL_ERROR), windowUpdate(0, 1 << 20), ping(0, 1));
            peer.next(PING, 0);
            int before = peer.frames().size();
            peer.answer(peer.request().streamId(), "ok");
            peer.answerAll();
            List<H2Frame> all = peer.frames();
            assertTrue(
                    all.subList(before, all.size()).stream().noneMatch(frame -> frame.streamId() == stream),
                    all::toString);
            assertTrue(all.stream().noneMatch(frame -> frame.type() == RST_STREAM), all::toString);
        })) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.post(server.url("/")).body(new byte[1 << 20]));
                String expected = answered ? "200 \"half\" then PayloadException: …" : "ServerDisconnectedException: …";
                assertTrue(Outcomes.matches(expected + "INTERNAL_ERROR…", outcome), outcome);
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(new SessionStats(0, 1, 0), session.stats());
                assertEquals(1, server.connections());
            });
        }
    }

    /** What is wrong on a stream ends its upload too, and no other. */
    @Test
    void anErrorWithinAnUpload() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (H2Server server = H2Server.start(peer -> {
            int beside = peer.request().streamId();
            peer.next(DATA, beside);
            begun.countDown();
            int stream = peer.request().streamId();
            peer.send(windowUpdate(stream, 0));
            assertEquals(
                    "RST_STREAM[3] PROTOCOL_ERROR",
                    peer.next(RST_STREAM, stream).toString());
            peer.send(windowUpdate(beside, 65_535), windowUpdate(0, 65_535));
            assertEquals((1 << 20) - dataBefore(peer, beside), peer.upload(beside).length);
            peer.answer(beside, "whole");
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                Task<String> beside =
                        H2LifeTest.begin(session.post(server.url("/")).body(new byte[1 << 20]));
                Client.until(begun);
                String outcome = Outcomes.exchange(session.post(server.url("/")).body(new byte[1 << 20]));
                assertTrue(Outcomes.matches("ProtocolException: …WINDOW_UPDATE…", outcome), outcome);
                assertEquals("200 \"whole\"", beside.await());
                assertEquals(1, server.connections());
            });
        }
    }

    /** What of an upload was taken already. */
    private static int dataBefore(H2Peer peer, int stream) {
        return peer.frames().stream()
                .filter(frame -> frame.type() == DATA && frame.streamId() == stream)
                .findFirst()
                .orElseThrow()
                .payload()
                .length;
    }

    /** RFC 7541: a block that cannot be decoded spoils the table for all, whether its stream is still of interest or not. */
    @Test
    void anUndecodableBlockOfAStreamThatWasReset() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int given = peer.request().streamId();
            if (peer.number > 1) {
                peer.answer(given, "ok");
                peer.answerAll();
                return;
            }
            peer.send(headers(given, 0, OK));
            peer.next(RST_STREAM, given);
            peer.request();
            peer.send(headers(given, END_STREAM, H2Block.empty().index(70)));
            assertEquals("GOAWAY 0 COMPRESSION_ERROR", peer.next(GOAWAY, 0).toString());
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                session.get(server.url("/")).await().close();
                String outcome = Outcomes.exchange(session.get(server.url("/")));
                assertTrue(Outcomes.matches("ProtocolException: …COMPRESSION_ERROR…", outcome), outcome);
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
            });
        }
    }

    /** A head that is refused, whose fields went into the table nevertheless. */
    private record Refused(String name, H2Block head) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused("malformed", H2Block.status("abc").indexed("x-kept", "yes")),
                new Refused(
                        "beyond the limits of the request",
                        H2Block.status("200").and("x-large", "v".repeat(70_000)).indexed("x-kept", "yes")),
                new Refused("beyond all limits", beyondAll()));
    }

    private static H2Block beyondAll() {
        H2Block block = H2Block.status("200").indexed("x-large", "v".repeat(3000));
        for (int i = 0; i < 400; i++) {
            block.index(62);
        }
        return block.indexed("x-kept", "yes");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void theTableIsKeptInStep(Refused refused) throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int bad = peer.request().streamId();
            peer.sendHead(bad, refused.head);
            assertEquals(
                    "RST_STREAM[1] PROTOCOL_ERROR", peer.next(RST_STREAM, bad).toString());
            peer.send(headers(
                    peer.request().streamId(), END_STREAM, H2Block.status("200").index(62)));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.get(server.url("/")));
                assertTrue(outcome.startsWith("ProtocolException: "), outcome);
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals("yes", response.headers().first("x-kept"));
                }
                assertEquals(1, server.connections());
            });
        }
    }

    /** The request is given up between two frames of its answer's head. */
    @Test
    void cancelledWithinABlock() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        byte[] block = H2Block.status("200").indexed("x-kept", "yes").bytes();
        try (H2Server server = H2Server.start(peer -> {
            int given = peer.request().streamId();
            peer.send(headersPart(given, END_STREAM, Arrays.copyOf(block, 20)));
            half.countDown();
            peer.next(RST_STREAM, given);
            peer.send(continuation(given, END_HEADERS, Arrays.copyOfRange(block, 20, block.length)));
            peer.send(headers(
                    peer.request().streamId(), END_STREAM, H2Block.status("200").index(62)));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                Task<String> given = H2LifeTest.begin(session.get(server.url("/")));
                Client.until(half);
                given.cancel("enough");
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals("yes", response.headers().first("x-kept"));
                }
                assertEquals(1, server.connections());
            });
        }
    }

    /** The end of the stream is said in front of the end of the head: section 8.1. */
    @Test
    void theEndIsSaidFirst() throws Exception {
        byte[] block = H2Block.status("200", "a", "b").bytes();
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(
                    headersPart(stream, END_STREAM, Arrays.copyOf(block, 4)),
                    continuation(stream, END_HEADERS, Arrays.copyOfRange(block, 4, block.length)));
            peer.awaitEnd();
        })) {
            Client.run(
                    H2Server.client(),
                    session -> assertEquals("200 \"\"", Outcomes.exchange(session.get(server.url("/")))));
        }
    }

    /** All ways to say a field: RFC 7541 section 6. */
    @Test
    void allFormsOfAField() throws Exception {
        H2Block first = H2Block.empty()
                .tableSize(0)
                .tableSize(4096)
                .index(8)
                // Never indexed, with a new name, and with one of the static table.
                .raw(0x10, 1, 'a', 1, '1')
                .raw(0x1f, 54 - 15, 1, '2')
                // Not indexed, and indexed, with one of the static table.
                .raw(0x0f, 33 - 15, 1, '3')
                .raw(0x40 | 34, 1, '4')
                // Huffman code, padded with ones to its last octet, and without.
                .raw(0, 0x81, 0x1f, 0x82, 0x08, 0x9f)
                .indexed("x-new", "5");
        H2Block second = H2Block.empty().index(8).index(62).index(63).raw(0x7f, 0, 1, '6');
        try (H2Server server = H2Server.start(peer -> {
            peer.send(headers(peer.request().streamId(), END_STREAM, first));
            peer.send(headers(peer.request().streamId(), END_STREAM, second));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals(
                            "[a=1, server=2, date=3, etag=4, a=129, x-new=5]",
                            response.headers().toString());
                }
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals("[x-new=5, etag=4, etag=6]", response.headers().toString());
                }
            });
        }
    }

    /** Every connection takes nothing, for ever. */
    @Test
    void goingAwayForEver() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            peer.request();
            peer.send(goAway(0, H2Code.NO_ERROR));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.get(server.url("/")));
                assertTrue(Outcomes.matches("ServerDisconnectedException: …GOAWAY…", outcome), outcome);
                assertTrue(server.connections() <= 10, () -> server.connections() + " connections");
            });
        }
    }
}
