package dev.weft.loop;

import java.util.Map;
import java.util.WeakHashMap;
import org.slf4j.MDC;

/**
 * Gives every task the logging context (slf4j's {@link MDC}) that its creator had: {@code
 * Runner.builder().listener(new MdcBridge())}. From then on each has its own, for each has its own thread.
 */
public final class MdcBridge implements TaskListener {
    private final Map<Task<?>, Map<String, String>> inherited = new WeakHashMap<>();

    /** A bridge for one loop. */
    public MdcBridge() {}

    @Override
    public void created(Task<?> task) {
        Map<String, String> now = MDC.getCopyOfContextMap();
        if (now != null && !now.isEmpty()) {
            inherited.put(task, now);
        }
    }

    @Override
    public void started(Task<?> task) {
        Map<String, String> values = inherited.remove(task);
        if (values != null) {
            MDC.setContextMap(values);
        }
    }
}
