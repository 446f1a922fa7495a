package dev.weft.loop.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class if Netty found a buffer that was not released. The build gives every test JVM {@link Detector} and the paranoid
 * level: each buffer is followed.
 */
public final class BufferLeaks implements AfterAllCallback {
    private static final List<String> REPORTS = new CopyOnWriteArrayList<>();

    /** Netty's detector, which tells here too. */
    public static final class Detector<T> extends ResourceLeakDetector<T> {
        public Detector(Class<?> type, int samplingInterval) {
            super(type, samplingInterval);
        }

        public Detector(Class<?> type, int samplingInterval, long maxActive) {
            super(type, samplingInterval);
        }

        @Override
        protected void reportTracedLeak(String type, String records) {
            REPORTS.add(type + records);
        }

        @Override
        protected void reportUntracedLeak(String type) {
            REPORTS.add(type);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertEquals(ResourceLeakDetector.Level.PARANOID, ResourceLeakDetector.getLevel());
        assertEquals(List.of(), reports());
    }

    /** What was found. A leak shows when its buffer was collected and another one is made. */
    static List<String> reports() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            ByteBuf next = PooledByteBufAllocator.DEFAULT.buffer(1);
            next.release();
        }
        return List.copyOf(REPORTS);
    }

    static void forget() {
        REPORTS.clear();
    }
}
