package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many URLs at a time: bounded, fair to hosts, and no failure stops the others. */
@OverBoth
class FetchAllTest {
    private static List<String> urls(RawServer server, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> server.url("/" + i)).toList();
    }

    private static RawServer echo() throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                String path = request.split(" ")[1];
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            }
        });
    }

    @Test
    void everyUrlHasItsResult() throws Exception {
        try (RawServer server = echo()) {
            Client.run(session -> {
                Set<String> seen = new HashSet<>();
                try (var results = session.fetchAll(
                        urls(server, 0, 500), FetchOptions.text().concurrency(20))) {
                    for (FetchResult<String> one : results) {
                        assertTrue(one.url().endsWith(one.get()), one::toString);
                        seen.add(one.url());
                    }
                }
                assertEquals(500, seen.size());
                assertTrue(server.connections() <= 8, "connections: " + server.connections());
            });
        }
    }

    @Test
    void inOrder() throws Exception {
        try (RawServer server = echo()) {
            Client.run(session -> {
                List<String> paths = new ArrayList<>();
                try (var results = session.fetchAll(
                        urls(server, 0, 50), FetchOptions.text().inOrder())) {
                    results.forEach(one -> paths.add(one.get()));
                }
                assertEquals(IntStream.range(0, 50).mapToObj(i -> "/" + i).toList(), paths);
            });
        }
    }

    @Test
    void aFailureIsAResult() throws Exception {
        IOException own = new IOException("cannot use it");
        try (RawServer server = echo()) {
            List<String> urls = List.of(
                    "nonsense",
                    "http://127.0.0.1:" + ClosedPort.number() + "/",
                    server.url("/own"),
                    server.url("/fine"));
            Client.run(session -> {
                List<FetchResult<String>> all = new ArrayList<>();
                FetchOptions<String> options = FetchOptions.reading(response -> {
                    if (response.url().path().equals("/own")) {
                        throw own;
                    }
                    return response.text().await();
                });
                try (var results = session.fetchAll(urls, options.inOrder())) {
                    results.forEach(all::add);
                }
                assertEquals(urls, all.stream().map(FetchResult::url).toList());
                assertInstanceOf(InvalidUrlException.class, all.get(0).failure());
                assertInstanceOf(ConnectFailedException.class, all.get(1).failure());
                assertThrows(ConnectFailedException.class, () -> all.get(1).get());
                assertSame(
                        own,
                        assertThrows(
                                        IllegalStateException.class,
                                        () -> all.get(2).get())
                                .getCause());
                assertEquals("/fine", all.get(3).get());
            });
        }
    }

    /** One host that never answers must not hold up the others, however many of its URLs come first. */
    @Test
    void aSlowHostHoldsUpNobody() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (RawServer slow = RawServer.start(peer -> {
                    while (peer.request() != null) {
                        Client.hold(done);
                        peer.send(RawServer.OK);
                    }
                });
                RawServer quick = echo()) {
            List<String> urls = new ArrayList<>(urls(slow, 0, 20));
            urls.addAll(urls(quick, 0, 100));
            Client.run(session -> {
                int fromQuick = 0;
                int fromSlow = 0;
                FetchOptions<String> options =
                        FetchOptions.text().concurrency(10).perHost(2);
                try (var results = session.fetchAll(urls, options)) {
                    for (FetchResult<String> one : results) {
                        if (one.url().contains(":" + slow.port())) {
                            fromSlow++;
                        } else {
                            assertEquals(0, fromSlow);
                            if (++fromQuick == 100) {
                                done.countDown();
                            }
                        }
                    }
                }
                assertEquals(20, fromSlow);
                assertEquals(2, slow.connections());
            });
        }
    }

    @Test
    void theInputIsReadAsThereIsRoom() throws Exception {
        AtomicInteger pulled = new AtomicInteger();
        try (RawServer server = echo()) {
            Client.run(session -> {
                Iterator<String> endless = new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return true;
                    }

                    @Override
                    public String next() {
                        return server.url("/" + pulled.getAndIncrement());
                    }
                };
                int taken = 0;
                try (var results = session.fetchAll(
                        endless, FetchOptions.text().concurrency(10).perHost(3).lookAhead(5))) {
                    for (FetchResult<String> one : results) {
                        assertTrue(one.isSuccess());
                        if (++taken == 100) {
                            break;
                        }
                        assertTrue(pulled.get() <= taken + 30, () -> "read ahead: " + pulled.get());
                    }
                }
                Client.until(() -> session.stats().acquired() == 0);
            });
        }
    }

    @Test
    void aFailureOfTheInputIsThrown() throws Exception {
        try (RawServer server = echo()) {
            Client.run(session -> {
                Iterator<String> broken = IntStream.iterate(0, i -> i + 1)
                        .mapToObj(i -> {
                            if (i == 5) {
                                throw new IllegalStateException("no more lines");
                            }
                            return server.url("/" + i);
                        })
                        .iterator();
                try (var results = session.fetchAll(broken, FetchOptions.text())) {
                    IllegalStateException failure = assertThrows(
                            IllegalStateException.class, () -> results.forEach(one -> assertTrue(one.isSuccess())));
                    assertEquals("no more lines", failure.getMessage());
                }
            });
        }
    }

    @Test
    void requestsCanBeChanged() throws Exception {
        List<String> requests = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                peer.send(RawServer.OK);
            }
        })) {
            Client.run(ClientSession.builder().baseUrl(server.url("/b/")), session -> {
                try (var results =
                        session.fetchAll(List.of("x"), FetchOptions.text().request(one -> one.header("X-A", "y")))) {
                    results.forEach(one -> assertEquals("ok", one.get()));
                }
            });
        }
        assertTrue(requests.getFirst().startsWith("GET /b/x "));
        assertTrue(requests.getFirst().contains("X-A: y\r\n"));
    }

    @Test
    void leavingEarlyLeavesNothing() throws Exception {
        try (RawServer server = RawServer.start(RawServer.Peer::awaitEnd)) {
            Client.run(session -> {
                try (var results = session.fetchAll(urls(server, 0, 100), FetchOptions.text())) {
                    Iterator<FetchResult<String>> iterator = results.iterator();
                    Asyncio.createTask(iterator::hasNext);
                    Client.until(() -> server.connections() == 8);
                }
                assertEquals(Client.givenUp(), session.stats());
            });
        }
    }

    @Test
    void settingsThatAreNone() {
        assertThrows(IllegalArgumentException.class, () -> FetchOptions.text().concurrency(0));
        assertThrows(IllegalArgumentException.class, () -> FetchOptions.text().perHost(0));
        assertThrows(IllegalArgumentException.class, () -> FetchOptions.text().lookAhead(0));
    }
}
