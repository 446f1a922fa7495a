package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.it.Fetch.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asked to stop: it ends soon, says how to go on, and the same command does. */
@Timeout(60)
class StoppedTest {
    private static final Content CONTENT = Content.random(1, 6 << 20);

    @TempDir
    Path work;

    private final CountDownLatch halfSent = new CountDownLatch(1);
    private volatile boolean stalls = true;
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = RawServer.start((request, reply) -> {
            if (stalls) {
                Ways.halfOf(CONTENT, reply);
                halfSent.countDown();
                reply.stall();
            } else {
                CONTENT.answer(request, reply);
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void onceAndItCanGoOn(String signal, int exitCode) throws Exception {
        Path list = Files.writeString(work.resolve("urls.txt"), server.url("/a.bin") + "\n");
        List<String> arguments = List.of("-s", "1", "-d", "out dir", "-i", list.toString());
        try (Fetch fetch = Fetch.start(work, arguments)) {
            assertTrue(halfSent.await(20, TimeUnit.SECONDS));
            long asked = System.nanoTime();
            fetch.signal(signal);
            Result result = fetch.await(Duration.ofSeconds(20));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
            assertEquals(exitCode, result.exitCode(), result::toString);
            assertTrue(millis < 1_000, () -> millis + " ms: " + result);
            assertTrue(result.err().contains("1 file unfinished"), result::toString);
            String goOn = result.err()
                    .lines()
                    .filter(line -> line.contains("-i"))
                    .findFirst()
                    .orElse("");
            assertTrue(goOn.contains("fetch -s 1 -d 'out dir' -i " + list), result::toString);
            assertFalse(Files.exists(work.resolve("out dir/a.bin")), result::toString);
        }
        stalls = false;
        Result second = Fetch.run(work, arguments);
        assertEquals(0, second.exitCode(), second::toString);
        assertEquals(CONTENT.sha256(), Content.sha256(work.resolve("out dir/a.bin")));
        RawServer.Request asked = server.requests().getLast();
        assertTrue(Content.start(asked) >= (2 << 20), () -> "not gone on with: " + asked);
    }

    @Test
    void twiceAndItIsGone() throws Exception {
        try (Fetch fetch = Fetch.start(work, List.of(server.url("/a.bin")))) {
            assertTrue(halfSent.await(20, TimeUnit.SECONDS));
            long asked = System.nanoTime();
            fetch.signal("INT");
            fetch.signal("INT");
            Result result = fetch.await(Duration.ofSeconds(20));
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
            assertEquals(130, result.exitCode(), result::toString);
            assertTrue(millis < 1_000, () -> millis + " ms: " + result);
            assertFalse(Files.exists(work.resolve("a.bin")), result::toString);
        }
        stalls = false;
        Result second = Fetch.run(work, List.of(server.url("/a.bin")));
        assertEquals(0, second.exitCode(), second::toString);
        assertEquals(CONTENT.sha256(), Content.sha256(work.resolve("a.bin")));
    }
}
