package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.RequestBuilder;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.ClientTimeout;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server asks for in SETTINGS, at the start and later: RFC 9113 section 6.5. {@link H2Referee} sees to it that it is kept. */
class H2SettingsTest {
    private static final H2Block OK = H2Block.status("200");

    @Test
    void whatTheClientSays() throws Exception {
        try (H2Server server = H2Server.start(H2Peer::answerAll)) {
            Client.run(
                    H2Server.client(),
                    session -> assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/")))));
            H2Frame first = server.peer(1).frames().getFirst();
            assertTrue(first.toString().startsWith("SETTINGS "), first.toString());
            assertTrue(first.toString().contains(" " + ENABLE_PUSH + "=0"), first.toString());
        }
    }

    /** Each SETTINGS frame once, each PING with what was in it. */
    @Test
    void acknowledgements() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(settings(), ping(0, 0x0123456789abcdefL), settings(0x77, 1), ping(0, -1));
            H2Frame first = next(peer, PING);
            H2Frame second = next(peer, PING);
            assertEquals(0x01234567, first.number(0));
            assertEquals(0x89abcdefL, first.number(4));
            assertEquals(0xffffffffL, second.number(0));
            peer.answer(stream, "ok");
            peer.awaitEnd();
        })) {
            Client.run(
                    H2Server.client(),
                    session -> assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/")))));
            H2Peer peer = server.peer(1);
            peer.awaitEnd();
            long acks = peer.frames().stream()
                    .filter(frame -> frame.toString().equals("SETTINGS ACK"))
                    .count();
            assertEquals(3, acks);
        }
    }

    private static H2Frame next(H2Peer peer, int type) {
        H2Frame frame = peer.next(type, 0);
        return frame.has(ACK) ? frame : next(peer, type);
    }

    /** However many requests there are, once the server has said it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void maxConcurrentStreams(int most) throws Exception {
        AtomicLong seen = new AtomicLong();
        try (H2Server server =
                H2Server.start(settings(MAX_CONCURRENT_STREAMS, most).bytes(), peer -> {
                    for (H2Request request = peer.request(); request != null; request = peer.request()) {
                        seen.accumulateAndGet(peer.openStreams(), Math::max);
                        peer.answer(request.streamId(), "ok");
                    }
                })) {
            Client.run(H2Server.client().limit(1), session -> {
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    tasks.add(H2LifeTest.begin(session.get(server.url("/" + i))));
                }
                for (Task<String> task : tasks) {
                    assertEquals("200 \"ok\"", task.await());
                }
            });
        }
        assertTrue(seen.get() <= most, () -> seen + " at a time");
    }

    /** What comes before the client knows is refused, and comes again. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void moreAtOnceThanTheServerTakes(int most) throws Exception {
        byte[] opening = settings(MAX_CONCURRENT_STREAMS, most).bytes();
        try (H2Server server = H2Server.start(opening, peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                if (peer.openStreams() > most) {
                    peer.send(reset(request.streamId(), H2Code.REFUSED_STREAM));
                } else {
                    peer.answer(request.streamId(), "ok");
                }
            }
        })) {
            Client.run(H2Server.client(), session -> {
                for (int round = 0; round < 3; round++) {
                    List<Task<String>> tasks = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        tasks.add(H2LifeTest.begin(session.get(server.url("/" + i))));
                    }
                    for (Task<String> task : tasks) {
                        assertEquals("200 \"ok\"", task.await());
                    }
                }
            });
        }
    }

    /** What waits goes on when the server allows more; with one connection there is no other way. */
    @Test
    void moreStreamsLater() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        try (H2Server server =
                H2Server.start(settings(MAX_CONCURRENT_STREAMS, 1).bytes(), peer -> {
                    int first = peer.request().streamId();
                    Client.hold(waiting);
                    peer.send(settings(MAX_CONCURRENT_STREAMS, 3));
                    int second = peer.request().streamId();
                    int third = peer.request().streamId();
                    assertEquals(3, peer.openStreams());
                    peer.answer(third, "third");
                    peer.answer(second, "second");
                    peer.answer(first, "first");
                    peer.awaitEnd();
                })) {
            Client.run(H2Server.client().limit(1), session -> {
                Task<String> first = H2LifeTest.begin(session.get(server.url("/1")));
                Client.until(() -> server.peer(1) != null && server.peer(1).openStreams() == 1);
                Task<String> second = H2LifeTest.begin(session.get(server.url("/2")));
                Task<String> third = H2LifeTest.begin(session.get(server.url("/3")));
                Client.until(() -> session.stats().waiting() == 2);
                waiting.countDown();
                assertEquals("200 \"third\"", third.await());
                assertEquals("200 \"second\"", second.await());
                assertEquals("200 \"first\"", first.await());
                assertEquals(1, server.connections());
            });
        }
    }

    /** Those under way go on; new ones wait until there is room again. */
    @Test
    void fewerStreamsLater() throws Exception {
        CountDownLatch lowered = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (H2Server server = H2Server.start(peer -> {
            int first = peer.request().streamId();
            int second = peer.request().streamId();
            peer.send(settings(MAX_CONCURRENT_STREAMS, 1), ping(0, 1));
            peer.next(PING, 0);
            lowered.countDown();
            Client.hold(asked);
            peer.answer(first, "first");
            peer.answer(second, "second");
            peer.answer(peer.request().streamId(), "third");
            peer.answer(peer.request().streamId(), "fourth");
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client().limit(1), session -> {
                Task<String> first = H2LifeTest.begin(session.get(server.url("/1")));
                Task<String> second = H2LifeTest.begin(session.get(server.url("/2")));
                Client.until(lowered);
                Task<String> third = H2LifeTest.begin(session.get(server.url("/3")));
                Task<String> fourth = H2LifeTest.begin(session.get(server.url("/4")));
                Client.until(() -> session.stats().waiting() == 2);
                asked.countDown();
                assertEquals("200 \"first\"", first.await());
                assertEquals("200 \"second\"", second.await());
                assertEquals("200 \"third\"", third.await());
                assertEquals("200 \"fourth\"", fourth.await());
                assertEquals(1, server.connections());
            });
        }
    }

    /** None at all for a while, beside one that is under way: section 6.5.2. */
    @Test
    void noStreamsForAWhile() throws Exception {
        CountDownLatch lowered = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        try (H2Server server = H2Server.start(peer -> {
            int first = peer.request().streamId();
            peer.send(settings(MAX_CONCURRENT_STREAMS, 0), ping(0, 1));
            peer.next(PING, 0);
            lowered.countDown();
            Client.hold(waiting);
            peer.send(settings(MAX_CONCURRENT_STREAMS, 2));
            peer.answer(peer.request().streamId(), "second");
            peer.answer(first, "first");
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client().limit(1), session -> {
                Task<String> first = H2LifeTest.begin(session.get(server.url("/1")));
                Client.until(lowered);
                Task<String> second = H2LifeTest.begin(session.get(server.url("/2")));
                Client.until(() -> session.stats().waiting() == 1);
                waiting.countDown();
                assertEquals("200 \"second\"", second.await());
                assertEquals("200 \"first\"", first.await());
                assertEquals(1, server.connections());
            });
        }
    }

    /** Waits until the client knows the settings, and refuses what it has sent before that; false if it went away instead. */
    private static boolean refuseEarly(H2Peer peer) throws Exception {
        peer.send(ping(0, 1));
        peer.until(() -> peer.hasEnded() || peer.poll(PING, 0) != null);
        for (int id = 1; !peer.hasEnded() && peer.poll(HEADERS, id) != null; id += 2) {
            peer.send(reset(peer.request().streamId(), H2Code.REFUSED_STREAM));
        }
        return !peer.hasEnded();
    }

    /** None at first, and some later: what the server does not take waits until then, others go on. */
    @Test
    void noStreamsAtFirst() throws Exception {
        CountDownLatch said = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        try (H2Server elsewhere = H2Server.start(H2Peer::answerAll);
                H2Server server =
                        H2Server.start(settings(MAX_CONCURRENT_STREAMS, 0).bytes(), peer -> {
                            if (refuseEarly(peer)) {
                                said.countDown();
                                Client.hold(waiting);
                                peer.send(settings(MAX_CONCURRENT_STREAMS, 5));
                                peer.answerAll();
                            }
                        })) {
            Client.run(H2Server.client(), session -> {
                Task<String> first = H2LifeTest.begin(session.get(server.url("/1")));
                Client.until(said);
                for (int i = 0; i < 10; i++) {
                    assertEquals("200 \"ok\"", Outcomes.exchange(session.get(elsewhere.url("/"))));
                }
                assertFalse(first.isDone());
                Task<String> given = H2LifeTest.begin(session.get(server.url("/2")));
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(elsewhere.url("/"))));
                given.cancel("enough");
                waiting.countDown();
                assertEquals("200 \"ok\"", first.await());
                assertTrue(server.connections() <= 4, () -> server.connections() + " connections");
            });
        }
    }

    /** A connection that takes none, and then goes away: what waited for it goes elsewhere. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noStreamsAndThenTheEnd(boolean saysSo) throws Exception {
        try (H2Server server =
                H2Server.start(settings(MAX_CONCURRENT_STREAMS, 0).bytes(), peer -> {
                    if (!refuseEarly(peer)) {
                        return;
                    }
                    if (peer.number > 1) {
                        peer.send(settings(MAX_CONCURRENT_STREAMS, 1));
                        peer.answerAll();
                    } else if (saysSo) {
                        peer.send(goAway(0, H2Code.NO_ERROR));
                        peer.awaitEnd();
                    }
                })) {
            Client.run(H2Server.client(), session -> {
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(2, server.connections());
            });
        }
    }

    /** Requests have a connection already when it comes to take fewer: they take turns, and none comes too early. */
    @Test
    void fewerStreamsThanHaveTheConnection() throws Exception {
        AtomicLong most = new AtomicLong();
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch said = new CountDownLatch(1);
        try (H2Server server =
                H2Server.start(settings(MAX_CONCURRENT_STREAMS, 5).bytes(), peer -> {
                    peer.answer(peer.request().streamId(), "ok");
                    Client.hold(ready);
                    peer.send(settings(MAX_CONCURRENT_STREAMS, 1));
                    said.countDown();
                    for (H2Request next = peer.request(); next != null; next = peer.request()) {
                        // What the client has sent with that request has come when this is answered.
                        peer.send(ping(0, 1));
                        peer.until(() -> peer.hasEnded() || peer.poll(PING, 0) != null);
                        most.accumulateAndGet(peer.openStreams(), Math::max);
                        peer.answer(next.streamId(), "ok");
                    }
                })) {
            Client.run(H2Server.client(), session -> {
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                ready.countDown();
                // The loop does not see what has come before this step ends: all five have the connection by then.
                Client.hold(said);
                List<Task<String>> all = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    RequestBuilder request = session.get(server.url("/" + i));
                    all.add(Asyncio.createEagerTask(() -> Outcomes.exchange(request)));
                }
                for (Task<String> each : all) {
                    assertEquals("200 \"ok\"", each.await());
                }
                assertEquals(1, server.connections());
            });
        }
        assertEquals(1, most.get());
    }

    /** None at all, for ever: no connection after connection is made. */
    @Test
    void noStreams() throws Exception {
        try (H2Server server =
                H2Server.start(settings(MAX_CONCURRENT_STREAMS, 0).bytes(), peer -> {
                    for (H2Request request = peer.request(); request != null; request = peer.request()) {
                        peer.send(reset(request.streamId(), H2Code.REFUSED_STREAM));
                    }
                })) {
            Client.run(H2Server.client(), session -> {
                ClientTimeout limit = ClientTimeout.total(Duration.ofMillis(500));
                String outcome = Outcomes.exchange(session.get(server.url("/")).timeout(limit));
                assertTrue(
                        outcome.startsWith("ServerDisconnectedException: ")
                                || outcome.startsWith("TotalTimeoutException: "),
                        outcome);
            });
            assertTrue(server.connections() <= 10, () -> server.connections() + " connections");
        }
    }

    /** Section 6.9.2: the change holds for streams that are open, and may take away what they have not got. */
    @Test
    void theWindowsOfAnUpload() throws Exception {
        byte[] body = new byte[300_000];
        new java.util.Random(1).nextBytes(body);
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            awaitUpload(peer, stream, 65_535);
            // 65535 are sent, 16384 would have been allowed: 49151 are owed.
            peer.send(settings(INITIAL_WINDOW_SIZE, 16_384), windowUpdate(0, 1_000_000), windowUpdate(stream, 49_151));
            peer.send(ping(0, 1));
            peer.next(PING, 0);
            assertEquals(65_535, sent(peer, stream));
            peer.send(windowUpdate(stream, 10));
            awaitUpload(peer, stream, 65_545);
            peer.send(settings(INITIAL_WINDOW_SIZE, 1 << 20));
            awaitUpload(peer, stream, body.length);
            assertTrue(Arrays.equals(body, peer.upload(stream)));
            peer.answer(stream, "ok");
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                assertEquals(
                        "200 \"ok\"",
                        Outcomes.exchange(session.post(server.url("/")).body(body)));
            });
        }
    }

    private static long sent(H2Peer peer, int streamId) {
        return peer.frames().stream()
                .filter(frame -> frame.type() == DATA && frame.streamId() == streamId)
                .mapToLong(frame -> frame.payload().length)
                .sum();
    }

    private static void awaitUpload(H2Peer peer, int streamId, long bytes) {
        peer.until(() -> sent(peer, streamId) >= bytes);
        assertEquals(bytes, sent(peer, streamId));
    }

    /** From none at all, byte by byte. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void smallWindows(int window) throws Exception {
        byte[] body = new byte[500];
        new java.util.Random(window).nextBytes(body);
        try (H2Server server =
                H2Server.start(settings(INITIAL_WINDOW_SIZE, window).bytes(), peer -> {
                    int stream = peer.request().streamId();
                    if (window == 0) {
                        peer.send(windowUpdate(stream, 1));
                    }
                    assertTrue(Arrays.equals(body, peer.upload(stream)));
                    peer.answer(stream, "ok");
                    peer.awaitEnd();
                })) {
            Client.run(
                    H2Server.client(),
                    session -> assertEquals(
                            "200 \"ok\"",
                            Outcomes.exchange(session.post(server.url("/")).body(body))));
        }
    }

    @Test
    void largerFrames() throws Exception {
        byte[] body = new byte[1 << 20];
        new java.util.Random(2).nextBytes(body);
        byte[] opening =
                settings(MAX_FRAME_SIZE, 1 << 20, INITIAL_WINDOW_SIZE, 2 << 20).bytes();
        try (H2Server server = H2Server.start(opening, peer -> {
            peer.send(windowUpdate(0, 2 << 20));
            int stream = peer.request().streamId();
            assertTrue(Arrays.equals(body, peer.upload(stream)));
            peer.answer(stream, "ok");
            peer.send(settings(MAX_FRAME_SIZE, 16_384));
            int next = peer.request().streamId();
            assertTrue(Arrays.equals(body, peer.upload(next)));
            peer.answer(next, "ok");
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                for (int i = 0; i < 2; i++) {
                    assertEquals(
                            "200 \"ok\"",
                            Outcomes.exchange(session.post(server.url("/")).body(body)));
                }
            });
        }
    }

    /** RFC 7541 section 4.2: the next block begins with the smaller size, and no block refers to what is not there. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 4096, 65_536})
    void headerTableSize(int size) throws Exception {
        List<byte[]> blocks = new ArrayList<>();
        try (H2Server server = H2Server.start(settings(HEADER_TABLE_SIZE, size).bytes(), peer -> {
            answerAndKeep(peer, blocks);
        })) {
            askFiveTimes(server);
        }
        if (size < 4096) {
            assertTrue(
                    blocks.stream().limit(2).anyMatch(block -> !updates(block).isEmpty()),
                    "no block begins with the new size");
        }
        if (size == 0) {
            assertTrue(blocks.getLast().length >= blocks.get(1).length - 3, "what cannot be in a table is referred to");
        } else if (size >= 4096) {
            assertTrue(blocks.getLast().length < blocks.getFirst().length, "the table is not used");
        }
    }

    /** What comes between two blocks; {@code 0/4096} is a frame that says the size twice. */
    private record TableSizes(String sizes, List<Integer> updates) {
        H2Frame[] frames() {
            return Arrays.stream(sizes.split(", ")).map(TableSizes::frame).toArray(H2Frame[]::new);
        }

        private static H2Frame frame(String sizes) {
            return settings(Arrays.stream(sizes.split("/"))
                    .flatMapToLong(size -> LongStream.of(HEADER_TABLE_SIZE, Long.parseLong(size)))
                    .toArray());
        }

        @Override
        public String toString() {
            return sizes;
        }
    }

    static Stream<TableSizes> tableSizes() {
        return Stream.of(
                new TableSizes("4096", List.of()),
                new TableSizes("100", List.of(100)),
                new TableSizes("0, 4096", List.of(0, 4096)),
                new TableSizes("0/4096", List.of(0, 4096)),
                new TableSizes("200, 100, 300", List.of(100, 300)),
                new TableSizes("8000, 4096", List.of()),
                new TableSizes("8000, 100", List.of(100)),
                new TableSizes("8000, 0/6000", List.of(0, 4096)),
                new TableSizes("100, 300, 200", List.of(100, 200)),
                // More is not used, whatever the server would keep.
                new TableSizes("4294967295", List.of()));
    }

    /** RFC 7541 section 4.2: the smallest size that there was since the last block is said, then the last, and no other. */
    @ParameterizedTest
    @MethodSource("tableSizes")
    void headerTableSizeChanges(TableSizes change) throws Exception {
        List<byte[]> blocks = new ArrayList<>();
        try (H2Server server = H2Server.start(peer -> {
            peer.answer(peer.request().streamId(), "ok");
            int stream = peer.request().streamId();
            peer.send(change.frames());
            peer.send(ping(0, 1));
            peer.next(PING, 0);
            peer.answer(stream, "ok");
            answerAndKeep(peer, blocks);
        })) {
            askFiveTimes(server);
        }
        assertEquals(change.updates, updates(blocks.getFirst()));
        assertEquals(List.of(), updates(blocks.get(1)));
    }

    private static void answerAndKeep(H2Peer peer, List<byte[]> blocks) throws IOException {
        for (H2Request request = peer.request(); request != null; request = peer.request()) {
            blocks.add(request.block());
            peer.answer(request.streamId(), "ok");
        }
    }

    private static void askFiveTimes(H2Server server) throws Exception {
        Client.run(H2Server.client(), session -> {
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        "200 \"ok\"",
                        Outcomes.exchange(session.get(server.url("/")).header("x-often", "the same")));
            }
            assertEquals(1, server.connections());
        });
    }

    /** The changes of the table's size that a block begins with: RFC 7541 section 6.3. */
    private static List<Integer> updates(byte[] block) {
        List<Integer> updates = new ArrayList<>();
        for (int at = 0; (block[at] & 0xe0) == 0x20; ) {
            int size = block[at++] & 0x1f;
            for (int shift = 0, more = size == 0x1f ? 0x80 : 0; more != 0; shift += 7) {
                more = block[at] & 0x80;
                size += (block[at++] & 0x7f) << shift;
            }
            updates.add(size);
        }
        return updates;
    }

    /** A large request to a server that has said it takes none is not sent, and leaves no trace: section 6.5.2. */
    @Test
    void aRequestThatIsTooLarge() throws Exception {
        List<String> paths = new ArrayList<>();
        try (H2Server server = H2Server.start(peer -> {
            int first = peer.request().streamId();
            peer.send(settings(MAX_HEADER_LIST_SIZE, 500, HEADER_TABLE_SIZE, 100), ping(0, 1));
            peer.next(PING, 0);
            peer.answer(first, "ok");
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                paths.add(request.path());
                peer.answer(request.streamId(), "ok");
            }
        })) {
            Client.run(H2Server.client(), session -> {
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/1"))));
                String outcome = Outcomes.exchange(session.post(server.url("/2"))
                        .header("x-large", "v".repeat(1000))
                        .body("x"));
                assertEquals(
                        "ProtocolException: the request cannot be sent: its fields count for more than the 500 bytes"
                                + " that the server takes",
                        outcome);
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/3"))));
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/4"))));
                assertEquals(1, server.connections());
            });
        }
        assertEquals(List.of("/3", "/4"), paths);
    }

    /** A large request to a server that says it takes none: it is advisory, and the server's to refuse. */
    @Test
    void maxHeaderListSize() throws Exception {
        try (H2Server server =
                H2Server.start(settings(MAX_HEADER_LIST_SIZE, 100).bytes(), peer -> {
                    for (H2Request request = peer.request(); request != null; request = peer.request()) {
                        peer.send(headers(request.streamId(), END_STREAM, H2Block.status("431")));
                    }
                })) {
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.get(server.url("/")).header("x-large", "v".repeat(1000)));
                assertTrue(outcome.equals("431 \"\"") || outcome.startsWith("ProtocolException: "), outcome);
            });
        }
    }
}
