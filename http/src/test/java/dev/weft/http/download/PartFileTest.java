package dev.weft.http.download;

import static dev.weft.http.download.Pattern.assertRight;
import static dev.weft.http.download.Pattern.names;
import static dev.weft.http.download.Pattern.origin;
import static dev.weft.http.download.Pattern.write;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One file from its first byte to its last name, and what is there meanwhile. */
@Timeout(60)
class PartFileTest {
    private static final int BIG = 300 << 10;

    @TempDir
    Path directory;

    private Path target;

    @BeforeEach
    void nameIt() {
        target = directory.resolve("a.txt");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hasItsNameOnlyWhenItIsWhole(boolean replace) throws IOException {
        Instant time = Instant.parse("2001-02-03T04:05:06Z");
        try (PartFile file = created(1000)) {
            write(file, 0, 600);
            assertEquals(List.of(".a.txt.part"), names(directory));
            assertThrows(IllegalStateException.class, () -> file.commit(replace, time, true));
            write(file, 600, 1000);
            assertEquals(List.of(".a.txt.part"), names(directory));
            file.commit(replace, time, true);
        }
        assertEquals(List.of("a.txt"), names(directory));
        assertArrayEquals(Pattern.bytes(0, 1000), Files.readAllBytes(target));
        assertEquals(time, Files.getLastModifiedTime(target).toInstant());
    }

    @Test
    void anEmptyFileIsOne() throws IOException {
        try (PartFile file = created(0)) {
            file.commit(true, null, false);
        }
        assertEquals(0, Files.size(target));
    }

    @Test
    void whereTheLengthIsNotKnownThereMustBeNoGap() throws IOException {
        try (PartFile file = created(-1)) {
            write(file, 0, 10);
            write(file, 20, 30);
            assertThrows(IllegalStateException.class, () -> file.commit(true, null, false));
            write(file, 10, 20);
            file.commit(true, null, false);
        }
        assertArrayEquals(Pattern.bytes(0, 30), Files.readAllBytes(target));
    }

    @Test
    void nobodyWritesBeforeItIsSaidWhat() throws IOException {
        try (PartFile file = requireNonNull(PartFile.create(target))) {
            assertThrows(IllegalStateException.class, () -> write(file, 0, 10));
        }
    }

    @Test
    void leavesNothingAndTouchesNothingWhenItIsClosed() throws IOException {
        Files.writeString(target, "old");
        try (PartFile file = created(2 * BIG)) {
            write(file, 0, BIG);
            assertEquals(List.of(".a.txt.part", ".a.txt.part.journal", "a.txt"), names(directory));
        }
        assertEquals(List.of("a.txt"), names(directory));
        assertEquals("old", Files.readString(target));
    }

    @Test
    void replacesALinkAndNotWhatItPointsTo(@TempDir Path elsewhere) throws IOException {
        Path precious = Files.writeString(elsewhere.resolve("precious"), "precious");
        Files.createSymbolicLink(target, precious);
        try (PartFile file = created(5)) {
            write(file, 0, 5);
            file.commit(true, Instant.EPOCH, false);
        }
        assertEquals("precious", Files.readString(precious));
        assertNotEquals(Instant.EPOCH, Files.getLastModifiedTime(precious).toInstant());
        assertArrayEquals(Pattern.bytes(0, 5), Files.readAllBytes(target));
    }

    @Test
    void newReplacesNothing() throws IOException {
        Files.writeString(target, "old");
        try (PartFile file = created(5)) {
            write(file, 0, 5);
            for (Instant time : new Instant[] {null, Instant.EPOCH}) {
                assertThrows(FileAlreadyExistsException.class, () -> file.commit(false, time, false));
            }
            file.target(directory.resolve("a.1.txt"));
            file.commit(false, Instant.EPOCH, false);
        }
        assertEquals("old", Files.readString(target));
        assertArrayEquals(Pattern.bytes(0, 5), Files.readAllBytes(directory.resolve("a.1.txt")));
        assertEquals(List.of("a.1.txt", "a.txt"), names(directory));
    }

    @Test
    void itsPermissionsAreThoseOfAnyNewFile() throws IOException {
        Path usual = Files.createFile(directory.resolve("usual"));
        try (PartFile file = created(5)) {
            write(file, 0, 5);
            file.commit(true, null, false);
        }
        assertEquals(Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(target));
    }

    @Test
    void aJournalIsMadeWhenThereIsSomethingToLose() throws IOException {
        try (PartFile file = created(BIG)) {
            write(file, 0, (256 << 10) - 1);
            assertEquals(List.of(".a.txt.part"), names(directory));
            write(file, (256 << 10) - 1, BIG);
            assertEquals(List.of(".a.txt.part", ".a.txt.part.journal"), names(directory));
            String journal = Files.readString(directory.resolve(".a.txt.part.journal"));
            assertFalse(journal.contains("secret"), journal);
            file.commit(true, null, false);
        }
        assertEquals(List.of("a.txt"), names(directory));
    }

    @Test
    void noneIsMadeOfWhatNobodyCanGoOnWith() throws IOException {
        try (PartFile file = requireNonNull(PartFile.create(target))) {
            file.begin(new Origin(Pattern.URL, "W/\"v1\"", null, false, null, -1));
            write(file, 0, BIG);
            assertEquals(List.of(".a.txt.part"), names(directory));
            assertFalse(file.keep());
        }
        assertEquals(List.of(), names(directory));
    }

    @Test
    void whatIsKeptIsGoneOnWith() throws IOException {
        try (PartFile file = created(1000)) {
            write(file, 0, 300);
            write(file, 500, 700);
            assertTrue(file.keep());
        }
        assertTrue(PartFile.isThere(target));
        assertNull(PartFile.create(target));
        try (PartFile file = PartFile.open(target, true)) {
            Origin origin = requireNonNull(file.origin());
            assertEquals("http://h/dir/f", origin.url().toString());
            assertEquals("\"v1\"", origin.etag());
            assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", origin.lastModified());
            assertTrue(origin.dateIsStrong());
            assertNull(origin.coding());
            assertEquals(1000, origin.length());
            assertEquals(500, file.have().total());
            assertRight(file);
            write(file, 300, 500);
            assertTrue(file.keep());
        }
        try (PartFile file = PartFile.open(target, true)) {
            assertEquals(700, file.have().contiguousFrom(0));
            write(file, 700, 1000);
            file.commit(true, null, false);
        }
        assertArrayEquals(Pattern.bytes(0, 1000), Files.readAllBytes(target));
        assertEquals(List.of("a.txt"), names(directory));
    }

    @Test
    void nothingIsKeptOfNothing() throws IOException {
        try (PartFile file = created(1000)) {
            assertFalse(file.keep());
        }
        assertEquals(List.of(), names(directory));
    }

    @Test
    void whatWasNotAskedForIsForgotten() throws IOException {
        keep(BIG, 2 * BIG);
        try (PartFile file = PartFile.open(target, false)) {
            assertNull(file.origin());
            assertEquals(0, file.have().total());
            file.begin(origin(5));
            write(file, 0, 5);
            file.commit(true, null, false);
        }
        assertArrayEquals(Pattern.bytes(0, 5), Files.readAllBytes(target));
        assertEquals(List.of("a.txt"), names(directory));
    }

    @Test
    void anotherRepresentationBeginsWithNothing() throws IOException {
        keep(BIG, 2 * BIG);
        try (PartFile file = PartFile.open(target, true)) {
            assertEquals(BIG, file.have().total());
            file.begin(origin(1000));
            assertEquals(List.of(".a.txt.part"), names(directory));
            assertEquals(0, Files.size(directory.resolve(".a.txt.part")));
            write(file, 0, 5);
            assertTrue(file.keep());
        }
        try (PartFile file = PartFile.open(target, true)) {
            assertEquals(5, file.have().total());
            assertEquals(1000, requireNonNull(file.origin()).length());
        }
    }

    @Test
    void aPartThatIsTooLongIsCut() throws IOException {
        keep(300, 1000);
        Path part = directory.resolve(".a.txt.part");
        Files.write(part, new byte[5000], java.nio.file.StandardOpenOption.APPEND);
        try (PartFile file = PartFile.open(target, true)) {
            write(file, 300, 1000);
            file.commit(true, null, false);
        }
        assertArrayEquals(Pattern.bytes(0, 1000), Files.readAllBytes(target));
    }

    /** Bytes and characters: the name fits, its mark would not. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "饭", "😀"})
    void theLongestNamesAreGoneOnWithToo(String letter) throws IOException {
        int bytes = letter.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        String name = letter.repeat(250 / bytes) + ".iso";
        target = directory.resolve(name);
        Path sibling = directory.resolve(letter.repeat(250 / bytes) + ".ism");
        keep(300, 1000);
        assertTrue(PartFile.isThere(target));
        assertFalse(PartFile.isThere(sibling));
        try (PartFile file = PartFile.open(target, true)) {
            assertEquals(300, file.have().total());
            write(file, 300, 1000);
            file.commit(false, Instant.EPOCH, false);
        }
        assertEquals(List.of(name), names(directory));
    }

    @Test
    void whatIsWrongIsTold() throws IOException {
        assertThrows(NoSuchFileException.class, () -> PartFile.create(directory.resolve("none/a")));
        assertThrows(NoSuchFileException.class, () -> PartFile.open(directory.resolve("none/a"), true));

        Path taken = Files.createDirectories(directory.resolve("dir/full")).getParent();
        Exception e = assertThrows(FileSystemException.class, () -> PartFile.create(Objects.requireNonNull(taken)));
        assertEquals(taken + ": is a directory", e.getMessage());

        try (PartFile file = created(5)) {
            write(file, 0, 5);
            Files.createDirectories(target.resolve("full"));
            assertThrows(IOException.class, () -> file.commit(true, null, false));
            assertThrows(FileAlreadyExistsException.class, () -> file.commit(false, null, false));
        }
        assertEquals(List.of("a.txt", "dir"), names(directory));
    }

    @Test
    void aDiskThatIsTooSmallIsFoundBefore() throws IOException {
        try (PartFile file = created(1000)) {
            DiskFullException e = assertThrows(DiskFullException.class, () -> file.begin(origin(1L << 60)));
            assertTrue(e.getMessage().contains("no space left in " + directory), e.getMessage());
            assertTrue(e.missingBytes() > 1L << 59, e.getMessage());
        }
    }

    @Test
    void aPlaceWhereNoJournalCanBeIsNoReasonToFail() throws IOException {
        Path elsewhere = Files.writeString(directory.resolve("precious"), "precious");
        try (PartFile file = created(2 * BIG)) {
            Files.createSymbolicLink(directory.resolve(".a.txt.part.journal"), elsewhere);
            write(file, 0, BIG);
            write(file, BIG, 2 * BIG);
            file.commit(true, null, false);
        }
        assertEquals("precious", Files.readString(elsewhere));
        assertArrayEquals(Pattern.bytes(0, 2 * BIG), Files.readAllBytes(target));
    }

    private PartFile created(long length) throws IOException {
        PartFile file = requireNonNull(PartFile.create(target));
        file.begin(origin(length));
        return file;
    }

    private void keep(int bytes, long length) throws IOException {
        try (PartFile file = created(length)) {
            write(file, 0, bytes);
            assertTrue(file.keep());
        }
    }
}
