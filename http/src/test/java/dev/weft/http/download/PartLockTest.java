package dev.weft.http.download;

import static dev.weft.http.download.Pattern.names;
import static dev.weft.http.download.Pattern.origin;
import static dev.weft.http.download.Pattern.write;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several that want one file at the same time, in one process and in two, and what lies in the way. */
@Timeout(60)
class PartLockTest {
    private static final int BIG = 300 << 10;

    @TempDir
    Path directory;

    private Path target;

    @BeforeEach
    void nameIt() {
        target = directory.resolve("f");
    }

    @Test
    void twoInOneProcessDoNotMix() throws IOException {
        try (PartFile one = begun(PartFile.open(target, true));
                PartFile two = begun(PartFile.open(target, true));
                PartFile three = begun(requireNonNull(PartFile.create(target)))) {
            assertEquals(3, names(directory).size());
            write(one, 0, BIG);
            write(two, 0, 5000);
            write(three, 0, BIG);
            assertFalse(three.keep());
            assertEquals(3, names(directory).size(), "two parts, one journal");
            write(two, 5000, BIG);
            two.commit(true, null, false);
            one.commit(true, null, false);
        }
        assertArrayEquals(Pattern.bytes(0, BIG), Files.readAllBytes(target));
        assertEquals(List.of("f"), names(directory));
    }

    @Test
    void anotherPathToTheSameFileIsTheSameFile(@TempDir Path elsewhere) throws IOException {
        Path alias = Files.createSymbolicLink(elsewhere.resolve("alias"), directory);
        try (PartFile one = begun(PartFile.open(target, true));
                PartFile two = begun(PartFile.open(alias.resolve("f"), true))) {
            write(one, 0, 1000);
            write(two, 0, 10);
            assertEquals(2, names(directory).size());
            // The lock of the first must not have been lost by a look at its file.
            try (Other other = new Other(target)) {
                assertEquals("false", other.answer());
            }
            assertTrue(one.keep());
        }
        assertTrue(names(directory).containsAll(List.of(".f.part", ".f.part.journal")));
    }

    @Test
    void whatAnotherProcessWritesIsNotTouched() throws IOException {
        try (Other other = new Other(target)) {
            assertEquals("true", other.answer());
            assertEquals(List.of(".f.part", ".f.part.journal"), names(directory));
            byte[] before = Files.readAllBytes(directory.resolve(".f.part"));
            try (PartFile mine = begun(PartFile.open(target, true))) {
                assertEquals(0, mine.have().total());
                write(mine, 0, BIG);
                mine.commit(true, null, false);
            }
            assertArrayEquals(before, Files.readAllBytes(directory.resolve(".f.part")));
            assertEquals(List.of(".f.part", ".f.part.journal", "f"), names(directory));
            other.kill();
        }
        // Now it is nobody's any more.
        try (PartFile mine = PartFile.open(target, true)) {
            assertTrue(mine.have().total() > 0);
            Pattern.assertRight(mine);
        }
    }

    @Test
    void theLockIsHeldUntilTheEnd() throws IOException {
        try (PartFile mine = begun(requireNonNull(PartFile.create(target)))) {
            write(mine, 0, BIG);
            try (Other other = new Other(target)) {
                assertEquals("false", other.answer());
            }
            Pattern.assertRight(mine);
        }
    }

    /** Between the opening of a file and its lock another process may have finished it, and begun the next. */
    @Test
    void aFileThatHasItsLastNameIsNotTakenForTheUnfinishedOne() throws IOException {
        Path part = directory.resolve(".f.part");
        for (boolean next : new boolean[] {false, true}) {
            FileChannel waiting = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            if (next) {
                Files.createFile(part);
            }
            assertNull(PartLock.locked(part, waiting, true));
            assertFalse(waiting.isOpen());
        }
        try (FileChannel waiting = FileChannel.open(part, StandardOpenOption.WRITE)) {
            PartLock lock = requireNonNull(PartLock.locked(part, waiting, true));
            lock.release();
        }
    }

    @Test
    void processesThatContendLeaveOneOfTheirFiles() throws IOException {
        List<Other> all = new ArrayList<>();
        try {
            for (int seed = 1; seed <= 3; seed++) {
                all.add(new Other(Contender.class, target.toString(), Integer.toString(seed), "150"));
            }
            for (Other other : all) {
                assertEquals("right", other.answer());
            }
        } finally {
            all.forEach(Other::close);
        }
    }

    @Test
    void aLinkInTheWayIsNotFollowed() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "precious");
        Files.createSymbolicLink(directory.resolve(".f.part"), precious);
        FileSystemException e = assertThrows(FileSystemException.class, () -> PartFile.open(target, true));
        assertTrue(e.getMessage().contains("it is in the way, and no file"), e.getMessage());
        assertEquals("precious", Files.readString(precious));
        Files.delete(directory.resolve(".f.part"));
        // A mistake must not have taken the name.
        PartFile.open(target, true).close();
        assertEquals(List.of("precious"), names(directory));
    }

    @Test
    void aDirectoryInTheWayIsTold() throws IOException {
        Files.createDirectory(directory.resolve(".f.part"));
        assertThrows(FileSystemException.class, () -> PartFile.open(target, true));
    }

    @Test
    void aFileWithAnotherNameBesidesIsNotWritten() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "precious");
        Files.createLink(directory.resolve(".f.part"), precious);
        try (PartFile mine = begun(PartFile.open(target, true))) {
            write(mine, 0, BIG);
            mine.commit(true, null, false);
        }
        assertEquals("precious", Files.readString(precious));
        assertEquals(List.of("f", "precious"), names(directory));
    }

    private static PartFile begun(PartFile file) throws IOException {
        file.begin(origin(BIG));
        return file;
    }

    /** Another process, which opens the file, writes some of it, and waits, or does what its class says. */
    private static final class Other implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Other(Path target) throws IOException {
            this(OtherWriter.class, target.toString());
        }

        Other(Class<?> main, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    place(Pattern.class)
                            + File.pathSeparator
                            + place(PartFile.class)
                            + File.pathSeparator
                            + place(Asyncio.class),
                    main.getName()));
            command.addAll(List.of(arguments));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
        }

        private static String place(Class<?> type) {
            return type.getProtectionDomain().getCodeSource().getLocation().getPath();
        }

        /** Whether it has the shared name. */
        String answer() throws IOException {
            return String.valueOf(out.readLine());
        }

        void kill() {
            process.destroyForcibly();
            process.onExit().join();
        }

        @Override
        public void close() {
            kill();
        }
    }
}
