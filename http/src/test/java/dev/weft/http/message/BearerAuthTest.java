package dev.weft.http.message;

import static dev.weft.loop.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.message.FakeServer.Answer;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.sync.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A token that is fetched. */
@Timeout(30)
class BearerAuthTest {
    private static final ClientRequest GET = ClientRequest.of("GET", HttpUrl.parse("https://h/"));

    private int fetched;
    private String good = "t1";
    private final FakeServer server = new FakeServer(
            request -> Answer.of(("Bearer " + good).equals(request.headers().first("Authorization")) ? 200 : 401));

    private String next() {
        return "t" + ++fetched;
    }

    private int status(Auth auth, ClientRequest request) {
        try (ClientResponse response = auth.handle(request, server)) {
            return response.status();
        }
    }

    @Test
    void fetchedWhenFirstNeededAndKept() {
        Auth auth = Auth.bearer(this::next);
        Asyncio.run(() -> {
            assertEquals(200, status(auth, GET));
            assertEquals(200, status(auth, GET));
        });
        assertEquals(List.of("Bearer t1", "Bearer t1"), server.credentials());
        assertEquals(1, fetched);
    }

    @Test
    void fetchedAgainOnceAfterA401() {
        Auth auth = Auth.bearer(this::next);
        Asyncio.run(() -> {
            assertEquals(200, status(auth, GET));
            good = "t2";
            assertEquals(200, status(auth, GET.withBody(Body.of("again"))));
            assertEquals(List.of("Bearer t1", "Bearer t1", "Bearer t2"), server.credentials());
            assertEquals("again", text(server.requests.getLast()));
            good = "never";
            assertEquals(401, status(auth, GET), "the second 401 is the answer");
            assertEquals(5, server.requests.size());
            assertEquals(3, fetched);
        });
        assertEquals(0, server.open, "every answer was closed");
    }

    private static String text(ClientRequest request) {
        Body body = request.body();
        assert body != null;
        ByteBuffer content = body.content();
        assert content != null;
        return StandardCharsets.UTF_8.decode(content).toString();
    }

    @Test
    void aBodyThatCannotBeSentAgainIsNot() {
        Auth auth = Auth.bearer(this::next);
        Asyncio.run(() -> {
            good = "t2";
            assertEquals(401, status(auth, GET.withBody(new OnceBody())));
            assertEquals(1, server.requests.size());
            assertEquals(200, status(auth, GET), "the next request has a fresh token at once");
            assertEquals(List.of("Bearer t1", "Bearer t2"), server.credentials());
        });
    }

    /** A body that can be read once. */
    record OnceBody() implements Body {
        @Override
        public OptionalLong length() {
            return OptionalLong.of(0);
        }

        @Override
        public boolean isReplayable() {
            return false;
        }

        @Override
        public String contentType() {
            return "text/plain";
        }

        @Override
        public BodySource open() {
            return () -> null;
        }
    }

