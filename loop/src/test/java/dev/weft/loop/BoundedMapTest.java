package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.mapBounded;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Virtual.forever;
import static dev.weft.loop.Virtual.millis;
import static dev.weft.loop.Virtual.virtually;
import static dev.weft.loop.Virtual.withCleanup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code mapBounded}: the limit, the order, input on demand, and every way to end early. */
class BoundedMapTest {
    private int running;
    private int mostRunning;
    private int pulled;

    /** Takes a second for every unit. */
    private int work(int units) {
        running++;
        mostRunning = Math.max(mostRunning, running);
        try {
            sleep(units).await();
            return units;
        } finally {
            running--;
        }
    }

    /** Counts what is pulled. */
    private Iterator<Integer> counted(Stream<Integer> input) {
        return input.peek(item -> pulled++).iterator();
    }

    private static <T> List<T> all(Iterable<T> results) {
        List<T> list = new ArrayList<>();
        results.forEach(list::add);
        return list;
    }

    @Test
    void resultsComeAsTheyComplete() {
        virtually(() -> {
            assertEquals(List.of(1, 2, 1, 4), all(mapBounded(List.of(4, 2, 1, 1), 3, this::work)));
            assertEquals(4000, millis());
        });
    }

    @Test
    void resultsComeInTheOrderOfTheInput() {
        virtually(() -> {
            assertEquals(
                    List.of(4, 2, 1, 1),
                    all(mapBounded(List.of(4, 2, 1, 1), 4, this::work).inOrder()));
            assertEquals(4000, millis());
        });
    }

    @Test
    void theLastResultTakenInTheTickItIsThereIsTheLast() {
        virtually(() -> {
            Iterator<Integer> results =
                    mapBounded(List.of(1), 1, this::work).inOrder().iterator();
            assertTrue(results.hasNext());
            sleep(1).await();
            assertEquals(1, results.next());
            assertFalse(results.hasNext());
        });
    }

    @Test
    void theLimitIsReachedAndNeverExceeded() {
        Duration took = virtually(() -> {
            assertEquals(
                    20,
                    all(mapBounded(IntStream.range(0, 20).mapToObj(i -> 1).toList(), 5, this::work))
                            .size());
            assertEquals(5, mostRunning);
        });
        assertEquals(Duration.ofSeconds(4), took);
    }

    @Test
    void aLimitOfOneRunsOneAfterAnother() {
        virtually(() -> {
            assertEquals(List.of(3, 1, 2), all(mapBounded(List.of(3, 1, 2), 1, this::work)));
            assertEquals(1, mostRunning);
            assertEquals(6000, millis());
        });
        virtually(() -> assertThrows(IllegalArgumentException.class, () -> mapBounded(List.of(1), 0, this::work)));
    }

    @Test
    void anEmptyInputHasNoResults() {
        virtually(() -> {
            Iterator<Integer> results =
                    mapBounded(List.<Integer>of(), 3, this::work).iterator();
            assertFalse(results.hasNext());
            assertThrows(NoSuchElementException.class, results::next);
        });
    }

    @Test
    void nullIsAResult() {
        virtually(() -> {
            List<Object> results = all(mapBounded(List.of(1, 2), 2, item -> null));
            assertEquals(2, results.size());
            assertEquals(null, results.getFirst());
        });
    }

    @Test
    void inputIsPulledOnDemand() {
        virtually(() -> {
            try (var map = mapBounded(counted(Stream.generate(() -> 1)), 3, this::work)) {
                sleep(10).await();
                assertEquals(0, pulled, "before the iteration");
                Iterator<Integer> results = map.iterator();
                results.next();
                assertTrue(pulled >= 3 && pulled <= 6, () -> "pulled " + pulled);
                int before = pulled;
                sleep(100).await();
                assertEquals(before, pulled, "without demand");
            }
        });
    }

    @Test
    void anInfiniteInputAndAnIterationThatIsLeft() {
        virtually(() -> {
            int taken = 0;
            try (var map = mapBounded(counted(Stream.iterate(1, i -> i + 1)), 4, item -> work(1))) {
                for (int ignored : map) {
                    taken++;
                    if (taken == 100) {
                        break;
                    }
                }
            }
            assertTrue(pulled <= 108, () -> "pulled " + pulled);
            assertEquals(4, mostRunning);
            assertEquals(0, running);
        });
    }

