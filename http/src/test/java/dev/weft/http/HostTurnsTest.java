package dev.weft.http;

import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.Task;
import dev.weft.loop.TaskGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HostTurnsTest {
    /** Items that come when the test says so; their host is their first letter. */
    private static final class Slow implements Iterator<String> {
        private final ArrayDeque<String> there = new ArrayDeque<>();
        private Future<Void> more;
        private boolean ended;
        private int asking;

        void add(String item) {
            there.add(item);
            tell();
        }

        void end() {
            ended = true;
            tell();
        }

        private void tell() {
            if (more != null && !more.isDone()) {
                more.setResult(null);
            }
        }

        @Override
        public boolean hasNext() {
            assertEquals(1, ++asking, "tasks that read the input");
            try {
                while (there.isEmpty() && !ended) {
                    more = Asyncio.getRunningLoop().createFuture();
                    more.await();
                }
            } finally {
                asking--;
            }
            return !there.isEmpty();
        }

        @Override
        public String next() {
            return there.remove();
        }
    }

    private static HostTurns<String> turns(Iterator<String> input, int perHost, int lookAhead) {
        return new HostTurns<>(Asyncio.getRunningLoop(), input, item -> item.substring(0, 1), perHost, lookAhead);
    }

    @Test
    void anItemWhoseHostHasATurnOvertakes() {
        Asyncio.run(() -> {
            HostTurns<String> turns =
                    turns(List.of("a1", "a2", "a3", "b1", "c1").iterator(), 2, 10);
            assertEquals("a1", turns.take());
            assertEquals("a2", turns.take());
            assertEquals("b1", turns.take());
            turns.ended("a1");
            // It came before what is read last.
            assertEquals("a3", turns.take());
            assertEquals("c1", turns.take());
            assertNull(turns.take());
            assertFalse(turns.hasNext());
            assertThrows(NoSuchElementException.class, turns::next);
        });
    }

    @Test
    void itReadsNoFurtherThanItMay() {
        Asyncio.run(() -> {
            Iterator<String> input = List.of("a1", "a2", "a3", "a4", "b1").iterator();
            HostTurns<String> turns = turns(input, 1, 2);
            assertEquals("a1", turns.take());
            Task<String> waiting = createTask(turns::take);
            sleep(0).await();
            assertFalse(waiting.isDone());
            assertEquals("a4", input.next());
            turns.ended("a1");
            assertEquals("a2", waiting.await());
            // Now there is room to read on.
            assertEquals("b1", turns.take());
        });
    }

    /** While one task waits for the input, a turn that becomes free goes to another. */
    @Test
    void aSilentInputHoldsNoTurnBack() {
        Asyncio.run(() -> {
            Slow input = new Slow();
            input.add("a1");
            input.add("a2");
            HostTurns<String> turns = turns(input, 1, 10);
            assertEquals("a1", turns.take());
            Task<String> reader = createTask(turns::take);
            Task<String> other = createTask(turns::take);
            sleep(0).await();
            turns.ended("a1");
            assertEquals("a2", other.await());
            assertFalse(reader.isDone());
            input.add("b1");
            assertEquals("b1", reader.await());
            Task<String> last = createTask(turns::take);
            Task<String> oneMore = createTask(turns::take);
            sleep(0).await();
            input.end();
            assertNull(last.await());
            assertNull(oneMore.await());
        });
    }

    @Test
    void whoReadsCanBeCancelledAndAnotherReadsOn() {
        Asyncio.run(() -> {
            Slow input = new Slow();
            HostTurns<String> turns = turns(input, 1, 10);
            Task<String> reader = createTask(turns::take);
            Task<String> other = createTask(turns::take);
            sleep(0).await();
            reader.cancel();
            assertThrows(CancelledError.class, reader::await);
            sleep(0).await();
            input.add("a1");
            assertEquals("a1", other.await());
        });
    }

    @Test
    void manyTasksShareManyItemsWithinTheirTurns() {
        int items = 5000;
        Set<String> seen = new HashSet<>();
        Map<String, Integer> running = new HashMap<>();
        int[] most = {0};
        Asyncio.run(() -> {
            Slow input = new Slow();
            HostTurns<String> turns = turns(input, 3, 50);
            TaskGroup.run(group -> {
                for (int i = 0; i < 20; i++) {
                    group.createTask(() -> {
                        for (String item = turns.take(); item != null; item = turns.take()) {
                            assertTrue(seen.add(item));
                            String host = item.substring(0, 1);
                            most[0] = Math.max(most[0], running.merge(host, 1, Integer::sum));
                            sleep(0).await();
                            running.merge(host, -1, Integer::sum);
                            turns.ended(item);
                        }
                    });
                }
                for (String item : items(items)) {
                    input.add(item);
                    if (item.endsWith("7")) {
                        sleep(0).await();
                    }
                }
                input.end();
            });
        });
        assertEquals(items, seen.size());
        assertEquals(3, most[0]);
    }

    private static List<String> items(int count) {
        List<String> items = new ArrayList<>();
        IntStream.range(0, count).forEach(i -> items.add((i % 7 == 0 ? "x" : i % 3 == 0 ? "y" : "z") + i));
        return items;
    }
}
