package dev.weft.http.conformance;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Which of Netty's buffers were not released. Each is followed only between {@link #watch} and {@link #found}: it costs time. */
final class BufferLeaks {
    private static final List<String> REPORTS = new CopyOnWriteArrayList<>();

    private BufferLeaks() {}

    /** Netty asks once, for its first buffer. */
    static void install() {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // Netty's own signature
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval, long most) {
                return new Detector<>(type, interval);
            }
        });
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        Detector(Class<?> type, int samplingInterval) {
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

    /** From now on every buffer is followed. */
    static void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        REPORTS.clear();
    }

    /** What was found since; stops to watch. A leak shows when its buffer was collected and another one is made. */
    static List<String> found() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            PooledByteBufAllocator.DEFAULT.buffer(1).release();
        }
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        return List.copyOf(REPORTS);
    }

    /** A buffer that nobody can release any more: what the test of the watch needs. */
    static void lose() {
        ByteBuf lost = PooledByteBufAllocator.DEFAULT.buffer(16);
        lost.writeByte(1);
    }
}
