package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.it.Fetch.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Few descriptors: fewer files at once, and all of them in the end. */
class FewDescriptorsTest {
    private static final int FILES = 500;

    @TempDir
    Path work;

    @ParameterizedTest
    @ValueSource(ints = {32, 200})
    @Timeout(60)
    void allFinish(int jobs) throws Exception {
        Content content = Content.random(1, 20_000);
        try (RawServer server = RawServer.start(content::answer)) {
            List<String> urls = IntStream.range(0, FILES)
                    .mapToObj(i -> server.url("/file" + i))
                    .toList();
            Path list = Files.write(work.resolve("urls.txt"), urls);
            Result result = Fetch.shell(
                    work,
                    "ulimit -n 64; exec \"$@\"",
                    List.of("-d", "out", "-j", String.valueOf(jobs), "-i", list.toString()));
            assertEquals(0, result.exitCode(), result::toString);
            for (int i = 0; i < FILES; i++) {
                assertEquals(content.sha256(), Content.sha256(work.resolve("out/file" + i)), "file" + i);
            }
            try (var files = Files.list(work.resolve("out"))) {
                assertEquals(FILES, files.count(), result::toString);
            }
            assertTrue(
                    server.requests().size() <= FILES + FILES / 10,
                    () -> server.requests().size() + " requests");
        }
    }
}
