package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.it.Fetch.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Standard output: the bytes of a file, and an end when nobody reads any more. */
@Timeout(60)
class ClosedPipeTest {
    private static final Content CONTENT = Content.random(1, 3_000_000);

    @TempDir
    Path work;

    /** The server never ends the file: it ends because the pipe has. */
    @Test
    void anEndlessFile() throws Exception {
        try (RawServer server = RawServer.start((request, reply) -> {
            reply.head("200 OK", "Content-Type: application/octet-stream");
            while (true) {
                reply.body(CONTENT.body(), 0, CONTENT.length());
            }
        })) {
            Result result = Fetch.shell(
                    work,
                    "{ \"$@\"; echo \"code $?\" >&2; } | head -c 1000 > start",
                    List.of("-o", "-", server.url("/endless")));
            assertArrayEquals(Arrays.copyOf(CONTENT.body(), 1000), Files.readAllBytes(work.resolve("start")));
            assertTrue(result.took().toMillis() < 5_000, result::toString);
            assertTrue(result.err().contains("code "), result::toString);
            assertTrue(result.err().lines().count() <= 2, () -> "a pipe that is closed is no news: " + result);
            assertOnlyFile("start");
        }
    }

    @Test
    void nobodyReadsTheLines() throws Exception {
        try (RawServer server = RawServer.start((request, reply) -> {
            // The last is never answered: it does not go on to the end.
            if (request.target().equals("/file99")) {
                reply.stall();
            }
            CONTENT.answer(request, reply);
        })) {
            List<String> urls = IntStream.range(0, 100)
                    .mapToObj(i -> server.url("/file" + i))
                    .toList();
            Path list = Files.write(work.resolve("urls.txt"), urls);
            Result result = Fetch.shell(
                    work,
                    "\"$@\" | head -1 > first.json",
                    List.of("--json", "-d", "out", "-j", "4", "-i", list.toString()));
            assertTrue(Files.readString(work.resolve("first.json")).startsWith("{\"v\":1"), result::toString);
            assertTrue(result.took().toMillis() < 10_000, result::toString);
        }
    }

    @Test
    void allOfAFileThoughTheConnectionBreaks() throws Exception {
        try (RawServer server = RawServer.start((request, reply) -> {
            if (request.number() == 1) {
                Ways.halfOf(CONTENT, reply);
                reply.reset();
            } else {
                CONTENT.answer(request, reply);
            }
        })) {
            Result result = Fetch.shell(work, "\"$@\" | cat > copy", List.of("-o", "-", server.url("/file")));
            assertEquals(CONTENT.sha256(), Content.sha256(work.resolve("copy")), result::toString);
            assertOnlyFile("copy");
        }
    }

    private void assertOnlyFile(String name) throws IOException {
        try (var files = Files.list(work)) {
            assertEquals(List.of(work.resolve(name)), files.toList());
        }
    }
}
