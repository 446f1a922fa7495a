package dev.weft.loop;

import static dev.weft.loop.Asyncio.createEagerTask;
import static dev.weft.loop.Asyncio.createTask;
import static dev.weft.loop.Asyncio.gather;
import static dev.weft.loop.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weft.loop.testing.VirtualClock;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;

/** The logging context of tasks. slf4j-simple has none, so the test gives slf4j its own basic one for a while. */
class MdcBridgeTest {
    private final Runner runner = Runner.builder()
            .clock(new VirtualClock())
            .handleSignals(false)
            .listener(new MdcBridge())
            .build();
    private Object before;

    private static Field adapter() throws ReflectiveOperationException {
        MDC.getMDCAdapter();
        for (Field field : MDC.class.getDeclaredFields()) {
            if (field.getType().getSimpleName().equals("MDCAdapter")) {
                field.setAccessible(true);
                return field;
            }
        }
        throw new AssertionError("slf4j's MDC has no adapter");
    }

    @BeforeEach
    void install() throws ReflectiveOperationException {
        before = adapter().get(null);
        adapter().set(null, new BasicMDCAdapter());
    }

    @AfterEach
    void restore() throws ReflectiveOperationException {
        runner.close();
        MDC.clear();
        adapter().set(null, before);
    }

    @Test
    void aTaskTakesOverWhatItsCreatorHas() {
        MDC.put("request", "7");
        assertEquals("7", runner.run(() -> MDC.get("request")));
        runner.run(() -> {
            MDC.put("page", "a");
            assertEquals(
                    "7 a",
                    createTask(() -> MDC.get("request") + " " + MDC.get("page")).await());
        });
    }

    @Test
    void fromThenOnEachHasItsOwn() {
        runner.run(() -> {
            MDC.put("page", "a");
            Task<String> child = createTask(() -> {
                String seen = MDC.get("page");
                sleep(1).await();
                seen += MDC.get("page");
                MDC.put("page", "c");
                return seen + MDC.get("page");
            });
            MDC.put("page", "b");
            assertEquals("aac", child.await());
            assertEquals("b", MDC.get("page"));
        });
        assertNull(MDC.get("page"), "nothing is left on the loop's thread");
    }

    @Test
    void aHundredTasksKeepTheirOwnAcrossAwaits() {
        List<Integer> numbers = IntStream.range(0, 100).boxed().toList();
        List<String> seen = runner.run(() -> gather(numbers, n -> {
                    MDC.put("n", "" + n);
                    sleep(1).await();
                    sleep(0).await();
                    return MDC.get("n");
                })
                .await());
        assertEquals(numbers.stream().map(n -> "" + n).toList(), seen);
    }

    @Test
    void anEagerTaskHasItToo() {
        runner.run(() -> {
            MDC.put("page", "a");
            assertEquals("a", createEagerTask(() -> MDC.get("page")).await());
        });
    }

    @Test
    void aTaskOfACreatorWithoutOneHasNone() {
        assertNull(runner.run(() -> createTask(() -> MDC.get("page")).await()));
    }
}
