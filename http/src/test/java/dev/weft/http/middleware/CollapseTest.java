package dev.weft.http.middleware;

import static dev.weft.http.middleware.OnVirtualClock.millis;
import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Attributes;
import dev.weft.http.message.Body;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Key;
import dev.weft.http.message.Options;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.Phase;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.TaskGroup;
import dev.weft.loop.TimeoutException;
import dev.weft.loop.testing.CancelEverywhere;
import dev.weft.loop.testing.Testing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests for the same at the same time, on the virtual clock. */
class CollapseTest {
    private static final Key<Integer> NUMBER = Key.of("number", 0);

    private static Task<String> start(Collapse collapse, ClientRequest request, ScriptedNext next) {
        return createTask(() -> {
            try (ClientResponse response = collapse.handle(request, next)) {
                return response.status() + " " + response.text().await();
            }
        });
    }

    private static List<Task<String>> start(Collapse collapse, ScriptedNext next, int count) {
        List<Task<String>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(start(collapse, ScriptedNext.get(), next));
        }
        return tasks;
    }

    private static void assertNothingLeft(Collapse collapse, ScriptedNext next) {
        next.assertNothingHeld();
        assertEquals(0, collapse.size(), "flights");
    }

    @Test
    void oneIsSentForAll() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            ScriptedNext next = new ScriptedNext(call -> call.after(100).pieces(203, 50, List.of("a", "b"), "X", "y"));
            List<Task<String>> tasks = start(collapse, next, 5);
            // Who comes while the body comes in joins too.
            sleep(Duration.ofMillis(170)).await();
            tasks.addAll(start(collapse, next, 2));
            for (Task<String> task : tasks) {
                assertEquals("203 ab", task.await());
            }
            assertEquals(200, millis());
            assertEquals(1, next.sent.size());
            assertNothingLeft(collapse, next);
            // It keeps nothing.
            assertEquals("203 ab", start(collapse, ScriptedNext.get(), next).await());
            assertEquals(2, next.sent.size());
        });
    }

    @Test
    void eachHasACopyOfItsOwn() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            ScriptedNext next = new ScriptedNext(call -> call.after(10).pieces(200, 0, List.of("abc"), "X", "y"));
            List<Task<ClientResponse>> tasks = List.of(
                    createTask(() -> collapse.handle(ScriptedNext.get(), next)),
                    createTask(() -> collapse.handle(ScriptedNext.get(), next)));
            ClientResponse one = tasks.get(0).await();
            ClientResponse two = tasks.get(1).await();
            assertNotSame(one, two);
            one.close();
            byte[] bytes = two.bytes().await();
            assertArrayEquals(new byte[] {'a', 'b', 'c'}, bytes);
            assertEquals("y", one.headers().first("X"));
            assertEquals(one.headers(), two.headers());
        });
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "GET http://a/, GET http://a/, 1",
        "GET http://a/#x, GET http://a/#y, 1",
        "GET http://a/, HEAD http://a/, 2",
        "GET http://a/?1, GET http://a/?2, 2",
        "GET http://a/, GET https://a/, 2",
        "GET http://u:1@a/, GET http://u:2@a/, 2",
        "HEAD http://a/, HEAD http://a/, 1",
        "POST http://a/, POST http://a/, 2",
        "PUT http://a/, PUT http://a/, 2",
        "OPTIONS http://a/, OPTIONS http://a/, 2",
    })
    void theSame(String first, String second, int sent) throws Exception {
        OnVirtualClock.run(() -> {
            ScriptedNext next = new ScriptedNext(call -> call.after(10).ok("x"));
            Collapse collapse = Collapse.standard();
            List<Task<String>> tasks = new ArrayList<>();
            for (String request : List.of(first, second)) {
                String[] words = request.split(" ");
                tasks.add(start(collapse, ScriptedNext.get(words[1]).withMethod(words[0]), next));
            }
            Asyncio.gather(tasks).await();
            assertEquals(sent, next.sent.size());
        });
    }

    private static int sentFor(Collapse collapse, ClientRequest... requests) throws Exception {
        ScriptedNext next = new ScriptedNext(call -> call.after(10).ok("x"));
        OnVirtualClock.run(() -> {
            List<Task<String>> tasks = new ArrayList<>();
            for (ClientRequest request : requests) {
                tasks.add(start(collapse, request, next));
            }
            Asyncio.gather(tasks).await();
        });
        return next.sent.size();
    }

    @Test
    void whatMustNotDiffer() throws Exception {
        ClientRequest plain = ScriptedNext.get();
        assertEquals(2, sentFor(Collapse.standard(), plain, plain.withHeader("Authorization", "Basic eDp5")));
        assertEquals(
                1, sentFor(Collapse.standard(), plain.withHeader("accept", "a/b"), plain.withHeader("Accept", "a/b")));
        assertEquals(2, sentFor(Collapse.standard(), plain, plain.withBody(Body.of("x"))));
        assertEquals(2, sentFor(Collapse.standard(), plain, plain.with(Options.COOKIES, Map.of("a", "b"))));
        assertEquals(2, sentFor(Collapse.standard(), plain.with(NUMBER, 1), plain.with(NUMBER, 2)));
        assertEquals(1, sentFor(Collapse.standard(), plain.with(NUMBER, 1), plain.with(NUMBER, 1)));
        assertEquals(
                2,
                sentFor(
                        Collapse.builder()
                                .which(request -> request.attribute(NUMBER) == 0)
                                .build(),
                        plain.with(NUMBER, 1),
                        plain.with(NUMBER, 1)));
    }

    @Test
    void whatMayDiffer() throws Exception {
        ClientRequest plain = ScriptedNext.get();
        ClientTimeout short1 = ClientTimeout.total(Duration.ofSeconds(9));
        assertEquals(1, sentFor(Collapse.standard(), plain, plain.with(Options.TIMEOUT, short1)));
        assertEquals(1, sentFor(Collapse.standard(), plain, plain.withHeader("Traceparent", "00-1")));
        assertEquals(2, sentFor(Collapse.standard(), plain, plain.withHeader("X-Nonce", "1")));
        Collapse more = Collapse.builder().ignoring("x-nonce").ignoring(NUMBER).build();
        assertEquals(
                1,
                sentFor(
                        more,
                        plain.withHeader("X-Nonce", "1"),
                        plain.withHeader("X-Nonce", "2").with(NUMBER, 7)));
    }

    @Test
    void equalAttributes() {
        Attributes one = Attributes.empty().with(NUMBER, 1).with(Options.CHUNKED, true);
        Attributes same = Attributes.empty().with(Options.CHUNKED, true).with(NUMBER, 1);
        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        for (Attributes other : List.of(
                one.with(NUMBER, 2),
                one.with(Key.of("number", 0), 1),
                Attributes.empty(),
                Attributes.empty().with(NUMBER, 1))) {
            assertTrue(!one.equals(other) && !other.equals(one), other::toString);
        }
        assertEquals(Attributes.empty(), Attributes.builder().build());
        assertEquals(
                Attributes.empty().with(Options.SERVER_NAME, null),
                Attributes.empty().with(Options.SERVER_NAME, null));
    }

    @Test
    void aFailureIsEverybodys() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            ScriptedNext next = new ScriptedNext(call -> {
                throw call.after(10).refused();
            });
            for (Task<String> task : start(collapse, next, 3)) {
                assertThrows(ClientException.class, task::await);
            }
            ScriptedNext wrong = new ScriptedNext(call -> {
                call.after(10);
                throw new IllegalArgumentException("mine");
            });
            for (Task<String> task : start(collapse, wrong, 3)) {
                assertThrows(IllegalArgumentException.class, task::await);
            }
            assertEquals(1, next.sent.size());
            assertEquals(1, wrong.sent.size());
            assertNothingLeft(collapse, next);
        });
    }

    /** The head is there for everybody; what fails is the read. */
    @Test
    void aBodyThatBreaksBreaksForEverybody() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            ScriptedNext next = new ScriptedNext(call -> call.after(10)
                    .status(200)
                    .withContent(new PrefixedBody(
                            ByteBuffer.wrap(new byte[] {'a'}),
                            1,
                            null,
                            new PayloadException(call.request(), 1, 2, null))));
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                tasks.add(createTask(() -> {
                    try (ClientResponse response = collapse.handle(ScriptedNext.get(), next)) {
                        assertEquals('a', response.content().read().await().get());
                        for (int k = 0; k < 2; k++) {
                            assertThrows(
                                    PayloadException.class,
                                    () -> response.content().read().await());
                        }
                    }
                }));
            }
            Asyncio.gather(tasks).await();
            assertEquals(1, next.sent.size());
        });
    }

    @Test
    void whoLeavesDoesNotHurtTheOthers() throws Exception {
        for (int leaver = 0; leaver < 3; leaver++) {
            int who = leaver;
            OnVirtualClock.run(() -> {
                Collapse collapse = Collapse.standard();
                ScriptedNext next = new ScriptedNext(call -> call.after(100).ok("x"));
                List<Task<String>> tasks = start(collapse, next, 3);
                sleep(Duration.ofMillis(50)).await();
                tasks.get(who).cancel();
                for (int i = 0; i < 3; i++) {
                    if (i == who) {
                        assertThrows(CancelledError.class, tasks.get(i)::await);
                    } else {
                        assertEquals("200 x", tasks.get(i).await());
                    }
                }
                assertEquals(1, next.sent.size());
                assertNothingLeft(collapse, next);
            });
        }
    }

    @Test
    void whenNobodyWaitsItIsCancelled() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            ScriptedNext next = new ScriptedNext(call -> call.after(100).pieces(200, 100, List.of("x")));
            for (long at : new long[] {0, 50, 150}) {
                List<Task<String>> tasks = start(collapse, next, 3);
                sleep(Duration.ofMillis(at)).await();
                tasks.forEach(Task::cancel);
                Testing.waitAllTasksBlocked().await();
                assertNothingLeft(collapse, next);
            }
            assertEquals(200, millis());
        });
    }

    /** Who comes after all others have left, in the same tick, is not given what was cancelled. */
    @Test
    void whoComesInTheTickOfTheLastCancellation() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            ScriptedNext next = new ScriptedNext(call -> call.after(100).ok("x"));
            Task<String> first = start(collapse, ScriptedNext.get(), next);
            sleep(Duration.ofMillis(50)).await();
            first.cancel();
            for (int i = 0; i < 4; i++) {
                assertEquals("200 x", start(collapse, ScriptedNext.get(), next).await(), "after " + i);
                Task<String> other = start(collapse, ScriptedNext.get(), next);
                for (int k = 0; k < i; k++) {
                    sleep(0).await();
                }
                other.cancel();
            }
            Testing.waitAllTasksBlocked().await();
            assertNothingLeft(collapse, next);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLongBodyGoesToTheFirstInLine(boolean announced) throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.builder().limitBytes(4).build();
            ScriptedNext next = new ScriptedNext(call -> call.after(10)
                    .pieces(
                            200,
                            10,
                            List.of("abc", "def", "ghi"),
                            announced ? new String[] {"Content-Length", "9"} : new String[0]));
            List<Task<String>> tasks = start(collapse, next, 3);
            sleep(Duration.ofMillis(5)).await();
            tasks.get(0).cancel();
            assertThrows(CancelledError.class, tasks.get(0)::await);
            assertEquals("200 abcdefghi", tasks.get(1).await());
            assertEquals(40, millis());
            assertEquals("200 abcdefghi", tasks.get(2).await());
            assertEquals(announced ? 50 : 70, millis());
            assertEquals(2, next.sent.size());
            assertNothingLeft(collapse, next);
        });
    }

    @Test
    void theLimitItselfIsShared() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.builder().limitBytes(4).build();
            ScriptedNext next = new ScriptedNext(call -> call.pieces(200, 10, List.of("ab", "cd")));
            for (Task<String> task : start(collapse, next, 3)) {
                assertEquals("200 abcd", task.await());
            }
            assertEquals(1, next.sent.size());
        });
    }

    /** What was received is what came over the wire; what was decoded is what the reader was given. */
    @Test
    void bytesAreCounted() throws Exception {
        OnVirtualClock.run(() -> {
            for (int limit : new int[] {4, 100}) {
                Collapse collapse = Collapse.builder().limitBytes(limit).build();
                ScriptedNext next = new ScriptedNext(call -> call.pieces(200, 10, List.of("abc", "def")));
                try (ClientResponse response = collapse.handle(ScriptedNext.get(), next)) {
                    assertEquals(6, response.bytesReceived());
                    assertEquals(0, response.bytesDecoded());
                    assertEquals("abcdef", response.text().await());
                    assertEquals(6, response.bytesDecoded());
                }
            }
        });
    }

    /** The length of a HEAD is that of a body nobody sends. */
    @Test
    void aHeadIsNotLong() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            ScriptedNext next =
                    new ScriptedNext(call -> call.after(10).pieces(200, 0, List.of(), "Content-Length", "999999999"));
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tasks.add(start(collapse, ScriptedNext.get().withMethod("HEAD"), next));
            }
            Asyncio.gather(tasks).await();
            assertEquals(1, next.sent.size());
        });
    }

    /** The time of the one whose request was sent is over: the others have time left, and try again. */
    @Test
    void aTotalTimeoutIsOnesOwn() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            Duration second = Duration.ofSeconds(1);
            ScriptedNext next = new ScriptedNext(call -> {
                if (call.number() == 1) {
                    call.after(1000);
                    throw new TotalTimeoutException(call.request(), Phase.FIRST_BYTE, second, second);
                }
                return call.after(100).ok("x");
            });
            List<Task<String>> tasks = start(collapse, next, 3);
            assertThrows(TotalTimeoutException.class, tasks.get(0)::await);
            assertEquals("200 x", tasks.get(1).await());
            assertEquals("200 x", tasks.get(2).await());
            assertEquals(List.of(0L, 1000L), next.sentAtMillis);
            assertNothingLeft(collapse, next);
        });
    }

    @Test
    void aDeadlineIsOnesOwn() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            ScriptedNext next = new ScriptedNext(call -> call.after(1000).ok("x"));
            Task<String> patient = createTask(() -> {
                sleep(Duration.ofMillis(10)).await();
                return start(collapse, ScriptedNext.get(), next).await();
            });
            assertThrows(
                    TimeoutException.class,
                    () -> Asyncio.timeout(
                            Duration.ofMillis(500),
                            () -> collapse.handle(ScriptedNext.get(), next).close()));
            assertEquals("200 x", patient.await());
            assertEquals(1, next.sent.size());
        });
    }

    @Test
    void aTaskThatIsCancelledInsideIsNoAnswer() throws Exception {
        OnVirtualClock.run(() -> {
            Collapse collapse = Collapse.standard();
            ScriptedNext next = new ScriptedNext(call -> {
                call.after(10);
                throw new CancelledError();
            });
            List<Task<String>> tasks = start(collapse, next, 3);
            for (Task<String> task : tasks) {
                assertThrows(CancelledError.class, task::await);
            }
            assertEquals(3, next.sent.size());
            assertNothingLeft(collapse, next);
        });
    }

    @Test
    void outOfRange() {
        assertThrows(IllegalArgumentException.class, () -> Collapse.builder().limitBytes(-1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100})
    void cancelledAnywhere(int limitBytes) {
        AtomicReference<ScriptedNext> next = new AtomicReference<>();
        AtomicReference<Collapse> collapse = new AtomicReference<>();
        int awaits = CancelEverywhere.of(() -> {
                    Collapse one = Collapse.builder().limitBytes(limitBytes).build();
                    ScriptedNext inside =
                            new ScriptedNext(call -> call.after(10).pieces(200, 10, List.of("ab", "cd")));
                    collapse.set(one);
                    next.set(inside);
                    TaskGroup.run(group -> {
                        for (int i = 0; i < 3; i++) {
                            group.createTask(() -> {
                                try (ClientResponse response = one.handle(ScriptedNext.get(), inside)) {
                                    assertEquals("abcd", response.text().await());
                                }
                            });
                        }
                    });
                })
                .childrenToo()
                .check(() -> assertNothingLeft(collapse.get(), next.get()))
                .run();
        assertTrue(awaits >= 7, () -> "only " + awaits + " awaits");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aStormOfCancellations(long seed) throws Exception {
        OnVirtualClock.run(() -> {
            Random random = new Random(seed);
            Collapse collapse = Collapse.builder().limitBytes(5).build();
            ScriptedNext next = new ScriptedNext(call -> {
                call.after(random.nextInt(30));
                return switch (random.nextInt(4)) {
                    case 0 -> throw call.refused();
                    case 1 -> call.pieces(200, random.nextInt(10), List.of("abc", "def"));
                    default -> call.pieces(200, random.nextInt(10), List.of("ab", "cd"));
                };
            });
            List<Task<String>> tasks = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                tasks.add(start(collapse, ScriptedNext.get("http://a/" + random.nextInt(3)), next));
                if (random.nextInt(3) == 0) {
                    sleep(Duration.ofMillis(random.nextInt(15))).await();
                }
                if (random.nextBoolean()) {
                    tasks.get(random.nextInt(tasks.size())).cancel();
                }
            }
            Asyncio.wait(tasks).await();
            int answered = 0;
            for (Task<String> task : tasks) {
                if (!task.isCancelled() && task.exception() == null) {
                    answered++;
                    assertTrue(List.of("200 abcd", "200 abcdef").contains(task.result()), task::result);
                }
            }
            Testing.waitAllTasksBlocked().await();
            assertTrue(answered > 100, answered + " answered");
            assertTrue(next.sent.size() < tasks.size(), () -> next.sent.size() + " sent");
            assertNothingLeft(collapse, next);
        });
    }

    @Test
    void headersOfTheAnswerAreKept() throws Exception {
        OnVirtualClock.run(() -> {
            Headers headers = Headers.builder()
                    .add("Content-Type", "text/plain; charset=iso-8859-1")
                    .build();
            ClientResponse response = Collapse.standard()
                    .handle(
                            ScriptedNext.get(),
                            sent -> ClientResponse.of(sent, 200, headers, new byte[] {(byte) 0xe4}));
            assertEquals("ä", response.text().await());
        });
    }
}
