package dev.weft.cli.name;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.input.Job;
import dev.weft.cli.input.JobOptions;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever chooses a name, by whichever way, the file is inside the directory: in words, and on the disk. */
class HostileNamesTest {
    @TempDir
    Path outside;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(outside.resolve("in"));
    }

    static List<String> names() {
        return List.of(
                "../up",
                "../../../../../../../../tmp/up",
                "/etc/passwd",
                "//etc//passwd",
                "..",
                ".",
                "",
                " ",
                "..;/up",
                "..;",
                "%2e%2e%2fup",
                "%2e%2e/up",
                "..%2fup",
                "%252e%252e%252fup",
                "%25252e%25252e%25252fup",
                "%c0%ae%c0%ae%c0%afup",
                "%e0%80%ae%e0%80%ae/up",
                "%u002e%u002e%u2215up",
                "..\\up",
                "..%5cup",
                "\\\\server\\share\\up",
                "C:\\Windows\\up.dll",
                "C:up",
                "file:///etc/passwd",
                "a\0.txt",
                "a%00/../up",
                "a\r\nSet-Cookie: x",
                "a%0d%0ab",
                "\u001b[2J\u001b]0;x\u0007",
                "a%c2%9bb",
                ".bashrc",
                ".ssh/authorized_keys",
                "....//....//up",
                "-rf",
                "--output=/etc/passwd",
                "CON",
                "nul.txt",
                "com1.tar.gz",
                "LPT\u00b9",
                "name.",
                "name. . .",
                "name ",
                "x::$DATA",
                "\u996d".repeat(100) + ".txt",
                "\ud83d\ude00".repeat(75),
                "a".repeat(300),
                "d/".repeat(50) + "x",
                "gpj\u202eexe.",
                "\u2066..\u2069/up",
                "\uff0e\uff0e\uff0fup",
                "\u2025/up",
                "\ufeff../up",
                "\ud800../up",
                "~/up",
                "$HOME/up",
                "`id`",
                "a|b>c<d",
                "*?",
                "link/up",
                "LINK/../up");
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyWayOfNamingStaysInside(String name) throws IOException {
        // Somebody has put a way out there.
        Files.createSymbolicLink(directory.resolve("link"), outside);
        Directories directories = new Directories();
        List<TargetFile> targets = targets(name);
        assertTrue(targets.size() >= 7, targets.size() + " ways");
        NamesInUse names = new NamesInUse();
        for (TargetFile wanted : targets) {
            TargetFile target = wanted.take(names);
            for (String element : target.inside().split("/", -1)) {
                assertFalse(element.isEmpty() || element.equals(".") || element.equals(".."), target::inside);
                assertTrue(element.getBytes(StandardCharsets.UTF_8).length <= 255, target::inside);
                assertFalse(element.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '\\'), target::inside);
            }
            assertTrue(target.path().normalize().startsWith(directory), target::inside);
            if (target.inside().startsWith("link/")) {
                assertThrows(FileSystemException.class, () -> directories.makeFor(target));
            } else {
                directories.makeFor(target);
                Files.writeString(target.path(), "x");
                assertTrue(target.path().toRealPath().startsWith(directory.toRealPath()), target::inside);
            }
        }
        try (Stream<Path> beside = Files.list(outside)) {
            assertEquals(List.of(directory), beside.toList());
        }
    }

    /** The name in a URL, in headers, in lists, in patterns. */
    private List<TargetFile> targets(String name) {
        List<TargetFile> targets = new ArrayList<>();
        Naming plain = new Naming(directory, null, false, false);
        Naming tree = new Naming(directory, null, true, true);
        Naming template = new Naming(directory, Template.parse("{host}/{path}/#1/{stem}.{ext}"), false, true);
        for (String url : List.of("http://h/" + name, "http://h/" + name + "/x", "http://h/x/" + name)) {
            targets.add(plain.target(Job.of(url.replace('#', '_')), 1));
            targets.add(tree.target(Job.of(url.replace('#', '_')), 1));
        }
        targets.add(tree.target(Job.of("http://" + name + "/x"), 1));
        Job captured = new Job("http://h/" + name, List.of(), List.of(name), JobOptions.NONE, null, null);
        targets.add(template.target(captured, 1));
        targets.add(plain.target(listed(name, null), 1));
        targets.add(plain.target(listed("x/" + name, name), 1));
        targets.add(template.target(listed(null, name), 1));
        for (String suggested : List.of("filename=\"" + name + "\"", "filename*=UTF-8''" + name)) {
            ClientResponse answer = answer("http://h/", suggested);
            if (answer != null) {
                targets.add(tree.target(Job.of("http://h/"), 1, answer));
                targets.add(template.target(captured, 1, answer));
            }
        }
        ClientResponse redirected = answer("http://h/" + name, null);
        if (redirected != null) {
            targets.add(tree.target(Job.of("http://h/"), 1, redirected));
        }
        return targets;
    }

    private static Job listed(String name, String dir) {
        JobOptions options = new JobOptions(name, dir, List.of(), Headers.empty(), 0);
        return new Job("http://h/x", List.of(), List.of(), options, null, null);
    }

    /** Null if no server can say that. */
    private static ClientResponse answer(String url, String suggested) {
        try {
            Headers.Builder headers = Headers.builder();
            if (suggested != null) {
                headers.add("Content-Disposition", "attachment; " + suggested);
            }
            return ClientResponse.of(ClientRequest.of("GET", HttpUrl.parse(url)), 200, headers.build(), new byte[0]);
        } catch (IllegalArgumentException | InvalidUrlException e) {
            return null;
        }
    }

    @Test
    void thereAreManyOfThem() {
        assertTrue(names().size() >= 30, names().size() + " names");
    }

    @Test
    void directoriesAreMadeAndLinksAreNotFollowed() throws IOException {
        Naming naming = new Naming(directory.resolve("made"), null, false, false);
        Directories directories = new Directories();
        directories.makeFor(naming.target(listed("a/b/c", null), 1));
        assertTrue(Files.isDirectory(directory.resolve("made/a/b"), LinkOption.NOFOLLOW_LINKS));
        directories.makeFor(naming.target(listed("a/b/d", null), 1));
        assertFalse(Files.exists(directory.resolve("made/a/b/d")));

        Files.createSymbolicLink(directory.resolve("made/link"), outside);
        FileSystemException link = assertThrows(
                FileSystemException.class, () -> directories.makeFor(naming.target(listed("link/x", null), 1)));
        assertEquals("it is a symbolic link, which is not followed", link.getReason());
        // A link to a directory inside is no better: it may be turned at any time.
        Files.createSymbolicLink(directory.resolve("made/inner"), directory.resolve("made/a"));
        assertThrows(FileSystemException.class, () -> directories.makeFor(naming.target(listed("inner/x", null), 1)));

        Files.writeString(directory.resolve("made/file"), "x");
        FileSystemException file = assertThrows(
                FileSystemException.class, () -> directories.makeFor(naming.target(listed("file/x", null), 1)));
        assertEquals("it exists and is no directory", file.getReason());
    }

    /** What the user names himself may be anywhere, and behind links. */
    @Test
    void theUsersOwnDirectoriesMayBeLinks() throws IOException {
        Path real = Files.createDirectory(outside.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        Directories directories = new Directories();
        directories.makeFor(new Naming(link, null, true, false).target(Job.of("http://h/a/x"), 1));
        assertTrue(Files.isDirectory(real.resolve("h/a")));
        Naming template = new Naming(directory, Template.parse("link/t/{host}/{name}"), false, false);
        directories.makeFor(template.target(Job.of("http://h/x"), 1));
        assertTrue(Files.isDirectory(real.resolve("t/h")));
    }
}
