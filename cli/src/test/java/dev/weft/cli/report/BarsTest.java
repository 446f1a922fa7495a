package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarsTest {
    private static final long MIB = 1 << 20;
    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    @Test
    void aUsualView() {
        Board board = new Board(
                List.of(
                        row("ubuntu-24.04.iso", 1126 * MIB, OptionalLong.of(2662 * MIB), 41 * MIB),
                        row(
                                "planet-latest-of-the-whole-world.osm.pbf",
                                205 * MIB,
                                OptionalLong.of(1126 * MIB),
                                38.2 * MIB),
                        row("stream.bin", 5 * MIB, UNKNOWN, 0)),
                12,
                1,
                OptionalLong.of(200),
                1946 * MIB,
                OptionalLong.of(4301 * MIB),
                96.4 * MIB);
        assertEquals(
                List.of(
                        " 12/200 files  1 failed  1.9/4.2 GiB  ==============>------------------   45%  96.4 MiB/s  eta 0:25",
                        " ubuntu-24.04.iso                   ========>------------        1.1/2.6 GiB    41.0 MiB/s     0:38",
                        " planet-latest-o...e-world.osm.pbf  ===>-----------------        0.2/1.1 GiB    38.2 MiB/s     0:25",
                        " stream.bin                                                          5.0 MiB         0 B/s"),
                Bars.lines(board, 100, 24));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            100 | ' a-long-name.tar.gz  ==================>-----------------        1.0/2.0 MiB     1.0 MiB/s     0:01'
             70 | ' a-long-name.tar.gz  ===>--        1.0/2.0 MiB     1.0 MiB/s     0:01'
             50 | ' a-long....tar.gz  =====>-----        1.0/2.0 MiB'
             30 | ' a-l....gz        1.0/2.0 MiB'
             20 | ' a-....gz  ====>---'
              5 | ' ...'
            """)
    void whatThereIsNoRoomForIsLeftOut(int width, String line) {
        Board board = board(row("a-long-name.tar.gz", MIB, OptionalLong.of(2 * MIB), MIB));
        assertEquals(line, Bars.lines(board, width, 24).get(1));
    }

    @Test
    void theTotalGoesByBytesElseByFilesElseByNothing() {
        assertEquals(
                " 1/4 files  1.0/2.0 MiB  =============>-------------   50%  1.0 MiB/s  eta 0:01",
                total(4, 2 * MIB, 80));
        assertEquals(
                " 1/4 files  1.0 MiB  ==========>-----------------------------   25%  1.0 MiB/s", total(4, -1, 80));
        assertEquals(" 1 file  1.0 MiB  1.0 MiB/s", total(-1, -1, 80));
        assertEquals(" 1/4 files  1.0/2.0 MiB", total(4, 2 * MIB, 40));
    }

    private static String total(long files, long bytes, int width) {
        OptionalLong all = files < 0 ? UNKNOWN : OptionalLong.of(files);
        OptionalLong total = bytes < 0 ? UNKNOWN : OptionalLong.of(bytes);
        return Bars.lines(new Board(List.of(), 1, 0, all, MIB, total, MIB), width, 24)
                .getFirst();
    }

    @Test
    void noMoreRowsThanTheTerminalHasRoomFor() {
        Board.Row[] rows = new Board.Row[30];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row("file" + i, 0, UNKNOWN, 0);
        }
        List<String> lines = Bars.lines(board(rows), 80, 10);
        assertEquals(1 + 6 + 1, lines.size());
        assertTrue(lines.get(6).startsWith(" file5"), lines.toString());
        assertEquals(" + 24 more", lines.getLast());
        assertEquals(1, Bars.lines(board(rows), 80, 3).size());
        assertEquals(List.of(" + 30 more"), Bars.lines(board(rows), 80, 4).subList(1, 2));
        assertEquals(31, Bars.lines(board(rows), 80, 33).size());
    }

    @ParameterizedTest
    @CsvSource({"0, >---------", "0.05, >---------", "0.1, =>--------", "0.99, =========>", "1, =========="})
    void bar(double fraction, String bar) {
        assertEquals(bar, Bars.bar(fraction, 10));
    }

    /** Whatever the numbers and the size: nothing wraps, nothing scrolls, nothing throws. Seeded. */
    @Test
    void alwaysFits() {
        Random random = new Random(7);
        String[] names = {"a", "米饭".repeat(30), "some-file.bin", "x".repeat(200), "😀.jpg"};
        for (int i = 0; i < 5000; i++) {
            int width = 1 + random.nextInt(200);
            int height = 1 + random.nextInt(40);
            List<Board.Row> rows = new ArrayList<>();
            for (int j = random.nextInt(50); j > 0; j--) {
                rows.add(row(
                        names[random.nextInt(names.length)],
                        size(random),
                        maybe(random),
                        random.nextDouble() * size(random)));
            }
            Board board = new Board(
                    rows, size(random), size(random), maybe(random), size(random), maybe(random), size(random));
            List<String> lines = Bars.lines(board, width, height);
            assertTrue(lines.size() <= Math.max(1, height - 1), () -> lines.size() + " lines in " + height);
            for (String line : lines) {
                assertTrue(Columns.of(line) <= Math.max(1, width - 1), () -> "<" + line + "> in " + width);
            }
        }
    }

    private static long size(Random random) {
        return random.nextLong(1L << random.nextInt(62) + 1);
    }

    private static OptionalLong maybe(Random random) {
        return random.nextBoolean() ? OptionalLong.of(size(random)) : UNKNOWN;
    }

    private static Board board(Board.Row... rows) {
        return new Board(List.of(rows), 0, 0, UNKNOWN, 0, UNKNOWN, 0);
    }

    private static Board.Row row(String name, long bytes, OptionalLong total, double rate) {
        return new Board.Row(name, bytes, total, rate);
    }
}
