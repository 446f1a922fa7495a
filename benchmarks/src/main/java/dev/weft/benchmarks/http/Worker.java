package dev.weft.benchmarks.http;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * One contender in a process. Fetches a URL once, says "ready", then takes a line at a time from standard input, answers with a line of JSON, and
 * ends with the input:
 *
 * <pre>
 * get URL IN_FLIGHT REQUESTS HOSTS   what that cost; with more than one host, that of the URL is replaced by so many of 127.0.0.0/16 in turn
 * fetchAll URL IN_FLIGHT REQUESTS    the heap in use on the way; Weft only
 * </pre>
 */
public final class Worker {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final double MIB = 1 << 20;

    private Worker() {}

    /** The arguments are the contender's name, how many connections it may have (0 for as many as it likes), {@code h1} or {@code h2}, and a first URL. */
    public static void main(String[] args) throws Exception {
        try (Contender contender = contender(args[0], Integer.parseInt(args[1]), args[2].equals("h2"));
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            contender.run(new Work(List.of(args[3]), 1, 1));
            System.out.println("ready");
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ");
                int inFlight = Integer.parseInt(words[2]);
                int requests = Integer.parseInt(words[3]);
                System.out.println(
                        words[0].equals("get")
                                ? get(contender, words[1], inFlight, requests, Integer.parseInt(words[4]))
                                : fetchAll((Weft) contender, words[1], inFlight, requests));
            }
        }
        System.exit(0);
    }

    private static Contender contender(String name, int connections, boolean http2) throws Exception {
        return switch (name) {
            case "raw-netty" -> http2 ? new RawHttp2() : new RawNetty();
            case "weft-handoff" -> new Weft("handoff", connections, http2, false);
            case "weft-inline" -> new Weft("inline", connections, http2, false);
            case "weft-handoff-off" -> new Weft("handoff", connections, http2, true);
            case "weft-inline-off" -> new Weft("inline", connections, http2, true);
            case "async-http-client" -> new AsyncHttp(http2);
            case "vertx" -> new VertxHttp(connections, http2);
            case "reactor-netty" -> new ReactorHttp(connections, http2);
            case "jetty" -> new JettyHttp(connections, http2);
            case "apache" -> new ApacheHttp(connections, http2);
            case "okhttp" -> new OkHttp(connections);
            case "helidon" -> new HelidonHttp(connections, http2);
            case "java.net.http" -> new JdkHttp(http2);
            default -> throw new IllegalArgumentException("no contender is called " + name);
        };
    }

    private static List<String> urls(String url, int hosts) {
        if (hosts <= 1) {
            return List.of(url);
        }
        return IntStream.range(0, hosts)
                .mapToObj(i -> url.replace("127.0.0.1", "127.0." + i / 250 + "." + (i % 250 + 1)))
                .toList();
    }

    private static String get(Contender contender, String url, int inFlight, int requests, int hosts) throws Exception {
        Work work = new Work(urls(url, hosts), inFlight, requests);
        long allocated = THREADS.getTotalThreadAllocatedBytes();
        long cpu = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        contender.run(work);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuMicros = (SYSTEM.getProcessCpuTime() - cpu) / 1e3;
        double bytes = THREADS.getTotalThreadAllocatedBytes() - allocated;
        Histogram nanos = work.nanos();
        return String.format(
                Locale.ROOT,
                "{\"requests\":%d,\"seconds\":%.4f,\"cpuMicros\":%.3f,\"allocated\":%.0f,\"p50\":%.1f,\"p99\":%.1f,"
                        + "\"p999\":%.1f,\"peakHeapMiB\":%.1f,\"rssMiB\":%.1f}",
                requests,
                seconds,
                cpuMicros / requests,
                bytes / requests,
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getValueAtPercentile(99.9) / 1e3,
                Memory.peakHeap() / MIB,
                Memory.peakResidentKib() / 1024.0);
    }

    private static String fetchAll(Weft weft, String url, int inFlight, int requests) {
        List<Double> used = weft.fetchAll(url, inFlight, requests).stream()
                .map(bytes -> Math.rint(bytes / MIB * 10) / 10)
                .toList();
        return String.format(
                Locale.ROOT,
                "{\"requests\":%d,\"usedMiB\":%s,\"peakHeapMiB\":%.1f,\"rssMiB\":%.1f}",
                requests,
                used,
                Memory.peakHeap() / MIB,
                Memory.peakResidentKib() / 1024.0);
    }
}
