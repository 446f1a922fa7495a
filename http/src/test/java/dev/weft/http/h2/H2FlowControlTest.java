package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Asyncio;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows both ways: RFC 9113 section 5.2. A slow reader holds up its own stream and no other; what is held for it is bounded. */
class H2FlowControlTest {
    private static final H2Block OK = H2Block.status("200");
    private static final long ENDLESS = 1L << 40;
    /** What one stream may hold at first, and what all of a connection may hold together, whatever they do. */
    private static final long MOST_OF_A_STREAM_BYTES = 2 << 20;

    private static final long MOST_OF_A_CONNECTION_BYTES = 80 << 20;

    /** Sends a body in a thread of its own, and counts. */
    private static void push(H2Peer peer, int streamId, AtomicLong sent) {
        Thread.ofVirtual().start(() -> {
            try {
                for (long some = 1; some > 0; ) {
                    some = peer.body(streamId, 16_384, false);
                    sent.addAndGet(some);
                }
            } catch (java.io.IOException e) {
                // The client has gone.
            }
        });
    }

    /** Waits until the server gets no more credit. */
    private static long stalled(AtomicLong sent) {
        long last = -1;
        for (int quiet = 0; quiet < 10; ) {
            Asyncio.sleep(Duration.ofMillis(10)).await();
            long now = sent.get();
            quiet = now == last ? quiet + 1 : 0;
            last = now;
        }
        return last;
    }

