package dev.weft.http.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.OverBoth;
import dev.weft.http.RawServer;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.BoundedMap;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests race with a server that closes idle connections whenever it likes: findings 1 and 10 of the specification. */
@OverBoth
class IdleRaceTest {
    private static final int REQUESTS = 10_000;
    private static final int AT_A_TIME = 12;

    private final List<String> posts = new CopyOnWriteArrayList<>();
    private final AtomicInteger closes = new AtomicInteger();

    /** Answers with the path. A connection that has served a request is kept for a random time, now and then for none. */
    private void serve(RawServer.Peer peer, long seed) throws Exception {
        Random random = new Random(seed + peer.number);
        for (String request = peer.request(); request != null; request = peer.request()) {
            String path = request.split(" ")[1];
            if (request.startsWith("POST")) {
                posts.add(path);
            }
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            if (random.nextInt(8) == 0) {
                break;
            }
            peer.patience(1 + random.nextInt(3));
        }
    }

    private void serveUntilIdle(RawServer.Peer peer, long seed) throws Exception {
        try {
            serve(peer, seed);
        } catch (SocketTimeoutException e) {
            // It was idle for too long.
        }
        closes.incrementAndGet();
    }

    @ParameterizedTest
    @ValueSource(longs = 20261126)
    void everyGetSucceedsAndNoPostIsSentTwice(long seed) throws Exception {
        Random random = new Random(seed);
        AtomicInteger failed = new AtomicInteger();
        try (RawServer server = RawServer.start(peer -> serveUntilIdle(peer, seed))) {
            Client.run(ClientSession.builder().limit(AT_A_TIME), session -> {
                List<Integer> ids = IntStream.range(0, REQUESTS).boxed().toList();
                try (BoundedMap<Integer, Boolean> all =
                        Asyncio.mapBounded(ids, AT_A_TIME, id -> request(session, server, id, random))) {
                    all.forEach(succeeded -> failed.addAndGet(succeeded ? 0 : 1));
                }
            });
        }
        assertEquals(posts.size(), posts.stream().distinct().count(), "a POST was sent twice");
        assertTrue(closes.get() > REQUESTS / 100, () -> "the server closed only " + closes + " connections");
        assertTrue(failed.get() < REQUESTS / 10, () -> failed + " requests failed");
    }

    /** Whether it succeeded; only a POST may not. */
    private static boolean request(ClientSession session, RawServer server, int id, Random random) {
        if (random.nextInt(4) == 0) {
            Asyncio.sleep(random.nextInt(3500) / 1e6).await();
        }
        boolean post = id % 5 == 0;
        String path = "/" + id;
        try {
            String body = (post ? session.post(server.url(path)) : session.get(server.url(path)))
                    .text()
                    .await();
            assertEquals(path, body, "an answer to another request");
            return true;
        } catch (ServerDisconnectedException e) {
            assertTrue(post, e.getMessage());
            return false;
        }
    }
}
