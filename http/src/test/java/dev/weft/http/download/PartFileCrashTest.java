package dev.weft.http.download;

import static dev.weft.http.download.Pattern.assertRight;
import static dev.weft.http.download.Pattern.names;
import static dev.weft.http.download.Pattern.origin;
import static dev.weft.http.download.Pattern.write;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a crash, a loss of power or another program has left: what the next run takes for right is right. */
@Timeout(120)
class PartFileCrashTest {
    private static final int MIB = 1 << 20;
    private static final long LENGTH = 20_000;

    @TempDir
    Path directory;

    @TempDir
    Path copies;

    private Path target;
    private Path part;
    private Path journal;

    @BeforeEach
    void nameThem() {
        target = directory.resolve("f");
        part = directory.resolve(".f.part");
        journal = directory.resolve(".f.part.journal");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16})
    void aKillAtAnyMomentCostsOneMebibyteAtMost(int segments) throws IOException {
        int each = 3 * MIB / segments;
        long length = (long) each * segments;
        Random random = new Random(segments);
        long[] at = new long[segments];
        try (PartFile file = requireNonNull(PartFile.create(target))) {
            file.begin(origin(length));
            for (int step = 0; !file.have().isWhole(length); step++) {
                int i = random.nextInt(segments);
                long start = (long) i * each + at[i];
                long size = Math.min(each - at[i], 1 + random.nextInt(40_000));
                if (size > 0) {
                    write(file, start, start + size);
                    at[i] += size;
                }
                if (step % 8 == 0) {
                    assertLittleIsLost(file.have().total());
                }
            }
        }
    }

    private void assertLittleIsLost(long written) throws IOException {
        try (PartFile copy = PartFile.open(copy(), true)) {
            long had = copy.have().total();
            assertTrue(written - had <= MIB, () -> written + " bytes were written, " + had + " are known");
            assertRight(copy);
        }
    }

    /** Both files as they are at this moment, under the same names elsewhere. */
    private Path copy() throws IOException {
        for (String name : names(directory)) {
            Files.copy(directory.resolve(name), copies.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        return copies.resolve("f");
    }

    /** A pair with many ranges, the second half of the file before the first. */
    private void leave() throws IOException {
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Journal notes = Journal.create(journal, origin(LENGTH))) {
            for (long start : new long[] {10_000, 11_000, 0, 13_000, 1000, 2000, 19_990}) {
                long end = Math.min(LENGTH, start + 1000);
                byte[] bytes = Pattern.bytes(start, end);
                file.write(ByteBuffer.wrap(bytes), start);
                java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
                crc.update(bytes);
                notes.wrote(start, end, (int) crc.getValue());
            }
        }
    }

    @Test
    void aJournalMayEndAtAnyByte() throws IOException {
        leave();
        byte[] whole = Files.readAllBytes(journal);
        long before = 0;
        for (int size = 0; size <= whole.length; size++) {
            Path copy = copy();
            Files.write(copies.resolve(".f.part.journal"), Arrays.copyOf(whole, size));
            try (PartFile file = PartFile.open(copy, true)) {
                assertRight(file);
                assertTrue(file.have().total() >= before, "a longer journal says less");
                before = file.have().total();
                if (before > 0) {
                    // What comes now must not be joined to half a line.
                    write(file, 5000, 6000);
                    assertTrue(file.keep());
                }
            }
            if (before > 0) {
                try (PartFile file = PartFile.open(copy, true)) {
                    assertEquals(before + 1000, file.have().total());
                    assertRight(file);
                }
            }
        }
        assertEquals(6010, before);
    }

    @Test
    void aPartMayEndAtAnyByte() throws IOException {
        leave();
        byte[] whole = Files.readAllBytes(part);
        for (int size = 0; size <= whole.length; size += 97) {
            Path copy = copy();
            Files.write(copies.resolve(".f.part"), Arrays.copyOf(whole, size));
            try (PartFile file = PartFile.open(copy, true)) {
                assertRight(file);
                assertTrue(file.have().end() <= size);
            }
        }
    }

    @Test
    void damageCostsNoMoreThanItsRange() throws IOException {
        leave();
        byte[] damaged = Files.readAllBytes(part);
        damaged[11_500] ^= 1;
        Files.write(part, damaged);
        try (PartFile file = PartFile.open(target, true)) {
            assertEquals(
                    "[Range[start=0, end=3000], Range[start=10000, end=11000], "
                            + "Range[start=13000, end=14000], Range[start=19990, end=20000]]",
                    file.have().toString());
            for (ByteRanges.Range gap : file.have().gaps(LENGTH)) {
                write(file, gap.start(), gap.end());
            }
            assertTrue(file.keep());
        }
        try (PartFile file = PartFile.open(target, true)) {
            assertTrue(file.have().isWhole(LENGTH));
            file.commit(true, null, false);
        }
        assertArrayEquals(Pattern.bytes(0, LENGTH), Files.readAllBytes(target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x 1000 12345678",
                "0 0 12345678",
                "1000 0 12345678",
                "-1 1000 12345678",
                "0 1000 1234567",
                "0 1000 1234567g",
                "0 1000",
                "0 1000 12345678 9",
                "0 20001 12345678",
                "0 99999999999999999999 12345678",
                "",
                "\u0000\u0000\u0000",
            })
    void aLineThatIsNoneSpoilsAllUnlessItIsTheLast(String line) throws IOException {
        leave();
        String good = Files.readString(journal);
        Files.writeString(journal, good + line + "\n");
        try (PartFile file = PartFile.open(copy(), true)) {
            assertEquals(6010, file.have().total());
            assertRight(file);
        }
        Files.writeString(journal, good + line + "\n0 1000 12345678\n");
        try (PartFile file = PartFile.open(target, true)) {
            assertNull(file.origin());
            assertEquals(0, file.have().total());
            assertEquals(List.of(".f.part"), names(directory));
        }
        assertEquals(List.of(), names(directory));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "weft part 2\n", "weft part 1\nranges\n", "weft part 1\nurl ftp://h/\nranges\n", "{}\n"})
    void aHeadThatIsNoneSpoilsAll(String head) throws IOException {
        leave();
        String good = Files.readString(journal);
        Files.writeString(journal, head + good.substring(good.indexOf("ranges\n") + 7));
        try (PartFile file = PartFile.open(target, true)) {
            assertNull(file.origin());
            assertEquals(0, file.have().total());
        }
    }

    @Test
    void noneOfTheTwoIsOfUseAlone() throws IOException {
        leave();
        Files.delete(journal);
        try (PartFile file = PartFile.open(target, true)) {
            assertNull(file.origin());
            assertEquals(0, file.have().total());
        }
        leave();
        Files.delete(part);
        try (PartFile file = requireNonNull(PartFile.create(target))) {
            // Else it would be taken for a journal of what is written now.
            assertEquals(List.of(".f.part"), names(directory));
        }
    }

    @Test
    void aJournalOfWhatNobodyCanGoOnWithIsNone() throws IOException {
        leave();
        String text = Files.readString(journal);
        Files.writeString(journal, text.replace("etag \"v1\"", "etag W/\"v1\"").replace("strong-date yes\n", ""));
        try (PartFile file = PartFile.open(target, true)) {
            assertNull(file.origin());
            assertEquals(0, file.have().total());
        }
    }

    @Test
    void aCrashBetweenItsTwoNamesCostsNothing() throws IOException {
        leave();
        // As where a new name is given: by a link, before the old name is taken away.
        Files.createLink(target, part);
        byte[] before = Files.readAllBytes(target);
        try (PartFile file = PartFile.open(target, true)) {
            assertEquals(0, file.have().total());
            file.begin(origin(5));
            write(file, 0, 5);
            assertArrayEquals(before, Files.readAllBytes(target));
            file.commit(true, null, false);
        }
        assertEquals(List.of("f"), names(directory));
    }
}