    @Test
    void aFailureClosesTheMapAndIsThrown() {
        virtually(() -> {
            List<Integer> results = new ArrayList<>();
            var map = mapBounded(counted(Stream.of(1, 5, 0, 2, 2, 2)), 3, item -> {
                if (item == 0) {
                    Boom.after(1.5, "zero");
                }
                return work(item);
            });
            Boom boom = assertThrows(Boom.class, () -> map.forEach(results::add));
            assertEquals("zero", boom.getMessage());
            assertEquals(List.of(1), results);
            assertEquals(0, running, "the others are cancelled and have ended");
            assertEquals(1500, millis());
            assertTrue(pulled <= 5);
            assertThrows(IllegalStateException.class, map::iterator);
        });
    }

    @Test
    void aCheckedFailureArrivesAsAnAwaitThrowsIt() {
        virtually(() -> {
            java.io.IOException broken = new java.io.IOException("disk");
            CompletionException error = assertThrows(
                    CompletionException.class,
                    () -> all(mapBounded(List.of(1), 1, item -> {
                        throw broken;
                    })));
            assertEquals(broken, error.getCause());
        });
    }

    @Test
    void aFailureOfTheInputClosesTheMap() {
        virtually(() -> {
            Iterator<Integer> input = Stream.of(1, 5, -1)
                    .peek(item -> {
                        if (item < 0) {
                            Boom.now("input");
                        }
                    })
                    .iterator();
            List<Integer> results = new ArrayList<>();
            Boom boom = assertThrows(
                    Boom.class, () -> mapBounded(input, 2, this::work).forEach(results::add));
            assertEquals("input", boom.getMessage());
            assertEquals(0, running);
            assertEquals(List.of(1), results);
        });
    }

    @Test
    void closeCancelsAndWaits() {
        virtually(() -> {
            try (var map = mapBounded(List.of(1, 2, 3), 3, item -> {
                withCleanup(item, 10);
                return item;
            })) {
                assertEquals(1, map.iterator().next());
            }
            assertEquals(11000, millis());
        });
    }

    @Test
    void closeTwiceAndCloseBeforeTheIteration() {
        virtually(() -> {
            var map = mapBounded(counted(Stream.of(1, 2)), 3, this::work);
            map.close();
            map.close();
            assertFalse(map.iterator().hasNext());
            assertEquals(0, pulled);
        });
    }

    @Test
    void failuresOfTheCleanupAfterAnEarlyEndAreNotReported() {
        virtually(() -> {
            Task<?> consumer = createTask(() -> {
                try (var map = mapBounded(List.of(1, 2, 3), 3, item -> {
                    Virtual.failingCleanup(1000, "in cleanup");
                    return item;
                })) {
                    map.forEach(result -> {});
                }
            });
            sleep(1).await();
            consumer.cancel();
            assertThrows(CancelledError.class, consumer::await);
        });
    }

    @Test
    void aConsumerCancelledTwiceStillWaitsForItsTasks() {
        virtually(() -> {
            Task<?> consumer = createTask(() -> {
                try (var map = mapBounded(List.of(1, 2), 2, item -> {
                    try {
                        withCleanup(1000, 10);
                    } finally {
                        Boom.now("in cleanup");
                    }
                    return item;
                })) {
                    map.forEach(result -> {});
                }
            });
            sleep(1).await();
            consumer.cancel("once");
            sleep(1).await();
            consumer.cancel("twice");
            assertThrows(CancelledError.class, consumer::await);
            assertEquals(2000, millis(), "the second request reaches the tasks");
        });
    }

    @Test
    void aFailureIsThrownAndACancellationMeanwhileIsNotLost() {
        virtually(() -> {
            List<String> seen = new ArrayList<>();
            Task<?> consumer = createTask(() -> {
                Boom boom = assertThrows(
                        Boom.class,
                        () -> all(mapBounded(List.of(1, 2), 2, item -> {
                            if (item == 1) {
                                Boom.after(1, "first");
                            }
                            withCleanup(1000, 10);
                            return item;
                        })));
                seen.add(boom.getMessage());
                forever();
            });
            sleep(2).await();
            consumer.cancel("outside");
            CancelledError error = assertThrows(CancelledError.class, consumer::await);
            assertEquals("outside", error.reason().message());
            assertEquals(List.of("first"), seen);
        });
    }

    @Test
    void inOrderComesBeforeTheIterationAndThatIsOnce() {
        virtually(() -> {
            var map = mapBounded(List.of(1), 1, this::work);
            assertEquals(List.of(1), all(map));
            assertThrows(IllegalStateException.class, map::iterator);
            assertThrows(IllegalStateException.class, map::inOrder);
        });
    }
}
