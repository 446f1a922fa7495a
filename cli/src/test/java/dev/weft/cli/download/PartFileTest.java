package dev.weft.cli.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartFileTest {
    @TempDir
    Path directory;

    @Test
    void hasItsNameOnlyWhenItIsWhole() throws IOException {
        try (PartFile file = PartFile.create(directory, "a.txt")) {
            file.write(bytes("one "));
            assertEquals(1, names().size());
            assertTrue(names().getFirst().matches("\\.a\\.txt\\.[0-9a-z]{8}\\.part"), names().toString());
            file.write(bytes("two"));
            file.commit();
            assertEquals(List.of("a.txt"), names());
        }
        assertEquals("one two", Files.readString(directory.resolve("a.txt")));
    }

    @Test
    void leavesNothingAndTouchesNothingWhenItIsNotWhole() throws IOException {
        Files.writeString(directory.resolve("a.txt"), "old");
        try (PartFile file = PartFile.create(directory, "a.txt")) {
            file.write(bytes("new"));
        }
        assertEquals(List.of("a.txt"), names());
        assertEquals("old", Files.readString(directory.resolve("a.txt")));
    }

    @Test
    void replacesWhatIsThere() throws IOException {
        Files.writeString(directory.resolve("a.txt"), "old");
        try (PartFile file = PartFile.create(directory, "a.txt")) {
            file.write(bytes("new"));
            file.commit();
        }
        assertEquals("new", Files.readString(directory.resolve("a.txt")));
    }

    @Test
    void replacesALinkAndNotWhatItPointsTo(@TempDir Path elsewhere) throws IOException {
        Path precious = Files.writeString(elsewhere.resolve("precious"), "precious");
        Files.createSymbolicLink(directory.resolve("a.txt"), precious);
        try (PartFile file = PartFile.create(directory, "a.txt")) {
            file.write(bytes("new"));
            file.commit();
        }
        assertEquals("precious", Files.readString(precious));
        assertEquals("new", Files.readString(directory.resolve("a.txt")));
    }

    @Test
    void twoOfOneNameDoNotMix() throws IOException {
        try (PartFile one = PartFile.create(directory, "a.txt");
                PartFile two = PartFile.create(directory, "a.txt")) {
            one.write(bytes("1"));
            two.write(bytes("2"));
            one.write(bytes("1"));
            one.commit();
            assertEquals("11", Files.readString(directory.resolve("a.txt")));
            two.commit();
            assertEquals("2", Files.readString(directory.resolve("a.txt")));
        }
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void theLongestNameFits() throws IOException {
        String name = SafeName.of("饭".repeat(300) + ".iso");
        try (PartFile file = PartFile.create(directory, name)) {
            file.commit();
        }
        assertEquals(List.of(name), names());
    }

    @Test
    void whatIsWrongIsTold() throws IOException {
        DiskException missing = assertThrows(
                DiskException.class,
                () -> PartFile.create(directory.resolve("none"), "a").close());
        assertEquals(
                "cannot create " + directory.resolve("none/a") + ": no such file or directory", missing.getMessage());

        Files.createDirectories(directory.resolve("dir/full"));
        try (PartFile file = PartFile.create(directory, "dir")) {
            DiskException e = assertThrows(DiskException.class, file::commit);
            assertEquals("cannot write " + directory.resolve("dir") + ": is a directory", e.getMessage());
        }
        assertEquals(List.of("dir"), names());
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
