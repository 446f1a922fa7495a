package dev.weft.benchmarks.loop;

import static dev.weft.loop.Asyncio.sleep;

import com.sun.management.OperatingSystemMXBean;
import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CoroutineFunction;
import dev.weft.loop.Loops;
import dev.weft.loop.Runner;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures what several loops do beside one, in one process, without a server: arithmetic, for what the machine has to give; tasks
 * that only give up the loop; and a client whose requests are answered in the process, with URLs that all loops take from one shared source. The arguments are the carrier, how many
 * loops, how many rounds, and the seconds of one; prints a line for each kind of work.
 *
 * <p>In every round one loop and several take turns; medians count. Beside operations per second there are those per CPU second of the
 * process: where something else takes the cores, only these say what the loops cost each other. What loops wait for each other without
 * using the CPU shows in the cores that the process wanted: the time its threads ran or were ready to run and had no core (Linux tells).
 */
public final class LoopsScaling {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int TASKS = 64;
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final double WARM_UP_CPU_SECONDS = 9;

    private final String carrier;
    private final long roundNanos;

    private LoopsScaling(String carrier, double seconds) {
        this.carrier = carrier;
        this.roundNanos = (long) (seconds * 1e9);
    }

    /** How one run went; operations per second are of the wall clock. */
    private record Run(double perSecond, double perCpuSecond, double coresHad, double coresWanted) {}

    /** What a run took: seconds of the clock, of the CPU, and those in which a thread wanted a core. */
    private record Times(double wall, double cpu, double wanted) {}

    /** Does one operation. */
    @FunctionalInterface
    private interface Operation {
        void run();
    }

    public static void main(String[] args) {
        int loops = Integer.parseInt(args[1]);
        int rounds = Integer.parseInt(args[2]);
        LoopsScaling scaling = new LoopsScaling(args[0], Double.parseDouble(args[3]));
        scaling.compare("arithmetic", loops, rounds, scaling::arithmetic);
        scaling.compare("tasks that switch", loops, rounds, scaling::switches);
        scaling.compare("requests, answered in the process", loops, rounds, scaling::requests);
    }

    private void compare(String work, int loops, int rounds, CoroutineFunction<Iterable<String>, Long> main) {
        double warm = cpuSeconds() + WARM_UP_CPU_SECONDS;
        while (cpuSeconds() < warm) {
            run(1, main);
            run(loops, main);
        }
        List<Run> one = new ArrayList<>();
        List<Run> several = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            one.add(run(1, main));
            several.add(run(loops, main));
        }
        Run before = median(one);
        Run after = median(several);
        System.out.printf(
                Locale.ROOT,
                "%-8s %-34s %9.0f %9.0f %6.2f %9.0f %9.0f %6.2f  %4.2f of %4.2f  %4.2f of %4.2f%n",
                carrier,
                work,
                before.perSecond / 1e3,
                after.perSecond / 1e3,
                after.perSecond / before.perSecond,
                before.perCpuSecond / 1e3,
                after.perCpuSecond / 1e3,
                loops * after.perCpuSecond / before.perCpuSecond,
                before.coresHad,
                before.coresWanted,
                after.coresHad,
                after.coresWanted);
    }

    private static Run median(List<Run> runs) {
        return new Run(
                runs.stream().mapToDouble(Run::perSecond).sorted().toArray()[runs.size() / 2],
                runs.stream().mapToDouble(Run::perCpuSecond).sorted().toArray()[runs.size() / 2],
                runs.stream().mapToDouble(Run::coresHad).sorted().toArray()[runs.size() / 2],
                runs.stream().mapToDouble(Run::coresWanted).sorted().toArray()[runs.size() / 2]);
    }

    private static double cpuSeconds() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }

    private Run run(int loops, CoroutineFunction<Iterable<String>, Long> main) {
        Iterable<String> urls = Loops.share(Stream.iterate(0, i -> (i + 1) % 1000)
                .map(i -> "http://in-process.example/" + i)
                .iterator());
        CompletableFuture<Times> measured = new CompletableFuture<>();
        LongAdder operations = new LongAdder();
        Loops.run(loops, Runner.builder().carrier(carrier).handleSignals(false), index -> {
            double cpu = cpuSeconds();
            Map<Path, Long> wanted = wanted();
            long start = System.nanoTime();
            operations.add(main.apply(urls));
            if (index == 0) {
                double wall = (System.nanoTime() - start) / 1e9;
                measured.complete(new Times(wall, cpuSeconds() - cpu, secondsSince(wanted)));
            }
            // The time of a thread that has ended is forgotten.
            return Asyncio.wrap(measured.copy()).await();
        });
        Times took = measured.join();
        double all = operations.sum();
        return new Run(all / took.wall, all / took.cpu, took.cpu / took.wall, took.wanted / took.wall);
    }

    /** For how many nanoseconds each thread that lives ran or waited for a core; empty where the system does not tell. */
    private static Map<Path, Long> wanted() throws IOException {
        Map<Path, Long> nanos = new HashMap<>();
        Path threads = Path.of("/proc/self/task");
        if (Files.isDirectory(threads)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
                for (Path thread : all) {
                    nanos.put(thread, wantedNanos(thread.resolve("schedstat")));
                }
            }
        }
        return nanos;
    }

    private static long wantedNanos(Path schedstat) {
        try {
            String[] figures = Files.readString(schedstat).split(" ");
            return Long.parseLong(figures[0]) + Long.parseLong(figures[1]);
        } catch (IOException e) {
            // It has ended, or is not told of.
            return 0;
        }
    }

    private static double secondsSince(Map<Path, Long> before) throws IOException {
        long nanos = 0;
        for (Map.Entry<Path, Long> thread : wanted().entrySet()) {
            nanos += Math.max(0, thread.getValue() - before.getOrDefault(thread.getKey(), 0L));
        }
        return nanos / 1e9;
    }

    /** Many tasks that each do an operation after the other until the time is over; gives how many there were. */
    private long repeat(Operation operation) {
        long end = System.nanoTime() + roundNanos;
        long[] done = new long[1];
        List<Awaitable<@Nullable Void, RuntimeException>> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            tasks.add(() -> {
                while (System.nanoTime() < end) {
                    operation.run();
                    done[0]++;
                }
                return null;
            });
        }
        Asyncio.gather(tasks).await();
        return done[0];
    }

    /** What the machine itself gives to several threads that have nothing to do with each other. */
    private long arithmetic(Iterable<String> unused) {
        return repeat(() -> {
            long value = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                value ^= value << 13;
                value ^= value >>> 7;
                value ^= value << 17;
            }
            if (value == 0) {
                throw new IllegalStateException("it never is");
            }
        });
    }

    private long switches(Iterable<String> unused) {
        return repeat(() -> sleep(AT_ONCE).await());
    }

    private long requests(Iterable<String> urls) {
        Headers headers = Headers.builder().add("Content-Length", "13").build();
        byte[] body = new byte[13];
        Arrays.fill(body, (byte) 'x');
        Iterator<String> mine = urls.iterator();
        try (ClientSession session = ClientSession.builder()
                .mount("http://in-process.example/", request -> {
                    // As one that waits for its connection.
                    sleep(AT_ONCE).await();
                    return ClientResponse.of(request, 200, headers, body);
                })
                .build()) {
            return repeat(() -> {
                if (session.get(mine.next()).bytes().await().length != body.length) {
                    throw new IllegalStateException("not the answer");
                }
            });
        }
    }
}
