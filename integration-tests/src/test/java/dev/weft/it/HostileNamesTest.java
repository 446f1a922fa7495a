package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.it.Fetch.Result;
import dev.weft.it.RawServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names that want out of the directory, over a terminal or into an option: each file ends inside, under a harmless name. */
@Timeout(60)
class HostileNamesTest {
    /** As they stand in the path of a URL. */
    private static final List<String> PATHS = List.of(
            "..%2f..%2fup.bin",
            "%2e%2e%2f%2e%2e%2fup.bin",
            "a/..%2f..%2f..%2fup.bin",
            "..%5c..%5cup.bin",
            "%2e%2e%5cup.bin",
            "..",
            "%2e%2e",
            "a/%2e%2e/%2e%2e/%2e%2e",
            ".",
            "%2f%2fetc%2fpasswd",
            "%2ftmp%2fweft-hostile",
            "C:%5CWindows%5Cevil.dll",
            "%5c%5chost%5cshare%5cx",
            ".bashrc",
            ".ssh%2fauthorized_keys",
            "-rf",
            "--help",
            "-o%20x",
            "a%00.bin",
            "a%0d%0aInjected:%20x",
            "a%1b[2J%1b]0;x%07b",
            "a%c2%9b2Jb",
            "gpj.%e2%80%aeexe",
            "a%c0%afb",
            "a%ff%fe",
            "CON",
            "nul.txt",
            "com1.tar.gz",
            "x.%20.",
            "n".repeat(400) + ".bin",
            "%e2%80%8b",
            "~root",
            "$(touch%20x)",
            "%2e%2e%252f%2e%2e%252fup.bin");

    @TempDir
    Path work;

    private Path out;

    @BeforeEach
    void directory() throws IOException {
        // Three levels deep, so that whoever climbs is seen.
        out = Files.createDirectories(work.resolve("1/2/out"));
    }

    @Test
    void inTheUrl() throws Exception {
        try (RawServer server = RawServer.start(HostileNamesTest::answer)) {
            List<String> urls = numbered(PATHS, server);
            assertAllInside(Fetch.run(out.getParent(), arguments(urls)), urls.size(), 1);
        }
    }

    @Test
    void inTheUrlAsATree() throws Exception {
        try (RawServer server = RawServer.start(HostileNamesTest::answer)) {
            List<String> urls = numbered(PATHS, server);
            assertAllInside(Fetch.run(out.getParent(), arguments(urls, "-x")), urls.size(), 8);
        }
    }

    @Test
    void inContentDisposition() throws Exception {
        List<String> dispositions = new ArrayList<>();
        for (String path : PATHS) {
            dispositions.add("attachment; filename*=UTF-8''" + path.replace("/", "%2f"));
        }
        dispositions.addAll(List.of(
                "attachment; filename=\"../../up.bin\"",
                "attachment; filename=\"/etc/passwd\"",
                "attachment; filename=\"..\\\\..\\\\up.bin\"",
                "attachment; filename=\"..\"",
                "attachment; filename=\"\"",
                "attachment; filename=../../up.bin",
                "attachment; filename=\"harmless\"; filename*=UTF-8''..%2f..%2fup.bin"));
        try (RawServer server = RawServer.start((request, reply) -> {
            int number = Integer.parseInt(request.target().substring("/get?".length()));
            byte[] body = ("file " + number).getBytes(StandardCharsets.UTF_8);
            reply.head("200 OK", Ways.length(body.length), "Content-Disposition: " + dispositions.get(number));
            reply.body(body, 0, body.length);
        })) {
            List<String> urls = IntStream.range(0, dispositions.size())
                    .mapToObj(i -> server.url("/get?" + i))
                    .toList();
            assertAllInside(Fetch.run(out.getParent(), arguments(urls, "-J")), urls.size(), 1);
        }
    }

    /** A link in the directory that leads out of it is replaced, never followed. */
    @Test
    void links() throws Exception {
        Path victim = Files.writeString(work.resolve("victim"), "precious");
        Files.createSymbolicLink(out.resolve("a.bin"), victim);
        Files.createSymbolicLink(out.resolve(".b.bin.part"), victim);
        Files.createSymbolicLink(out.resolve("c.bin"), work.resolve("made-by-a-link"));
        try (RawServer server = RawServer.start(HostileNamesTest::answer)) {
            List<String> urls = List.of(server.url("/a.bin"), server.url("/b.bin"), server.url("/c.bin"));
            Result result = Fetch.run(out.getParent(), arguments(urls, "--exists", "overwrite"));
            assertEquals("precious", Files.readString(victim), result::toString);
            assertFalse(Files.exists(work.resolve("made-by-a-link")), result::toString);
            for (String name : List.of("a.bin", "c.bin")) {
                Path file = out.resolve(name);
                boolean fetched = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
                assertTrue(fetched || result.exitCode() != 0, () -> name + ": " + result);
            }
        }
    }

    private static void answer(Request request, Reply reply) throws IOException {
        byte[] body = request.target().replaceFirst(".*\\?", "file ").getBytes(StandardCharsets.UTF_8);
        reply.head("200 OK", Ways.length(body.length));
        reply.body(body, 0, body.length);
    }

    /** Told apart by their queries, which are no part of a name. */
    private static List<String> numbered(List<String> paths, RawServer server) {
        return IntStream.range(0, paths.size())
                .mapToObj(i -> server.url("/" + paths.get(i) + "?" + i))
                .toList();
    }

    private static List<String> arguments(List<String> urls, String... more) {
        List<String> arguments = new ArrayList<>(List.of("-d", "out", "--no-glob"));
        arguments.addAll(List.of(more));
        arguments.addAll(urls);
        return arguments;
    }

    private void assertAllInside(Result result, int files, int levels) throws IOException {
        assertEquals(0, result.exitCode(), result::toString);
        assertEquals(
                Set.of("1", "1/2", "1/2/out"),
                below(work, 3).stream()
                        .filter(path -> !path.startsWith("1/2/out/"))
                        .collect(Collectors.toSet()));
        Set<String> bodies = new TreeSet<>();
        for (String path : below(out, levels + 1)) {
            assertTrue(
                    path.matches("(?s)(?!.*(^|/)[-.]).*") && path.matches("[^\\p{Cntrl}\\\\:*?\"<>|\u202e\u200b]*"),
                    () -> "a name to fear: " + path);
            Path file = out.resolve(path);
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                bodies.add(Files.readString(file));
            } else {
                assertTrue(levels > 1 && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS), path);
            }
        }
        Set<String> wanted =
                IntStream.range(0, files).mapToObj(i -> "file " + i).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(wanted, bodies, result::toString);
        assertFalse(result.err().matches("(?s).*[\u0000-\u0008\u000b-\u001f\u007f-\u009f].*"), result::toString);
    }

    private static Set<String> below(Path top, int levels) throws IOException {
        try (Stream<Path> paths = Files.walk(top, levels)) {
            return paths.filter(path -> !path.equals(top))
                    .map(path -> top.relativize(path).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
