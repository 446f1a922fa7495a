package dev.weft.loop;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.mapBounded;
import static dev.weft.loop.Asyncio.sleep;
import static dev.weft.loop.Asyncio.timeout;
import static dev.weft.loop.Virtual.forever;
import static dev.weft.loop.Virtual.millis;
import static dev.weft.loop.Virtual.virtually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** {@code mapBounded} over an input that suspends, and the deadlines that its function sees. */
class BoundedMapInputTest {
    private static <A> Iterator<A> input(BooleanSupplier hasNext, Supplier<A> next) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return hasNext.getAsBoolean();
            }

            @Override
            public A next() {
                return next.get();
            }
        };
    }

    /** So many numbers, one a second. */
    private static Iterator<Integer> slow(int count) {
        int[] given = new int[1];
        return input(() -> given[0] < count, () -> {
            sleep(1).await();
            return ++given[0];
        });
    }

    @Test
    void theInputMaySuspend() {
        virtually(() -> {
            List<Integer> results = new ArrayList<>();
            mapBounded(slow(4), 2, item -> item).forEach(results::add);
            assertEquals(List.of(1, 2, 3, 4), results);
            assertEquals(4000, millis());
        });
    }

    @Test
    void aSlowInputHoldsNoResultBack() {
        virtually(() -> {
            List<Long> at = new ArrayList<>();
            mapBounded(slow(3), 2, item -> item).forEach(result -> at.add(millis()));
            assertEquals(List.of(1000L, 2000L, 3000L), at);
        });
    }

    /** A crawl: what is found in one page is the next input. */
    @Test
    void resultsMayFeedTheInput() {
        virtually(() -> {
            ArrayDeque<Integer> frontier = new ArrayDeque<>(List.of(1));
            int[] open = {1};
            Iterator<Integer> input = input(
                    () -> {
                        while (frontier.isEmpty() && open[0] > 0) {
                            sleep(0.1).await();
                        }
                        return !frontier.isEmpty();
                    },
                    frontier::remove);
            List<Integer> pages = new ArrayList<>();
            for (int page : mapBounded(input, 3, item -> {
                sleep(1).await();
                return item;
            })) {
                pages.add(page);
                for (int link = 2 * page; link < 2 * page + 2 && link < 8; link++) {
                    frontier.add(link);
                    open[0]++;
                }
                open[0]--;
            }
            assertEquals(List.of(1, 2, 3, 4, 5, 6, 7), pages);
        });
    }

    @Test
    void closeEndsAnInputThatWaits() {
        virtually(() -> {
            boolean[] cleaned = new boolean[1];
            Iterator<Integer> stuck = input(
                    () -> {
                        try {
                            forever();
                        } finally {
                            cleaned[0] = true;
                        }
                        return true;
                    },
                    () -> 1);
            Task<?> consumer = createTask(() -> {
                try (var map = mapBounded(stuck, 2, item -> item)) {
                    map.forEach(result -> {});
                }
            });
            sleep(1).await();
            consumer.cancel();
            assertThrows(CancelledError.class, consumer::await);
            assertTrue(cleaned[0]);
        });
    }

    @Test
    void theConsumerMayTimeOutAndGoOn() {
        virtually(() -> {
            try (var map = mapBounded(List.of(3, 1), 1, item -> {
                sleep(item).await();
                return item;
            })) {
                Iterator<Integer> results = map.iterator();
                assertThrows(TimeoutException.class, () -> timeout(Duration.ofSeconds(1), () -> results.next()));
                assertEquals(1000, millis());
                assertEquals(3, results.next());
                assertEquals(1, results.next());
                assertEquals(4000, millis());
            }
        });
    }

    @Test
    void theFunctionSeesTheDeadlineAroundTheMapAndNoOther() {
        virtually(() -> timeout(Duration.ofSeconds(100), () -> {
            try (var map = mapBounded(List.of(1, 2, 3), 1, item -> Asyncio.deadline())) {
                Iterator<Optional<Duration>> results = map.iterator();
                Optional<Duration> around = Optional.of(Duration.ofSeconds(100));
                assertEquals(around, timeout(Duration.ofSeconds(1), () -> results.next()));
                assertEquals(around, results.next());
            }
        }));
    }
}
