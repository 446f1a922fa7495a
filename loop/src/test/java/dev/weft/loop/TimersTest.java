package dev.weft.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The heap of timers against a sorted list. */
class TimersTest {
    @RegisterExtension
    final VirtualLoop test = new VirtualLoop();

    private final Timers timers = new Timers();

    private TimerHandle timer(long deadline, long sequence) {
        return new TimerHandle(test.loop, () -> {}, Context.EMPTY, deadline, sequence);
    }

    @Test
    void firstIsAlwaysTheEarliestWhateverIsAddedAndRemoved() {
        Comparator<TimerHandle> order =
                Comparator.<TimerHandle>comparingLong(t -> t.deadlineNanos).thenComparingLong(t -> t.sequence);
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<TimerHandle> model = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                if (model.isEmpty() || random.nextInt(3) > 0) {
                    TimerHandle added = timer(random.nextInt(20), i);
                    timers.add(added);
                    model.add(added);
                } else {
                    TimerHandle removed = model.remove(random.nextInt(model.size()));
                    timers.remove(removed);
                    timers.remove(removed);
                    assertEquals(Timers.ABSENT, removed.index);
                }
                assertEquals(model.size(), timers.size());
                assertEquals(model.stream().min(order).orElse(null), timers.first());
            }
            model.sort(order);
            for (TimerHandle next : model) {
                assertEquals(next, timers.first());
                timers.remove(next);
            }
            assertNull(timers.first());
        }
    }
}
