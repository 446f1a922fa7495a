package dev.weft.http.download;

import static dev.weft.http.download.Pattern.origin;
import static dev.weft.http.download.Pattern.write;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.testing.junit.LoopExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Checksums that follow a file as it is written, on the loop and its executor. */
@ExtendWith(LoopExtension.class)
@Timeout(60)
class DigesterTest {
    private static final int STEP = Digester.STEP_BYTES;

    @TempDir
    Path directory;

    @Test
    void ofAFileOfAnyLength() throws Exception {
        for (int length : new int[] {0, 1, Digester.SMALL_BYTES, Digester.SMALL_BYTES + 1, 2 * STEP + 77}) {
            followed(length);
        }
    }

    private void followed(int length) throws Exception {
        try (PartFile file = created(length);
                Digester digester = new Digester(file, EnumSet.allOf(Algorithm.class))) {
            for (int at = 0; at < length; at += 1 << 20) {
                write(file, at, Math.min(length, at + (1 << 20)));
                digester.follow();
            }
            assertEquals(expected(length, Algorithm.values()), digester.finish());
        }
    }

    @Test
    void followsWhatIsThereWithoutAGap() throws Exception {
        try (PartFile file = created(3L * STEP);
                Digester digester = new Digester(file, Set.of(Algorithm.SHA256))) {
            write(file, STEP, 3 * STEP);
            digester.follow();
            assertEquals(0, digester.done());
            write(file, 0, STEP);
            digester.follow();
            while (digester.done() < 3 * STEP) {
                Asyncio.sleep(Duration.ofMillis(1)).await();
            }
            assertEquals(expected(3 * STEP, Algorithm.SHA256), digester.finish());
        }
    }

    @Test
    void startsOverWhileItReads() throws Exception {
        try (PartFile file = created(2L * STEP);
                Digester digester = new Digester(file, Set.of(Algorithm.MD5))) {
            write(file, 0, 2 * STEP);
            digester.follow();
            file.begin(origin(STEP + 5));
            digester.startOver();
            write(file, 0, STEP + 5);
            digester.follow();
            assertEquals(expected(STEP + 5, Algorithm.MD5), digester.finish());
        }
    }

    @Test
    void aWaitThatWasCancelledLeavesTheFileOpen() throws Exception {
        try (PartFile file = created(4L * STEP);
                Digester digester = new Digester(file, Set.of(Algorithm.SHA512))) {
            write(file, 0, 4 * STEP);
            Task<List<Checksum>> waiting = Asyncio.createTask(() -> digester.finish());
            Asyncio.sleep(Duration.ZERO).await();
            waiting.cancel();
            assertThrows(CancelledError.class, waiting::await);
            // An interrupted reader would have closed it.
            assertEquals(expected(4 * STEP, Algorithm.SHA512), digester.finish());
            assertTrue(file.keep());
        }
    }

    @Test
    void aFileThatCannotBeReadIsTold() throws Exception {
        try (PartFile file = created(2L * STEP);
                Digester digester = new Digester(file, Set.of(Algorithm.SHA256))) {
            write(file, 0, 2 * STEP);
            file.close();
            assertThrows(UncheckedIOException.class, digester::finish);
        }
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsHandedBack() {
        CountDownLatch go = new CountDownLatch(1);
        List<String> unwanted = new ArrayList<>();
        Task<String> task = Asyncio.createTask(() -> OffLoop.await(
                () -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        return "interrupted";
                    }
                    return "made";
                },
                unwanted::add));
        Asyncio.sleep(Duration.ZERO).await();
        task.cancel();
        assertThrows(CancelledError.class, task::await);
        go.countDown();
        while (unwanted.isEmpty()) {
            Asyncio.sleep(Duration.ofMillis(1)).await();
        }
        assertEquals(List.of("made"), unwanted);
    }

    @Test
    void whatAJobThrowsArrives() {
        IOException cause = new IOException("no");
        UncheckedIOException e = assertThrows(
                UncheckedIOException.class,
                () -> OffLoop.await(
                        () -> {
                            throw cause;
                        },
                        value -> {}));
        assertEquals(cause, e.getCause());
        assertThrows(
                IllegalStateException.class,
                () -> OffLoop.await(
                        () -> {
                            throw new IllegalStateException();
                        },
                        value -> {}));
    }

    private PartFile created(long length) throws IOException {
        PartFile file = requireNonNull(PartFile.create(directory.resolve("f")));
        file.begin(origin(length));
        return file;
    }

    private static List<Checksum> expected(int length, Algorithm... algorithms) throws NoSuchAlgorithmException {
        List<Checksum> expected = new ArrayList<>();
        for (Algorithm algorithm : algorithms) {
            byte[] digest = MessageDigest.getInstance(algorithm.jdkName()).digest(Pattern.bytes(0, length));
            expected.add(Checksum.of(algorithm, digest));
        }
        return expected;
    }
}
