package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.Connector;
import dev.weft.http.SessionStats;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.HttpVersion;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Servers that are silent: PING says whether they live. And how many requests one connection is given. */
class H2HealthTest {
    private static final Duration SOON = Duration.ofMillis(50);

    private interface Use {
        void with(ClientSession session) throws Exception;
    }

    private static void run(Connector.Builder settings, Use use) throws Exception {
        Asyncio.run(() -> {
            try (ClientSession session = ClientSession.builder()
                    .version(HttpVersion.HTTP_2)
                    .connector(settings.build())
                    .build()) {
                use.with(session);
            }
        });
    }

    private static long questions(H2Peer peer) {
        return peer.frames().stream()
                .filter(frame -> frame.type() == PING && !frame.has(ACK))
                .count();
    }

    @Test
    void aServerThatLives() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.until(() -> questions(peer) == 1);
            peer.answer(stream, "at last");
            peer.awaitEnd();
        })) {
            run(Connector.builder().pingAfter(SOON).pingTimeout(Duration.ofSeconds(20)), session -> {
                assertEquals("200 \"at last\"", Outcomes.exchange(session.post(server.url("/"))));
                assertEquals(1, server.connections());
            });
        }
    }

    @Test
    void aServerThatIsDead() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            peer.mute();
            int head = peer.request().streamId();
            peer.request();
            peer.send(headers(head, 0, H2Block.status("200")), data(head, 0, "half"));
            peer.awaitEnd();
        })) {
            run(Connector.builder().pingAfter(SOON).pingTimeout(SOON), session -> {
                Task<String> body = H2LifeTest.begin(session.post(server.url("/1")));
                Task<String> head = H2LifeTest.begin(session.post(server.url("/2")));
                String outcome = body.await();
                assertTrue(outcome.startsWith("200 \"half\" then PayloadException: "), outcome);
                assertTrue(outcome.contains("did not answer a PING within 50 ms"), outcome);
                outcome = head.await();
                assertTrue(outcome.startsWith("ServerDisconnectedException: "), outcome);
                assertTrue(outcome.contains("did not answer a PING within 50 ms"), outcome);
                assertEquals(new SessionStats(0, 0, 0), session.stats());
                Client.until(() -> server.peer(1).hasEnded());
            });
        }
    }

    /** A server that owes nothing may sleep. */
    @Test
    void anIdleConnectionIsNotAsked() throws Exception {
        try (H2Server server = H2Server.start(H2Peer::answerAll)) {
            run(Connector.builder().pingAfter(Duration.ofMillis(10)).pingTimeout(SOON), session -> {
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                long before = questions(server.peer(1));
                Asyncio.sleep(Duration.ofMillis(150)).await();
                assertEquals(before, questions(server.peer(1)));
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(1, server.connections());
            });
        }
    }

    @Test
    void neverAsked() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            peer.request();
            peer.awaitEnd();
        })) {
            run(Connector.builder().pingAfter(Duration.ZERO), session -> {
                String outcome = Outcomes.exchange(session.get(server.url("/")).timeout(Duration.ofMillis(150)));
                assertTrue(outcome.startsWith("TotalTimeoutException: "), outcome);
                assertEquals(0, questions(server.peer(1)));
            });
        }
    }

    /** The client's own limit, below the server's. */
    @Test
    void maxStreams() throws Exception {
        AtomicLong most = new AtomicLong();
        try (H2Server server = H2Server.start(peer -> {
            for (H2Request request = peer.request(); request != null; request = peer.request()) {
                most.accumulateAndGet(peer.openStreams(), Math::max);
                peer.answer(request.streamId(), "ok");
            }
        })) {
            run(Connector.builder().maxStreams(2).limit(1), session -> {
                List<Task<String>> tasks = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    tasks.add(H2LifeTest.begin(session.get(server.url("/" + i))));
                }
                for (Task<String> task : tasks) {
                    assertEquals("200 \"ok\"", task.await());
                }
                assertEquals(1, server.connections());
            });
        }
        assertTrue(most.get() <= 2, () -> most + " at a time");
    }
}
