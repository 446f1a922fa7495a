package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.it.Fetch.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Killed at any moment, the same command goes on: right bytes, and at most a mebibyte is fetched again for each kill. The moment is when a number
 * of bytes, from a seed, has been sent, so it falls into every phase of a run, whatever the machine does meanwhile.
 */
@Timeout(300)
class KilledTest {
    private static final int KILLS = Integer.getInteger("weft.kills", 100);
    private static final int LENGTH = 8 << 20;
    private static final int MOST_AGAIN = 1 << 20;

    /** Of each connection: more of them are faster. */
    private static final long BYTES_PER_SECOND = 4 << 20;

    /** Side by side, each in a directory of its own; the start of a process is most of a run, and there are two cores. */
    private static final int LANES = 4;

    @TempDir
    Path work;

    @ParameterizedTest
    @CsvSource({"1", "4"})
    void goesOn(int segments) throws Exception {
        List<Callable<Lane>> lanes = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            Path directory = Files.createDirectory(work.resolve("lane" + i));
            int seed = 100 * segments + i;
            lanes.add(() -> new Lane(directory, segments, seed, KILLS / 2 / LANES).run());
        }
        int kills = 0;
        int files = 0;
        long mostAgain = 0;
        int mostConnections = 0;
        long again = 0;
        long twice = 0;
        try (ExecutorService workers = Executors.newFixedThreadPool(LANES)) {
            for (Future<Lane> ended : workers.invokeAll(lanes)) {
                Lane lane = ended.get();
                kills += lane.kills;
                files += lane.files;
                mostAgain = Math.max(mostAgain, lane.mostAgain);
                again += lane.againInAll;
                twice += lane.twice;
                mostConnections = Math.max(mostConnections, lane.mostConnections);
            }
        }
        System.out.printf(
                "%d kills, %d whole files, %d connections at most: %d KiB fetched again for a kill, %d KiB at most; %d KiB sent twice a file%n",
                kills, files, mostConnections, again / kills / 1024, mostAgain / 1024, twice / files / 1024);
        assertTrue(again / kills <= MOST_AGAIN, again / kills + " bytes fetched again for a kill");
        assertTrue(kills >= KILLS / 2, kills + " kills");
        assertTrue(segments == 1 || mostConnections > 1, mostConnections + " connections");
    }

    /** One file after the other into one directory, each killed over and over until it is whole. */
    private static final class Lane {
        private final Path directory;
        private final int segments;
        private final Random random;
        private final int wanted;

        // What one file has been sent of; under the lock of the lane.
        private final BitSet sent = new BitSet(LENGTH);
        private BitSet sentBefore = new BitSet();
        private int runs;
        private int untilKill;
        private long againInRun;
        private long lostByKill;
        private int port;
        private int connections;
        private int mostConnections;
        private @Nullable Fetch running;

        private int kills;
        private int files;
        private long mostAgain;
        private long againInAll;
        private long twice;

        Lane(Path directory, int segments, int seed, int wanted) {
            this.directory = directory;
            this.segments = segments;
            this.random = new Random(seed);
            this.wanted = wanted;
        }

        Lane run() throws Exception {
            while (kills < wanted) {
                sent.clear();
                Content content = Content.random(random.nextLong(), LENGTH);
                try (RawServer server =
                        RawServer.start((request, reply) -> content.answer(request, reply, this::send))) {
                    while (!Files.exists(directory.resolve("file.bin"))) {
                        run(server.url("/file.bin"));
                    }
                }
                assertEquals(content.sha256(), Content.sha256(directory.resolve("file.bin")), this::toString);
                Files.delete(directory.resolve("file.bin"));
                assertEquals(List.of(), names(), this::toString);
                files++;
            }
            return this;
        }

        private void run(String url) throws IOException, InterruptedException {
            // Half of the runs end near their beginning, where the journal is made and read.
            int limit = random.nextBoolean() ? 3 << 20 : 64 << 10;
            try (Fetch fetch = start(random.nextInt(limit), url)) {
                Result result = fetch.await(Duration.ofSeconds(60));
                boolean killed = result.exitCode() == 128 + 9;
                assertTrue(killed || result.exitCode() == 0, () -> this + ": " + result);
                kills += killed ? 1 : 0;
                assertTrue(killed || Files.exists(directory.resolve("file.bin")), () -> this + ": " + result);
            }
            synchronized (this) {
                mostAgain = Math.max(mostAgain, againInRun);
                againInAll += Math.max(0, againInRun);
                // When a part is split, what its connection was sent beyond its new end is sent again by another one,
                // and
                // counts here if a kill comes between: with several connections a single kill says nothing.
                assertTrue(segments > 1 || againInRun <= MOST_AGAIN, this + ": fetched again " + againInRun);
            }
        }

        private synchronized Fetch start(int bytes, String url) throws IOException {
            runs++;
            untilKill = bytes;
            // What was sent, but could not be received, is sent again through no fault of anybody's.
            sentBefore = (BitSet) sent.clone();
            againInRun = -lostByKill;
            lostByKill = 0;
            Fetch fetch = Fetch.start(directory, List.of("-q", "-s", String.valueOf(segments), url));
            running = fetch;
            return fetch;
        }

        private void send(Reply reply, byte[] body, int from, int to) throws IOException {
            int run = connected();
            try {
                Pace.Sink counted = (bytes, start, end) -> {
                    count(run, start, end);
                    reply.body(bytes, start, end);
                };
                new Pace(BYTES_PER_SECOND).send(counted, body, from, to);
            } finally {
                disconnected();
            }
        }

        /** The number of the run whose request it is. */
        private synchronized int connected() {
            connections++;
            mostConnections = Math.max(mostConnections, connections);
            return runs;
        }

        private synchronized void disconnected() {
            connections--;
        }

        private synchronized void count(int run, int from, int to) throws IOException {
            if (run != runs || running == null) {
                throw new IOException("killed: nobody receives it any more");
            }
            twice += sent.get(from, to).cardinality();
            // Once: what two connections of one run both fetch is not the kill's doing.
            againInRun += sentBefore.get(from, to).cardinality();
            sentBefore.clear(from, to);
            sent.set(from, to);
            untilKill -= to - from;
            if (untilKill <= 0) {
                lostByKill = InFlight.bytes(port) + (long) connections * Pace.PIECE;
                running.kill();
                running = null;
            }
        }

        private List<String> names() throws IOException {
            try (Stream<Path> left = Files.list(directory)) {
                return left.map(file -> file.getFileName().toString()).toList();
            }
        }

        @Override
        public String toString() {
            return "kill " + kills + " of " + directory + ", at most " + segments + " segments";
        }
    }
}
