package dev.weft.benchmarks.http;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One contender in a process: takes "URL IN_FLIGHT REQUESTS" a line from standard input, answers with a JSON line of what it cost, ends with
 * the input.
 */
public final class Worker {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Worker() {}

    /** The argument is the contender's name. */
    public static void main(String[] args) throws Exception {
        try (Contender contender = contender(args[0]);
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ");
                System.out.println(
                        measure(contender, words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
            }
        }
        System.exit(0);
    }

    private static Contender contender(String name) throws IOException {
        return switch (name) {
            case "raw-netty" -> new RawNetty();
            case "weft-handoff" -> new Weft("handoff");
            case "weft-inline" -> new Weft("inline");
            default -> throw new IOException("no contender is called " + name);
        };
    }

    private static String measure(Contender contender, String url, int inFlight, int requests) throws Exception {
        long[] nanos = new long[requests];
        int[] count = {0};
        long allocated = THREADS.getTotalThreadAllocatedBytes();
        long cpu = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        contender.run(url, inFlight, requests, one -> {
            synchronized (count) {
                nanos[count[0]++] = one;
            }
        });
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuMicros = (SYSTEM.getProcessCpuTime() - cpu) / 1e3;
        double bytes = THREADS.getTotalThreadAllocatedBytes() - allocated;
        if (count[0] != requests) {
            throw new IllegalStateException(count[0] + " answers to " + requests + " requests");
        }
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "{\"requests\":%d,\"seconds\":%.4f,\"cpuMicros\":%.3f,\"allocated\":%.0f,\"p50\":%.1f,\"p99\":%.1f,"
                        + "\"p999\":%.1f,\"peakHeapMiB\":%.1f,\"directMiB\":%.1f}",
                requests,
                seconds,
                cpuMicros / requests,
                bytes / requests,
                percentile(nanos, 0.5),
                percentile(nanos, 0.99),
                percentile(nanos, 0.999),
                peakHeap() / 1048576.0,
                direct() / 1048576.0);
    }

    private static double percentile(long[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))] / 1e3;
    }

    private static long peakHeap() {
        long peak = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                peak += pool.getPeakUsage().getUsed();
            }
        }
        return peak;
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