    @Test
    void oneFetchForAllWhoNeedItMeanwhile() {
        Asyncio.run(() -> {
            Event arrived = new Event();
            Auth auth = Auth.bearer(() -> {
                String token = next();
                arrived.await();
                return token;
            });
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                tasks.add(createTask(() -> status(auth, GET)));
            }
            Asyncio.sleep(Duration.ZERO).await();
            Asyncio.sleep(Duration.ZERO).await();
            assertEquals(0, server.requests.size(), "all wait");
            arrived.set();
            assertEquals(
                    List.of(200),
                    Asyncio.gather(tasks).await().stream().distinct().toList());
            assertEquals(1, fetched);

            // All are refused at once: one more fetch, each sent once more.
            good = "t2";
            server.requests.clear();
            tasks.clear();
            for (int i = 0; i < 50; i++) {
                tasks.add(createTask(() -> status(auth, GET)));
            }
            assertEquals(
                    List.of(200),
                    Asyncio.gather(tasks).await().stream().distinct().toList());
            assertEquals(2, fetched);
            assertEquals(
                    50,
                    server.credentials().stream().filter("Bearer t2"::equals).count());
        });
        assertEquals(0, server.open);
    }

    @Test
    void aRequestThatIsCancelledDoesNotConcernTheOthers() {
        Asyncio.run(() -> {
            Event arrived = new Event();
            Auth auth = Auth.bearer(() -> {
                String token = next();
                arrived.await();
                return token;
            });
            Task<Integer> first = createTask(() -> status(auth, GET));
            Task<Integer> second = createTask(() -> status(auth, GET));
            Asyncio.sleep(Duration.ZERO).await();
            Asyncio.sleep(Duration.ZERO).await();
            first.cancel();
            assertThrows(CancelledError.class, first::await);
            arrived.set();
            assertEquals(200, second.await());
            assertEquals(1, fetched);
        });
    }

    @Test
    void aFailureGoesToAllAndIsNotKept() {
        RuntimeException failure = new IllegalStateException("no token today");
        Asyncio.run(() -> {
            Auth auth = Auth.bearer(() -> {
                if (++fetched == 1) {
                    throw failure;
                }
                return "t1";
            });
            Task<Integer> first = createTask(() -> status(auth, GET));
            Task<Integer> second = createTask(() -> status(auth, GET));
            assertSame(failure, assertThrows(IllegalStateException.class, first::await));
            assertSame(failure, assertThrows(IllegalStateException.class, second::await));
            assertEquals(0, server.requests.size());
            assertEquals(200, status(auth, GET));
            assertEquals(2, fetched);
        });
    }

    @Test
    void aFailureToFetchAgainLeavesNothingOpen() {
        Asyncio.run(() -> {
            Auth auth = Auth.bearer(() -> {
                if (++fetched == 2) {
                    throw new IllegalStateException("no second one");
                }
                return "old";
            });
            assertThrows(IllegalStateException.class, () -> status(auth, GET));
            assertEquals(0, server.open);
        });
    }

    /** The session of the requests may fetch the token, too. */
    @Test
    void theFetchItselfIsSentWithoutAToken() {
        AtomicReference<Auth> self = new AtomicReference<>();
        Auth auth = Auth.bearer(() -> {
            assertEquals(401, status(self.get(), GET));
            assertEquals(401, createTask(() -> status(self.get(), GET)).await());
            return next();
        });
        self.set(auth);
        Asyncio.run(() -> assertEquals(200, status(auth, GET)));
        assertEquals(List.of("-", "-", "Bearer t1"), server.credentials());
    }

    @Test
    void whatTheFetchLeavesBehindHasTheToken() {
        AtomicReference<Task<Integer>> left = new AtomicReference<>();
        AtomicReference<Auth> self = new AtomicReference<>();
        Asyncio.run(() -> {
            Event later = new Event();
            Auth auth = Auth.bearer(() -> {
                left.set(createTask(() -> {
                    later.await();
                    return status(self.get(), GET);
                }));
                return next();
            });
            self.set(auth);
            assertEquals(200, status(auth, GET));
            later.set();
            assertEquals(200, left.get().await());
        });
        assertEquals(1, fetched);
    }

    @Test
    void aFetchedTokenIsChecked() {
        Auth auth = Auth.bearer(() -> "s3cret\r\nX: y");
        String message = Asyncio.run(() -> assertThrows(IllegalArgumentException.class, () -> status(auth, GET))
                .getMessage());
        assertFalse(message.contains("s3cret"), message);
        assertEquals(0, server.requests.size());
    }

    @Test
    void twoLoopsDoNotWaitForEachOther() throws Exception {
        AtomicInteger count = new AtomicInteger();
        CountDownLatch firstFetches = new CountDownLatch(1);
        CountDownLatch secondIsThrough = new CountDownLatch(1);
        Auth auth = Auth.bearer(() -> {
            if (count.incrementAndGet() == 1) {
                firstFetches.countDown();
                Asyncio.toThread(() -> secondIsThrough.await(25, TimeUnit.SECONDS))
                        .await();
            }
            return "t1";
        });
        FakeServer other = new FakeServer(request -> Answer.of(200));
        Thread first = Thread.ofPlatform().start(() -> Asyncio.run(() -> status(auth, GET)));
        assertEquals(true, firstFetches.await(25, TimeUnit.SECONDS));
        Asyncio.run(() -> auth.handle(GET, other).close());
        secondIsThrough.countDown();
        first.join();
        assertEquals(List.of("Bearer t1"), other.credentials());
        assertEquals(List.of("Bearer t1"), server.credentials());
        assertEquals(2, count.get());
    }
}
