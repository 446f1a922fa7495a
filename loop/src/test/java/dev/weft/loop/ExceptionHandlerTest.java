package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Logged.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 2.C: what is told of failures that nobody waits for. */
class ExceptionHandlerTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Loop loop = test.loop;
    private final List<String> log = test.log;

    /** A callback with a name to look for in messages. */
    private static Runnable named(String name, Runnable body) {
        return new Runnable() {
            @Override
            public void run() {
                body.run();
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }

    private static Runnable failing(String name, RuntimeException error) {
        return named(name, () -> {
            throw error;
        });
    }

    @Test
    void c030_aFailingCallbackIsReportedAndTheNextOneRuns() {
        RuntimeException error = new RuntimeException("boom");
        loop.callSoon(failing("my-callback", error));
        loop.callSoon(() -> log.add("next"));
        test.tick();
        assertEquals(List.of("next"), log);
        assertEquals(List.of("Exception in callback my-callback"), test.messages());
        assertSame(error, test.reported.getFirst().exception());
        assertNull(test.reported.getFirst().source());
    }

    @Test
    void c030_withoutAHandlerItIsLogged() {
        loop.setExceptionHandler(null);
        loop.callSoon(failing("my-callback", new IllegalArgumentException("boom")));
        String text = Logged.during(test::tick);
        assertContains(text, "Exception in callback my-callback", "IllegalArgumentException: boom");
    }

    @Test
    void c030_timersAndDoneCallbacksAndOtherThreadsCallbacksAreReportedToo() {
        RuntimeException error = new RuntimeException("boom");
        test.run(() -> {
            loop.callLater(java.time.Duration.ofSeconds(1), failing("timer", error));
            loop.callSoonThreadsafe(failing("threadsafe", error));
            Future<Integer> future = loop.createFuture();
            future.addDoneCallback(done -> {
                throw error;
            });
            future.setResult(1);
            sleep(2).await();
        });
        assertEquals(3, test.reported.size());
        assertEquals("Exception in callback threadsafe", test.messages().getFirst());
        assertEquals("Exception in callback timer", test.messages().getLast());
    }

    @Test
    void c030_anErrorInACallbackDoesNotEndTheLoopEither() {
        loop.callSoon(named("my-callback", () -> {
            throw new StackOverflowError("boom");
        }));
        loop.callSoon(named("cancelled", () -> {
            throw new CancelledError();
        }));
        loop.callSoon(() -> log.add("next"));
        test.tick();
        assertEquals(List.of("next"), log);
        assertEquals(List.of("Exception in callback my-callback", "Exception in callback cancelled"), test.messages());
    }

    @Test
    void c031_nullRestoresTheDefault() {
        loop.callSoon(failing("first", new RuntimeException("one")));
        test.tick();
        loop.setExceptionHandler(null);
        loop.callSoon(failing("second", new RuntimeException("two")));
        String text = Logged.during(test::tick);
        assertContains(text, "Exception in callback second", "two");
        assertEquals(List.of("Exception in callback first"), test.messages());
    }

    @Test
    void c031_theHandlerMayBeCalledByAnybody() {
        LoopError error = new LoopError("by hand", null, null);
        loop.callExceptionHandler(error);
        assertEquals(List.of(error), test.reported);
    }

    @Test
    void c032_aBrokenHandlerIsLoggedWithWhatItWasToldOf() {
        loop.setExceptionHandler(error -> {
            throw new IllegalStateException("broken handler");
        });
        loop.callSoon(failing("my-callback", new RuntimeException("boom")));
        loop.callSoon(() -> log.add("next"));
        String text = Logged.during(test::tick);
        assertContains(
                text,
                "Unhandled error in exception handler",
                "Exception in callback my-callback",
                "boom",
                "broken handler");
        assertEquals(List.of("next"), log);
    }

    @Test
    void c032_aHandlerThatThrowsAnErrorDoesNotEndTheLoopEither() {
        loop.setExceptionHandler(error -> {
            throw new AssertionError("broken handler");
        });
        loop.callSoon(failing("my-callback", new RuntimeException("boom")));
        loop.callSoon(() -> log.add("next"));
        assertContains(Logged.during(test::tick), "Unhandled error in exception handler", "broken handler");
        assertEquals(List.of("next"), log);
    }

    @Test
    void c033_theHandlerMayReplaceItself() {
        List<String> second = new ArrayList<>();
        loop.setExceptionHandler(error -> {
            test.reported.add(error);
            loop.setExceptionHandler(next -> second.add(next.message()));
        });
        loop.callSoon(failing("a", new RuntimeException()));
        loop.callSoon(failing("b", new RuntimeException()));
        test.tick();
        assertEquals(List.of("Exception in callback a"), test.messages());
        assertEquals(List.of("Exception in callback b"), second);
    }

    @Test
    void c035_theHandlerRunsInTheContextOfTheFailingCallback() {
        ContextVar<String> variable = ContextVar.withInitial("variable", "default");
        loop.setExceptionHandler(error -> log.add(variable.get()));
        test.run(() -> {
            variable.set("of the task");
            loop.callSoon(() -> {
                variable.set("of the callback");
                throw new IllegalStateException("boom");
            });
            variable.set("later");
            sleep(0).await();
        });
        assertEquals(List.of("of the callback"), log);
    }

    @Test
    void c035_theHandlerRunsInTheContextOfTheFailedTask() {
        ContextVar<String> variable = ContextVar.withInitial("variable", "default");
        loop.setExceptionHandler(error -> log.add(variable.get()));
        test.run(() -> {
            createTask(() -> {
                variable.set("of the failed task");
                throw new IllegalStateException("boom");
            });
            sleep(0).await();
            variable.set("of main");
            test.collectUntil(() -> !log.isEmpty());
        });
        test.runner.close();
        assertEquals(List.of("of the failed task"), log);
    }

    @Test
    void c036_aFailedTaskThatNobodyLooksAtIsReportedWhenItIsCollected() {
        RuntimeException error = new RuntimeException("boom");
        test.run(() -> {
            createTask(
                    () -> {
                        throw error;
                    },
                    "the-task");
            sleep(0).await();
            test.collectUntil(() -> !test.reported.isEmpty());
        });
        assertEquals(1, test.reported.size());
        assertSame(error, test.reported.getFirst().exception());
        assertContains(test.messages().getFirst(), "exception was never retrieved", "the-task");
        test.runner.close();
        assertEquals(1, test.reported.size());
    }

    @Test
    void c036_withoutAHandlerTheReportIsLoggedAtTheLatestWhenTheLoopCloses() {
        loop.setExceptionHandler(null);
        test.run(() -> {
            createTask(() -> {
                throw new IllegalArgumentException("boom");
            });
            sleep(0).await();
        });
        String text = Logged.during(test.runner::close);
        assertContains(text, "never retrieved", "IllegalArgumentException: boom");
    }

    @Test
    void c034_theHandlersErrorMustSayWhatHappened() {
        assertThrows(NullPointerException.class, () -> loop.callExceptionHandler(null));
    }
}
