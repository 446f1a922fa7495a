package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.it.Fetch.Result;
import dev.weft.it.Misbehaviour.End;
import dev.weft.it.Ways.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whatever a server does: the right file and exit code 0, or no file and another exit code. */
@Timeout(120)
class DownloadsThatGoWrongTest {
    private static final int LENGTH = 100_000;

    @TempDir
    Path work;

    private MisbehavingServer server;

    @BeforeEach
    void start() throws IOException {
        server = new MisbehavingServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void one(Misbehaviour way) throws Exception {
        Served file = server.add("file.bin", LENGTH, way.way());
        Result result = Fetch.run(work, List.of("-q", "-t", "1", "-r", "2", server.url(file)));
        assertEnded(way.end(), file, result);
        List<String> lines = result.errorLines();
        assertEquals(result.exitCode() == 0 ? 0 : 1, lines.size(), result::toString);
        assertTrue(lines.stream().allMatch(line -> line.contains(server.url(file))), result::toString);
        if (way == Misbehaviour.NOT_FOUND || way == Misbehaviour.FORBIDDEN || way == Misbehaviour.RETRY_AFTER_A_DAY) {
            assertEquals(1, server.requests(file).size(), "a last answer is not asked for again");
        }
        if (way == Misbehaviour.ALWAYS_EMPTY || way == Misbehaviour.ALWAYS_503) {
            assertEquals(3, server.requests(file).size(), "-r 2 is two more requests");
        }
    }

    /** A retry asks for the rest, and only of the version that the first part is of. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.MATCH_ANY,
            names = {"TRUNCATED", "RESET", "STALLED", "CHUNKS_CUT"})
    void whatWasThereIsNotFetchedAgain(Misbehaviour way) throws Exception {
        Served file = server.add("file.bin", LENGTH, way.way());
        Result result = Fetch.run(work, List.of("-q", "-t", "1", server.url(file)));
        assertEnded(End.RIGHT, file, result);
        assertEquals(2, server.requests(file).size());
        RawServer.Request second = server.requests(file).get(1);
        assertTrue(Content.start(second) > 0, second::toString);
        assertEquals(file.first().etag(), second.header("if-range"), second::toString);
    }

    /** Four times: each of the twelve ways, four files without a fault, and one that is missing. */
    @Test
    void sixtyEightFilesAtOnce() throws Exception {
        Map<Served, End> files = new LinkedHashMap<>();
        for (int i = 0; i < 4; i++) {
            for (Misbehaviour way : Misbehaviour.TWELVE) {
                files.put(server.add(way.name().toLowerCase(Locale.ROOT) + i, LENGTH + i, way.way()), way.end());
            }
            for (int length : new int[] {100, 5_000, 300_000, 900_000}) {
                files.put(server.add("plain" + i + "-" + length, length, Ways::right), End.RIGHT);
            }
            files.put(server.add("missing" + i, LENGTH, Misbehaviour.NOT_FOUND.way()), End.FAILED);
        }
        Path list = Files.write(
                work.resolve("list"), files.keySet().stream().map(server::url).toList());
        Result result = Fetch.run(
                work,
                List.of("--json", "--failed", "failed", "-d", "out", "-t", "1", "-j", "32", "-i", list.toString()));
        int requests = server.requests().size();
        System.out.println(files.size() + " files from a server that misbehaves: "
                + result.took().toMillis() + " ms, " + requests + " requests");
        assertEquals(1, result.exitCode(), result::toString);
        int whole = 0;
        for (Map.Entry<Served, End> entry : files.entrySet()) {
            Served file = entry.getKey();
            if (entry.getValue() == End.FAILED) {
                assertEquals(1, server.requests(file).size(), "404 is a last answer");
            } else {
                Content right = entry.getValue() == End.CHANGED ? file.then() : file.first();
                assertEquals(right.sha256(), Content.sha256(work.resolve("out/" + file.name())), file.name());
                whole++;
            }
        }
        assertEquals(whole, names(work.resolve("out")).size(), () -> "something was left: " + result);
        assertTrue(result.err().contains("fetch: " + whole + " of " + files.size() + " files"), result::toString);
        assertEquals(1, linesWith(result, "\"summary\""), result::toString);
        assertEquals(whole, linesWith(result, "\"state\":\"done\""), result::toString);
        assertEquals(files.size() - whole, linesWith(result, "\"state\":\"failed\""), result::toString);
        assertEquals(
                files.size() - whole,
                Files.readAllLines(work.resolve("failed")).stream()
                        .filter(line -> line.contains("/missing"))
                        .count());
        assertTrue(requests <= 125, () -> requests + " requests");
        // It takes 3 to 4 s; but what is random in the waits adds up to more now and then.
        assertTrue(result.took().toMillis() < 8_000, result::toString);
    }

    private static long linesWith(Result result, String text) {
        return result.out().lines().filter(line -> line.contains(text)).count();
    }

    /** It is never silent for long, but would take an hour: --speed-limit is for that. */
    @Test
    void aTrickle() throws Exception {
        Served file = server.add("file.bin", LENGTH, Ways.once((content, request, reply) -> {
            Ways.halfOf(content.first(), reply);
            byte[] body = content.first().body();
            new Pace(20).send(reply::body, body, body.length / 2, body.length, 1);
        }));
        Result result = Fetch.run(work, List.of("-q", "--speed-limit", "10k", "--speed-time", "1", server.url(file)));
        assertEnded(End.RIGHT, file, result);
        assertEquals(2, server.requests(file).size());
        assertTrue(Content.start(server.requests(file).get(1)) >= LENGTH / 2, "not gone on with");
    }

    @Test
    void noFasterThanAsked() throws Exception {
        Served file = server.add("file.bin", 4 * LENGTH, Ways::right);
        Result result = Fetch.run(work, List.of("-q", "--limit-rate", "200k", server.url(file)));
        assertEnded(End.RIGHT, file, result);
        assertTrue(result.took().toMillis() > 1_000, result::toString);
    }

    private void assertEnded(End end, Served file, Result result) throws IOException {
        Path path = work.resolve(file.name());
        if (end == End.FAILED || end == End.RIGHT_OR_FAILED && result.exitCode() != 0) {
            assertEquals(1, result.exitCode(), result::toString);
            assertFalse(Files.exists(path), () -> "a file that is not right has its last name: " + result);
        } else {
            assertEquals(0, result.exitCode(), result::toString);
            Content right = end == End.CHANGED ? file.then() : file.first();
            assertEquals(right.sha256(), Content.sha256(path), () -> "not the right bytes: " + result);
            assertEquals(List.of(file.name()), names(work), () -> "something was left: " + result);
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
