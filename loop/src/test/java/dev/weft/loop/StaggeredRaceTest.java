package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.currentTask;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.staggeredRace;
import static dev.weft.loop.Asyncio.timeout;
import static dev.weft.loop.Virtual.forever;
import static dev.weft.loop.Virtual.millis;
import static dev.weft.loop.Virtual.virtually;
import static dev.weft.loop.Virtual.withCleanup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 2.S, C348 to C354: attempts that start one after another. */
class StaggeredRaceTest {
    private static final Duration STEP = Duration.ofMillis(250);

    private final List<String> log = new ArrayList<>();

    private Awaitable<String, RuntimeException> attempt(String name, double seconds) {
        return () -> {
            log.add(name + "@" + millis());
            sleep(seconds).await();
            return name;
        };
    }

    private Awaitable<String, RuntimeException> failure(String name, double seconds) {
        return () -> {
            log.add(name + "@" + millis());
            Boom.after(seconds, name);
            return name;
        };
    }

    private static RaceResult<String> race(Duration delay, List<Awaitable<String, RuntimeException>> attempts) {
        return Asyncio.<String>staggeredRace(attempts, delay).await();
    }

    private static List<String> messages(RaceResult<?> result) {
        return result.errors().stream().map(Throwable::getMessage).toList();
    }

    @Test
    void c348_nobodyRuns() {
        virtually(() -> {
            RaceResult<String> result = race(null, List.of());
            assertEquals(new RaceResult<String>(null, -1, List.of()), result);
        });
    }

    @Test
    void c349_theFirstSucceedsAndTheSecondNeverStarts() {
        virtually(() -> {
            RaceResult<String> result = race(null, List.of(attempt("a", 1), attempt("b", 1)));
            assertEquals(new RaceResult<>("a", 0, List.of()), result);
            assertEquals(List.of("a@0"), log);
        });
    }

    @Test
    void c350_theFirstFailsAndTheSecondStartsAtOnce() {
        virtually(() -> {
            RaceResult<String> result = race(Duration.ofSeconds(10), List.of(failure("a", 0.1), attempt("b", 1)));
            assertEquals("b", result.value());
            assertEquals(1, result.winner());
            assertEquals(List.of("a"), messages(result));
            assertEquals(List.of("a@0", "b@100"), log);
            assertEquals(1100, millis(), "the timer of the delay is gone");
        });
    }

    @Test
    void c351_theFirstIsSlowAndTheSecondWins() {
        virtually(() -> {
            RaceResult<String> result = race(STEP, List.of(attempt("a", 10), attempt("b", 0)));
            assertEquals("b", result.value());
            assertEquals(1, result.winner());
            CancelledError lost =
                    assertInstanceOf(CancelledError.class, result.errors().getFirst());
            assertEquals(CancelReason.Kind.LOST_RACE, lost.reason().kind());
            assertEquals(250, millis());
        });
    }

    @Test
    void c352_allFail() {
        List<Duration> delays = new ArrayList<>(List.of(Duration.ZERO, STEP, Duration.ofSeconds(1)));
        delays.add(null);
        for (Duration delay : delays) {
            virtually(() -> {
                RaceResult<String> result = race(delay, List.of(failure("a", 0), failure("b", 2), failure("c", 0)));
                assertNull(result.value());
                assertEquals(-1, result.winner());
                assertEquals(List.of("a", "b", "c"), messages(result), "in the order of the attempts");
            });
        }
    }

    @Test
    void c353_eachStartsADelayAfterTheOneBefore() {
        virtually(() -> {
            race(STEP, List.of(attempt("a", 10), attempt("b", 10), failure("c", 0.1), attempt("d", 1)));
            assertEquals(List.of("a@0", "b@250", "c@500", "d@600"), log);
        });
    }

    @Test
    void c353_aDelayOfZeroStartsAllAtOnce() {
        virtually(() -> {
            assertEquals(
                    "b",
                    race(Duration.ZERO, List.of(attempt("a", 2), attempt("b", 1), attempt("c", 3)))
                            .value());
            assertEquals(List.of("a@0", "b@0", "c@0"), log);
        });
    }

