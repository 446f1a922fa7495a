package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.BeforeSendFailure;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Phase;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.http.message.UploadException;
import dev.weft.http.middleware.CircuitBreaker.State;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.testing.CancelEverywhere;
import dev.weft.loop.testing.Testing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The breaker around exchanges, on the virtual clock. */
class CircuitBreakerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String ORIGIN = "http://example.com";

    private static CircuitBreaker.Builder small() {
        return CircuitBreaker.builder()
                .window(Duration.ofSeconds(10))
                .minCalls(4)
                .openFor(Duration.ofSeconds(5))
                .probes(2);
    }

    private static void send(CircuitBreaker breaker, ClientRequest request, ScriptedNext next, int times) {
        for (int i = 0; i < times; i++) {
            try {
                breaker.handle(request, next).close();
            } catch (CircuitOpenException e) {
                throw e;
            } catch (ClientException e) {
                // What the script threw.
            }
        }
    }

    @Test
    void opensAndClosesAgain() throws Exception {
        OnVirtualClock.run(() -> {
            CircuitBreaker breaker = small().build();
            ScriptedNext next = new ScriptedNext(call -> {
                if (call.number() % 2 == 0) {
                    throw call.refused();
                }
                return call.status(call.number() <= 4 ? 503 : 200);
            });
            send(breaker, ScriptedNext.get(), next, 4);
            assertEquals(State.OPEN, breaker.state(ORIGIN));
            Asyncio.sleep(SECOND).await();
            CircuitOpenException e = assertThrows(
                    CircuitOpenException.class, () -> send(breaker, ScriptedNext.get("http://example.com/x"), next, 1));
            assertTrue(BeforeSendFailure.class.isInstance(e));
            assertEquals(Duration.ofSeconds(4), e.retryIn());
            assertEquals(ORIGIN, e.key());
            assertEquals(
                    "GET http://example.com/x: too many requests to http://example.com failed; "
                            + "none is sent for another 4000 ms",
                    e.getMessage());
            // Another origin has another circuit.
            send(breaker, ScriptedNext.get("http://example.com:81/"), new ScriptedNext(call -> call.ok("")), 1);
            Asyncio.sleep(Duration.ofSeconds(4)).await();
            assertEquals(State.HALF_OPEN, breaker.state(ORIGIN));
            ScriptedNext good = new ScriptedNext(call -> call.ok(""));
            send(breaker, ScriptedNext.get(), good, 2);
            assertEquals(State.CLOSED, breaker.state(ORIGIN));
            send(breaker, ScriptedNext.get(), good, 5);
            assertEquals(4, next.sent.size());
            next.assertNothingHeld();
        });
    }

    @Test
    void fewAreOnTrialAtOnce() throws Exception {
        OnVirtualClock.run(() -> {
            CircuitBreaker breaker = small().build();
            send(breaker, ScriptedNext.get(), new ScriptedNext(call -> call.status(500)), 4);
            Asyncio.sleep(Duration.ofSeconds(5)).await();
            ScriptedNext next = new ScriptedNext(call -> call.after(100).ok(""));
            List<Task<?>> trials = List.of(
                    Asyncio.createTask(() -> send(breaker, ScriptedNext.get(), next, 1)),
                    Asyncio.createTask(() -> send(breaker, ScriptedNext.get(), next, 1)));
            Testing.waitAllTasksBlocked().await();
            CircuitOpenException e =
                    assertThrows(CircuitOpenException.class, () -> send(breaker, ScriptedNext.get(), next, 1));
            assertEquals(Duration.ZERO, e.retryIn());
            assertTrue(e.getMessage().endsWith("the first ones after a pause are under way"), e.getMessage());
            Asyncio.gather(trials).await();
            assertEquals(State.CLOSED, breaker.state(ORIGIN));
        });
    }

    @Test
    void aCancelledTrialSaysNothing() throws Exception {
        OnVirtualClock.run(() -> {
            CircuitBreaker breaker = small().probes(1).build();
            send(breaker, ScriptedNext.get(), new ScriptedNext(call -> call.status(500)), 4);
            Asyncio.sleep(Duration.ofSeconds(5)).await();
            ScriptedNext next = new ScriptedNext(call -> call.after(100).ok(""));
            Task<?> trial = Asyncio.createTask(() -> send(breaker, ScriptedNext.get(), next, 1));
            Testing.waitAllTasksBlocked().await();
            trial.cancel();
            assertThrows(CancelledError.class, trial::await);
            assertEquals(State.HALF_OPEN, breaker.state(ORIGIN));
            send(breaker, ScriptedNext.get(), next, 1);
            assertEquals(State.CLOSED, breaker.state(ORIGIN));
        });
    }

    private static State after(CircuitBreaker breaker, Function<ClientRequest, ClientException> failure) {
        send(
                breaker,
                ScriptedNext.get(),
                new ScriptedNext(call -> {
                    throw failure.apply(call.request());
                }),
                4);
        return breaker.state(ORIGIN);
    }

    @Test
    void whatTheProgramDidIsNoFailure() throws Exception {
        OnVirtualClock.run(() -> {
            List<Function<ClientRequest, ClientException>> own = List.of(
                    request -> new UploadException(request, "no file", null),
                    request -> new SessionClosedException(request, "closed", null),
                    request -> new PoolTimeoutException(request, Phase.POOL, SECOND, SECOND),
                    request -> new TotalTimeoutException(request, Phase.POOL, SECOND, SECOND));
            for (Function<ClientRequest, ClientException> failure : own) {
                assertEquals(State.CLOSED, after(small().build(), failure));
            }
            assertEquals(
                    State.OPEN,
                    after(
                            small().build(),
                            request -> new TotalTimeoutException(request, Phase.FIRST_BYTE, SECOND, SECOND)));
            assertEquals(
                    State.OPEN,
                    after(
                            small().build(),
                            request -> new ReadTimeoutException(request, Phase.FIRST_BYTE, SECOND, SECOND, 0)));
        });
    }

    @Test
    void whatCountsIsConfigurable() throws Exception {
        OnVirtualClock.run(() -> {
            CircuitBreaker breaker = small().badAnswer(response -> response.status() == 404)
                    .badFailure(failure -> false)
                    .build();
            ScriptedNext refusing = new ScriptedNext(call -> {
                throw call.refused();
            });
            send(breaker, ScriptedNext.get(), refusing, 10);
            send(breaker, ScriptedNext.get(), new ScriptedNext(call -> call.status(500)), 4);
            assertEquals(State.CLOSED, breaker.state(ORIGIN));
            send(breaker, ScriptedNext.get(), new ScriptedNext(call -> call.status(404)), 4);
            assertEquals(State.OPEN, breaker.state(ORIGIN));
        });
    }

    /** Its own failure must not leave the answer open. */
    @Test
    void aRuleThatThrows() throws Exception {
        OnVirtualClock.run(() -> {
            IllegalStateException mine = new IllegalStateException("mine");
            CircuitBreaker breaker = small().badAnswer(response -> {
                        throw mine;
                    })
                    .build();
            ScriptedNext next = new ScriptedNext(call -> call.ok("body"));
            assertSame(
                    mine,
                    assertThrows(
                            IllegalStateException.class,
                            () -> breaker.handle(ScriptedNext.get(), next).close()));
            next.assertNothingHeld();
        });
    }

    @Test
    void hostsThatAreIdleAreForgotten() throws Exception {
        OnVirtualClock.run(() -> {
            CircuitBreaker breaker = small().build();
            ScriptedNext next = new ScriptedNext(call -> call.ok(""));
            for (int i = 0; i < 20_000; i++) {
                send(breaker, ScriptedNext.get("http://host" + i + "/"), next, 1);
                if (i % 100 == 0) {
                    Asyncio.sleep(SECOND).await();
                }
            }
            assertTrue(breaker.size() < 2000, () -> breaker.size() + " hosts");
        });
    }

    @Test
    void outOfRange() {
        assertThrows(
                IllegalArgumentException.class,
                () -> small().window(Duration.ZERO).build());
        assertThrows(IllegalArgumentException.class, () -> small().minCalls(0).build());
        assertThrows(
                IllegalArgumentException.class, () -> small().failureRate(0).build());
        assertThrows(
                IllegalArgumentException.class, () -> small().failureRate(1.1).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> small().failureRate(Double.NaN).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> small().openFor(Duration.ZERO).build());
        assertThrows(IllegalArgumentException.class, () -> small().probes(0).build());
    }

    @Test
    void cancelledAnywhere() {
        AtomicReference<CircuitBreaker> current = new AtomicReference<>();
        CancelEverywhere.of(() -> {
                    CircuitBreaker breaker = small().probes(1).build();
                    current.set(breaker);
                    ScriptedNext bad = new ScriptedNext(call -> call.after(10).status(500));
                    send(breaker, ScriptedNext.get(), bad, 4);
                    Asyncio.sleep(Duration.ofSeconds(5)).await();
                    ScriptedNext good = new ScriptedNext(call -> call.after(10).ok(""));
                    send(breaker, ScriptedNext.get(), good, 3);
                })
                .check(() -> {
                    // A circuit that is open or on trial still lets somebody in, in the end.
                    Asyncio.sleep(Duration.ofSeconds(10)).await();
                    send(current.get(), ScriptedNext.get(), new ScriptedNext(call -> call.ok("")), 3);
                    assertEquals(State.CLOSED, current.get().state(ORIGIN));
                })
                .run();
    }
}