    private static void assertNumbers(byte[] body) {
        for (int i = 0; i < body.length; i++) {
            if (body[i] != (byte) i) {
                throw new AssertionError("wrong at " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatNobodyReadsStallsItselfAlone(boolean tls) throws Exception {
        AtomicLong unread = new AtomicLong();
        H2Peer.Script script = peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK));
            push(peer, stream, unread);
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                peer.send(headers(request.streamId(), 0, OK));
                peer.body(request.streamId(), 3 << 20, true);
            }
        };
        try (H2Server server = tls ? H2Server.startTls(script) : H2Server.start(script)) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse left = session.get(server.url("/")).await()) {
                    long most = stalled(unread);
                    assertTrue(most < MOST_OF_A_STREAM_BYTES, () -> "the server could send " + most + " bytes");
                    for (int i = 0; i < 10; i++) {
                        assertNumbers(session.get(server.url("/")).bytes().await());
                    }
                    assertTrue(unread.get() < MOST_OF_A_STREAM_BYTES, () -> "the server could send " + unread);
                    // And it goes on where it stopped.
                    long read = 0;
                    while (read < 4 * most) {
                        read += left.content().read().await().remaining();
                    }
                }
                assertEquals(1, server.connections());
            });
        }
    }

    /** Many bodies that nobody reads, on a connection that has proved fast: what is read beside them comes all the same. */
    @Test
    void manyBodiesThatNobodyReads() throws Exception {
        AtomicLong unread = new AtomicLong();
        AtomicReference<H2Peer> only = new AtomicReference<>();
        try (H2Server server = H2Server.start(peer -> {
            only.set(peer);
            int fast = peer.request().streamId();
            peer.send(headers(fast, 0, OK));
            peer.body(fast, 64 << 20, true);
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                peer.send(headers(request.streamId(), 0, OK));
                if (request.path().equals("/read")) {
                    peer.body(request.streamId(), 64 << 20, true);
                } else {
                    push(peer, request.streamId(), unread);
                }
            }
        })) {
            Client.run(H2Server.client(), session -> {
                drain(session, server.url("/"), 64 << 20);
                List<ClientResponse> left = new ArrayList<>();
                for (int i = 0; i < 90; i++) {
                    left.add(session.get(server.url("/")).await());
                }
                long most = stalled(unread);
                assertTrue(most < MOST_OF_A_CONNECTION_BYTES, () -> "the server could send " + most + " bytes");
                drain(session, server.url("/read"), 64 << 20);
                left.forEach(ClientResponse::close);
                // What nobody read is given back to the connection.
                Client.until(() -> only.get().window(0) > 16 << 20);
                assertEquals(1, server.connections());
            });
        }
    }

    private static void drain(ClientSession session, String url, long bytes) {
        long read = 0;
        try (ClientResponse response = session.get(url).await()) {
            for (ByteBuffer piece : response.content()) {
                for (int i = 0; i < piece.remaining(); i += 997) {
                    assertEquals((byte) (read + i), piece.get(piece.position() + i));
                }
                read += piece.remaining();
            }
        }
        assertEquals(bytes, read);
    }

    private static void count(ClientSession session, String url, long bytes) {
        long read = 0;
        try (ClientResponse response = session.get(url).await()) {
            for (ByteBuffer piece : response.content()) {
                read += piece.remaining();
            }
        }
        assertEquals(bytes, read);
    }

    @Test
    void aHundredMegabytes() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, H2Block.status("200", "content-length", Integer.toString(100 << 20))));
            peer.body(stream, 100 << 20, true);
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
                drain(session, server.url("/"), 100 << 20);
                long held = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before;
                assertTrue(held <= 40 << 20, () -> "it took " + held + " bytes of memory");
            });
        }
    }

    /**
     * A server that is far away, and fast: what it has sent the client has when it hears of the client again, and then it says what it was asked, and
     * sends all that it may. With the window that a stream begins with that would be 512 round trips.
     */
    @Test
    void aServerFarAwayDoesNotWaitForLong() throws Exception {
        long size = 128 << 20;
        AtomicLong roundTrips = new AtomicLong();
        try (H2Server server = H2Server.start(peer -> {
            peer.mute();
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK));
            H2Frame question = null;
            for (long left = size; left > 0; roundTrips.incrementAndGet()) {
                if (question != null) {
                    peer.send(new H2Frame(PING, ACK, 0, question.payload()));
                }
                long window = Math.min(left, peer.window(stream));
                left -= window;
                peer.body(stream, window, left == 0);
                question = question(peer);
                if (left > 0) {
                    peer.until(() -> peer.window(stream) >= window / 2);
                }
            }
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> count(session, server.url("/"), size));
        }
        assertTrue(roundTrips.get() < 64, () -> "it took " + roundTrips + " round trips");
    }

    /** What the client has asked by the time it has all that was sent; null if nothing. */
    private static H2Frame question(H2Peer peer) throws java.io.IOException {
        peer.send(ping(0, 1));
        H2Frame asked = null;
        for (H2Frame frame = peer.next(PING, 0); !frame.has(ACK); frame = peer.next(PING, 0)) {
            asked = frame;
        }
        return asked;
    }

    /**
     * A large body has a larger window as soon as it is read, and who has read one mostly asks for more of them, so the next one begins with that. Small
     * answers are not spoken of.
     */
    @Test
    void largeBodiesThatAreReadHaveLargerWindows() throws Exception {
        int size = 4 << 20;
        int part = 200_000;
        List<Long> windows = new ArrayList<>();
        try (H2Server server = H2Server.start(peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                int stream = request.streamId();
                question(peer);
                windows.add(peer.window(stream));
                String length = request.path().substring(1);
                peer.send(headers(stream, 0, length.isEmpty() ? OK : H2Block.status("200", "content-length", length)));
                question(peer);
                windows.add(peer.window(stream));
                long left = length.isEmpty() ? size : Integer.parseInt(length);
                if (left > part) {
                    left -= peer.body(stream, part, false);
                    peer.until(() -> peer.window(stream) >= 2 * windows.getFirst());
                }
                peer.body(stream, left, true);
            }
        })) {
            Client.run(H2Server.client(), session -> {
                count(session, server.url("/2"), 2);
                count(session, server.url("/" + size), size);
                count(session, server.url("/2"), 2);
                count(session, server.url("/"), size);
            });
        }
        long first = windows.getFirst();
        List<Boolean> larger = windows.stream().map(bytes -> bytes > 2 * first).toList();
        // Before the head of each, and behind it.
        assertEquals(List.of(false, false, false, false, true, true, false, false), larger);
    }

    /** However often a large body is given up in the midst, the next one has as large a window as the one before. */
    @Test
    void whatIsGivenUpGivesItsWindowBack() throws Exception {
        List<Long> windows = new ArrayList<>();
        try (H2Server server = H2Server.start(peer -> {
            H2Block large = H2Block.status("200", "content-length", Long.toString(64 << 20));
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                int stream = request.streamId();
                question(peer);
                windows.add(peer.window(stream));
                peer.send(headers(stream, 0, large));
                for (int i = 0; i < 2; i++) {
                    peer.body(stream, 250_000, false);
                    peer.until(() -> peer.hasEnded() || peer.window(stream) > 300_000);
                }
            }
        })) {
            Client.run(H2Server.client(), session -> {
                for (int i = 0; i < 100; i++) {
                    try (ClientResponse response = session.get(server.url("/")).await()) {
                        for (int read = 0; read < 500_000; ) {
                            read += response.content().read().await().remaining();
                        }
                    }
                }
                assertEquals(1, server.connections());
            });
        }
        assertTrue(windows.get(1) > windows.getFirst(), windows::toString);
        assertEquals(Collections.nCopies(99, windows.get(1)), windows.subList(1, 100));
    }

    /** A server that is near: the client reads much at a time, and gives it back at a time. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerNearbyDoesNotWaitForWhatIsReadAtATime(boolean tls) throws Exception {
        long size = 128 << 20;
        AtomicLong waits = new AtomicLong();
        H2Peer.Script script = peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, H2Block.status("200", "content-length", Long.toString(size))));
            for (long left = size; left > 0; ) {
                if (peer.window(stream) == 0) {
                    waits.incrementAndGet();
                    peer.credit(stream);
                }
                long window = Math.min(left, peer.window(stream));
                left -= window;
                peer.body(stream, window, left == 0);
            }
            peer.awaitEnd();
        };
        try (H2Server server = tls ? H2Server.startTls(script) : H2Server.start(script)) {
            Client.run(H2Server.client(), session -> count(session, server.url("/"), size));
        }
        assertTrue(waits.get() < 150, () -> "it waited " + waits + " times");
    }

    /** Padding counts, though nobody reads it. */
    @Test
    void paddingIsGivenBack() throws Exception {
        int pieces = 20_000;
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(headers(stream, 0, OK));
            for (int i = 0; i < pieces; i++) {
                peer.until(() -> peer.hasEnded() || peer.window(stream) > 256);
                peer.send(padded(stream, i == pieces - 1 ? END_STREAM : 0, "x", 255));
            }
            peer.awaitEnd();
        })) {
            Client.run(
                    H2Server.client(),
                    session -> assertEquals(
                            "x".repeat(pieces),
                            session.get(server.url("/")).text().await()));
        }
    }

    /** Windows of whatever size, with small frames or large ones. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 16_384, 65_535, 1 << 20})
    void tenMegabytesUp(int window) throws Exception {
        byte[] body = new byte[10 << 20];
        new java.util.Random(window).nextBytes(body);
        try (H2Server server =
                H2Server.start(settings(INITIAL_WINDOW_SIZE, window).bytes(), peer -> {
                    for (H2Request request = peer.request(); request != null; request = peer.request()) {
                        assertArrayEquals(body, peer.upload(request.streamId()));
                        peer.answer(request.streamId(), "ok");
                    }
                })) {
            Client.run(H2Server.client(), session -> {
                String sized = Outcomes.exchange(session.put(server.url("/")).body(body));
                assertEquals("200 \"ok\"", sized);
                String pieces = Outcomes.exchange(session.put(server.url("/")).body(List.of(body)));
                assertEquals("200 \"ok\"", pieces);
                assertEquals(1, server.connections());
            });
        }
    }

    /** An upload that the server does not take holds up nothing else, and is not held in memory. */
    @Test
    void anUploadThatStallsStallsItselfAlone() throws Exception {
        AtomicLong read = new AtomicLong();
        Iterable<byte[]> endless = () -> new java.util.Iterator<>() {
            @Override
            public boolean hasNext() {
                return read.get() < ENDLESS;
            }

            @Override
            public byte[] next() {
                read.addAndGet(16_384);
                return new byte[16_384];
            }
        };
        try (H2Server server = H2Server.start(peer -> {
            int stalled = peer.request().streamId();
            peer.until(() -> peer.frames().stream()
                            .filter(frame -> frame.type() == DATA)
                            .mapToInt(frame -> frame.payload().length)
                            .sum()
                    >= 65_535);
            // The connection's window is not the matter.
            peer.send(windowUpdate(0, 1 << 20));
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                assertEquals(200_000, peer.upload(request.streamId()).length);
                peer.answer(request.streamId(), "ok");
                if (request.path().equals("/last")) {
                    peer.answer(stalled, "enough");
                    peer.send(reset(stalled, H2Code.NO_ERROR));
                }
            }
        })) {
            Client.run(H2Server.client(), session -> {
                var stalled = H2LifeTest.begin(session.post(server.url("/")).body(endless));
                Client.until(() -> server.peer(1) != null
                        && server.peer(1).frames().stream().anyMatch(frame -> frame.type() == DATA));
                for (String path : List.of("/", "/", "/last")) {
                    String outcome =
                            Outcomes.exchange(session.post(server.url(path)).body(new byte[200_000]));
                    assertEquals("200 \"ok\"", outcome);
                }
                assertEquals("200 \"enough\"", stalled.await());
                assertTrue(read.get() < 4 << 20, () -> read + " bytes were read");
                assertEquals(1, server.connections());
            });
        }
    }
}
