package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.it.Fetch.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No room on the disk: exit code 3, nothing that looks like a whole file, and with room the same command goes on. The disk is a small tmpfs in a
 * mount namespace of the test's own, so nothing of it is left behind; where that is not allowed, the test is skipped, and the one with a limit of
 * the process is left.
 */
@Timeout(60)
class FullDiskTest {
    private static final int LENGTH = 4 << 20;

    @TempDir
    Path work;

    /** The length is told beforehand, or found out at the end only. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSmallDisk(boolean lengthIsTold) throws Exception {
        Path disk = Files.createDirectory(work.resolve("disk"));
        String unshare = unshare();
        Content content = Content.random(1, LENGTH);
        try (RawServer server = RawServer.start((request, reply) -> {
            boolean all = request.header("range") == null;
            if (lengthIsTold || !all) {
                content.answer(request, reply);
            } else {
                reply.head("200 OK", content.headers("Accept-Ranges: bytes", "Transfer-Encoding: chunked"));
                for (int at = 0; at < LENGTH; at += 16 << 10) {
                    reply.chunk(content.body(), at, at + (16 << 10));
                }
                reply.lastChunk();
            }
        })) {
            // The runs have to be in one namespace: the disk is gone with it.
            String line = """
                    exec %s sh -c '
                      mount -t tmpfs -o size=2m none disk
                      "$@"; echo "first $?"; ls -a disk | sed "s/^/has /"
                      mount -o remount,size=16m disk
                      "$@"; echo "second $?"
                      ls -a disk | sed "s/^/then /"; cp disk/a.bin whole' sh "$@"
                    """.formatted(unshare);
            Result result = Fetch.shell(
                    work, line, List.of("-d", "disk", "-j", "1", server.url("/a.bin"), server.url("/b.bin")));
            List<String> out = result.out().lines().toList();
            assertTrue(out.contains("first 3"), result::toString);
            assertFalse(out.contains("has a.bin") || out.contains("has b.bin"), result::toString);
            assertTrue(out.contains("second 0"), result::toString);
            assertEquals(
                    List.of("then .", "then ..", "then a.bin", "then b.bin"),
                    out.stream().filter(text -> text.startsWith("then")).toList());
            assertEquals(content.sha256(), Content.sha256(work.resolve("whole")), result::toString);
            assertTrue(result.err().contains("a.bin: no space left"), result::toString);
            assertTrue(result.err().matches("(?s).*" + disk + " needs \\d.*B more.*"), result::toString);
            // The second file is not even begun: it would fail as the first.
            assertFalse(result.err().contains("b.bin"), result::toString);
        }
    }

    /** Files of this process may have a mebibyte: what a quota does, and needs no rights. */
    @Test
    void aLimitOfTheProcess() throws Exception {
        Content content = Content.random(2, LENGTH);
        try (RawServer server = RawServer.start(content::answer)) {
            List<String> arguments = List.of("-s", "1", "-d", "out", server.url("/a.bin"));
            Result result = Fetch.shell(work, "ulimit -f 2048; exec \"$@\"", arguments);
            assertEquals(3, result.exitCode(), result::toString);
            assertFalse(Files.exists(work.resolve("out/a.bin")), result::toString);
            assertTrue(result.err().contains("out"), result::toString);

            Result second = Fetch.run(work, arguments);
            assertEquals(0, second.exitCode(), second::toString);
            assertEquals(content.sha256(), Content.sha256(work.resolve("out/a.bin")));
        }
    }

    /** A disk that is not full, but cannot be written. */
    @Test
    void aPlainFileWhereTheDirectoryShouldBe() throws Exception {
        Files.writeString(work.resolve("out"), "in the way");
        Content content = Content.random(3, 1000);
        try (RawServer server = RawServer.start(content::answer)) {
            Result result = Fetch.run(work, List.of("-q", "-d", "out", server.url("/a.bin")));
            assertEquals(3, result.exitCode(), result::toString);
            assertEquals(1, result.errorLines().size(), result::toString);
            assertEquals("in the way", Files.readString(work.resolve("out")));
        }
    }

    /** The command that makes a mount namespace, whichever is allowed; the test is skipped, saying so, where none is. */
    private String unshare() throws IOException, InterruptedException {
        for (String command : List.of("unshare -m", "unshare -rm")) {
            Process process = new ProcessBuilder(
                            "/bin/sh", "-c", command + " sh -c 'mount -t tmpfs -o size=2m none disk' 2>/dev/null")
                    .directory(work.toFile())
                    .start();
            if (process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return command;
            }
        }
        System.out.println("SKIPPED: a tmpfs may not be mounted here, so there is no small disk to fill");
        assumeTrue(false, "a tmpfs may not be mounted here");
        return "";
    }
}