    @Test
    void c354_cancelledFromOutsideTwice() {
        virtually(() -> {
            Task<?> runner = createTask(() -> race(null, List.of(() -> {
                try {
                    forever();
                } catch (CancelledError e) {
                    log.add("cancelled 1 " + e.reason().message());
                    try {
                        forever();
                    } catch (CancelledError again) {
                        log.add("cancelled 2 " + again.reason().message());
                        throw again;
                    }
                }
                return "never";
            })));
            sleep(1).await();
            runner.cancel("first");
            sleep(1).await();
            runner.cancel("second");
            CancelledError error = assertThrows(CancelledError.class, runner::await);
            assertEquals("first", error.reason().message());
            assertEquals(List.of("cancelled 1 first", "cancelled 2 second"), log);
        });
    }

    @Test
    void c354_aTimeoutAroundItWaitsForTheCleanup() {
        virtually(() -> {
            assertThrows(
                    TimeoutException.class,
                    () -> timeout(
                            Duration.ofSeconds(1),
                            () -> race(
                                    STEP,
                                    List.of(
                                            () -> {
                                                withCleanup(10, 2);
                                                return "a";
                                            },
                                            attempt("b", 10)))));
            assertEquals(3000, millis());
        });
    }

    @Test
    void losersAreWaitedForAndTheirFailuresAreKept() {
        virtually(() -> {
            RaceResult<String> result = race(
                    Duration.ZERO,
                    List.of(
                            attempt("a", 1),
                            () -> {
                                Virtual.failingCleanup(10, "cleanup");
                                return "b";
                            },
                            () -> {
                                withCleanup(10, 2);
                                return "c";
                            }));
            assertEquals("a", result.value());
            assertEquals(3000, millis());
            assertEquals("cleanup", result.errors().getFirst().getMessage());
        });
    }

    @Test
    void theValueThatWasWonSurvivesACancellation() {
        virtually(() -> {
            Task<?> runner = createTask(() -> {
                log.add(race(Duration.ZERO, List.of(attempt("won", 1), () -> {
                            withCleanup(10, 2);
                            return "lost";
                        }))
                        .value());
                assertEquals(1, currentTask().cancelling());
                sleep(1).await();
                log.add("never");
            });
            sleep(2).await();
            runner.cancel("outside");
            CancelledError error = assertThrows(CancelledError.class, runner::await);
            assertEquals("outside", error.reason().message());
            assertEquals(List.of("won@0", "won"), log);
        });
    }

    @Test
    void norIsOneLostThatIsWonInTheTickOfTheCancellation() {
        virtually(() -> {
            Future<String> connected = Asyncio.getRunningLoop().createFuture();
            Task<?> runner = createTask(() -> {
                log.add(race(null, List.of(connected::await)).value());
                sleep(1).await();
                log.add("never");
            });
            sleep(1).await();
            connected.setResult("connection");
            runner.cancel();
            assertThrows(CancelledError.class, runner::await);
            assertEquals(List.of("connection"), log);
        });
    }

    @Test
    void twoSuccessesInOneTickHaveOneWinner() {
        virtually(() -> {
            RaceResult<String> result = race(Duration.ZERO, List.of(attempt("a", 1), attempt("b", 1)));
            assertEquals(new RaceResult<>("a", 0, List.of()), result);
        });
    }

    @Test
    void twoFailuresInOneTickStartTheNextAndAllAreTried() {
        virtually(() -> {
            RaceResult<String> result =
                    race(STEP, List.of(failure("a", 0.350), failure("b", 0.1), failure("c", 1), attempt("d", 1)));
            assertEquals("d", result.value());
            assertEquals(List.of("a@0", "b@250", "c@350", "d@600"), log);
        });
    }

    @Test
    void aThousandAttempts() {
        virtually(() -> {
            List<Awaitable<String, RuntimeException>> attempts = IntStream.range(0, 1000)
                    .<Awaitable<String, RuntimeException>>mapToObj(i -> i < 999 ? failure("f" + i, 1) : attempt("w", 1))
                    .toList();
            RaceResult<String> result =
                    Asyncio.<String>staggeredRace(attempts, Duration.ZERO).await();
            assertEquals(999, result.winner());
            assertEquals(999, result.errors().size());
        });
    }

    @Test
    void coldUntilAwaited() {
        virtually(() -> {
            Awaitable<RaceResult<String>, RuntimeException> cold = staggeredRace(List.of(attempt("a", 1)), null);
            sleep(1).await();
            assertEquals(List.of(), log);
            assertEquals("a", cold.await().value());
        });
    }
}
