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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    @EnumSource(mode = Mode.MATCH_ANY, names = {"TRUNCATED", "RESET", "STALLED", "CHUNKS_CUT"})
    void whatWasThereIsNotFetchedAgain(Misbehaviour way) throws Exception {
        Served file = server.add("file.bin", LENGTH, way.way());
        Result result = Fetch.run(work, List.of("-q", "-t", "1", server.url(file)));
        assertEnded(End.RIGHT, file, result);
        assertEquals(2, server.requests(file).size());
        RawServer.Request second = server.requests(file).get(1);
        assertTrue(Content.start(second) > 0, second::toString);
        assertEquals(file.first().etag(), second.header("if-range"), second::toString);
    }

    @Test
    void sixtyEightFilesAtOnce() throws Exception {
        List<Misbehaviour> ways = new ArrayList<>();
        List<Served> files = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            for (Misbehaviour way : Misbehaviour.TWELVE) {
                ways.add(way);
                files.add(server.add(way.name().toLowerCase(Locale.ROOT) + i, LENGTH + i, way.way()));
            }
            for (int length : new int[] {100, 5_000, 70_000, 300_000, 900_000}) {
                ways.add(Misbehaviour.HEAD_LIES);
                files.add(server.add("plain" + i + "-" + length, length, Ways::right));
            }
        }
        List<Served> missing = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            missing.add(server.add("missing" + i, LENGTH, Misbehaviour.NOT_FOUND.way()));
        }
        List<String> urls = new ArrayList<>(
                Stream.concat(files.stream(), missing.stream()).map(server::url).toList());
        Path list = Files.write(work.resolve("list"), urls);
        Result result = Fetch.run(work, List.of("-d", "out", "-t", "1", "-j", "32", "-i", list.toString()));
        System.out.println("68 files from a server that misbehaves: " + result.took().toMillis() + " ms, "
                + (server.requests().size() - missing.size()) + " requests");
        assertEquals(1, result.exitCode(), result::toString);
        for (int i = 0; i < files.size(); i++) {
            Served file = files.get(i);
            Content right = ways.get(i).end() == End.CHANGED ? file.then() : file.first();
            assertEquals(right.sha256(), Content.sha256(work.resolve("out/" + file.name())), file.name());
        }
        assertEquals(68, names(work.resolve("out")).size(), () -> "something was left: " + result);
        for (Served file : missing) {
            assertEquals(1, server.requests(file).size(), "404 is a last answer");
        }
        assertTrue(server.requests().size() - missing.size() <= 125, () -> server.requests().size() + " requests");
        // What is random in the waits can add up to more than the 4 s it takes as a rule.
        assertTrue(result.took().toMillis() < 8_000, result::toString);
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
