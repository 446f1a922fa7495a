package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarsTest {
    private static final long MIB = 1 << 20;
    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    @Test
    void aUsualView() {
        Board.Total total = new Board.Total(
                12, 1, OptionalLong.of(200), 0.6, 1946 * MIB, OptionalLong.of(4301 * MIB), UNKNOWN, 96.4 * MIB);
        List<Board.Row> rows = List.of(
                new Board.Row("ubuntu-24.04.iso", 1126 * MIB, OptionalLong.of(2662 * MIB), 41 * MIB, 8, null),
                new Board.Row(
                        "planet-latest-of-the-whole-world.osm.pbf",
                        205 * MIB,
                        OptionalLong.of(1126 * MIB),
                        38.2 * MIB,
                        4,
                        null),
                row("stream.bin", 5 * MIB, UNKNOWN, 0),
                waiting("data/0944.json", "waits 3 s (429, try 2 of 6)"));
        assertEquals("""
                 12/200 files  1 failed  1.9/4.2 GiB  =====>-------   45%  96.4 MiB/s  eta 0:25
                 ubuntu-24.04.iso         =====>------  1.1/2.6 GiB  41.0 MiB/s   0:38  8 parts
                 planet-lat...ld.osm.pbf  ==>---------  0.2/1.1 GiB  38.2 MiB/s   0:25  4 parts
                 stream.bin                                 5.0 MiB       0 B/s
                 data/0944.json           waits 3 s (429, try 2 of 6)
                 + 20 more""", text(new Board(total, rows, 20, 40), 80));
        assertEquals("""
                 12/200 files  1 failed  1.9/4.2 GiB  ==================>---------------------   45%  96.4 MiB/s  eta 0:25
                 ubuntu-24.04.iso                          ================>-----------------------  1.1/2.6 GiB  41.0 MiB/s   0:38  8 parts
                 planet-latest-of-the-whole-world.osm.pbf  =======>--------------------------------  0.2/1.1 GiB  38.2 MiB/s   0:25  4 parts
                 stream.bin                                                                              5.0 MiB       0 B/s
                 data/0944.json                            waits 3 s (429, try 2 of 6)
                 + 20 more""", text(new Board(total, rows, 20, 40), 140));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            100 | ' a-long-name.tar.gz  ====================>-------------------  1.0/2.0 MiB   1.0 MiB/s   0:01'
             70 | ' a-long-name.tar.gz  ========>-------  1.0/2.0 MiB   1.0 MiB/s   0:01'
             50 | ' a-lon...tar.gz  ===>---  1.0/2.0 MiB   1.0 MiB/s'
             30 | ' a-....gz  1.0/2.0 MiB   0:01'
            """)
    void whatThereIsNoRoomForIsLeftOut(int width, String line) {
        Board board = board(row("a-long-name.tar.gz", MIB, OptionalLong.of(2 * MIB), MIB));
        assertEquals(line, Bars.lines(board, width).get(1).text());
    }

    @Test
    void theTotalGoesByBytesElseByFilesElseByNothing() {
        assertEquals(
                " 1/4 files  1.0/2.0 MiB  =============>-------------   50%  1.0 MiB/s  eta 0:01",
                total(4, 2 * MIB, -1, 80));
        assertEquals(
                " 1/4 files  1.0 MiB  ===============>------------------------   37%  1.0 MiB/s  eta ~0:05",
                total(4, -1, 6 * MIB, 90));
        assertEquals(
                " 1/4 files  1.0 MiB  ===============>------------------------   37%  1.0 MiB/s", total(4, -1, -1, 80));
        assertEquals(" 1 file  1.0 MiB  1.0 MiB/s", total(-1, -1, -1, 80));
        assertEquals(" 1/4 files  1.0/2.0 MiB  1.0 MiB/s", total(4, 2 * MIB, -1, 40));
        assertEquals(" 1/4 files  1.0/2.0 MiB", total(4, 2 * MIB, -1, 30));
    }

    private static String total(long files, long bytes, long guess, int width) {
        Board.Total total = new Board.Total(1, 0, known(files), 0.5, MIB, known(bytes), known(guess), MIB);
        return Bars.lines(new Board(total, List.of(), 0, 8), width).getFirst().text();
    }

    private static OptionalLong known(long value) {
        return value < 0 ? UNKNOWN : OptionalLong.of(value);
    }

    @ParameterizedTest
    @CsvSource({"24, 5, 5", "24, 21, 21", "24, 22, 20", "10, 30, 6", "4, 1, 1", "4, 2, 0", "3, 9, 0", "1, 0, 0"})
    void noMoreRowsThanTheTerminalHasRoomFor(int height, int downloads, int room) {
        assertEquals(room, Bars.room(height, downloads));
    }

    @Test
    void onlyTroubleHasColour() {
        Board.Row asks = new Board.Row("a", 0, UNKNOWN, 0, 0, new Board.Note("waits for the answer", false));
        List<Line> lines = Bars.lines(board(asks, waiting("b", "waits 3 s")), 80);
        assertEquals(
                List.of("", " a         waits for the answer", " b         \u001b[33mwaits 3 s\u001b[39m"),
                List.of("", lines.get(1).painted(true), lines.get(2).painted(true)));
    }

    @ParameterizedTest
    @CsvSource({"0, >---------", "0.05, >---------", "0.1, =>--------", "0.99, =========>", "1, =========="})
    void bar(double fraction, String bar) {
        assertEquals(bar, Bars.bar(fraction, 10));
    }

    /** Whatever the numbers and the size: nothing wraps, nothing throws. Seeded. */
    @Test
    void alwaysFits() {
        Random random = new Random(7);
        String[] names = {"a", "米饭".repeat(30), "some-file.bin", "x".repeat(200), "😀.jpg"};
        for (int i = 0; i < 5000; i++) {
            int width = 1 + random.nextInt(200);
            List<Board.Row> rows = new ArrayList<>();
            for (int j = random.nextInt(50); j > 0; j--) {
                String name = names[random.nextInt(names.length)];
                rows.add(
                        random.nextInt(5) == 0
                                ? waiting(name, "waits 3 s (connection reset by peer, try 2 of 6)")
                                : new Board.Row(
                                        name,
                                        size(random),
                                        maybe(random),
                                        random.nextDouble() * size(random),
                                        random.nextInt(20),
                                        null));
            }
            Board.Total total = new Board.Total(
                    size(random),
                    size(random),
                    maybe(random),
                    random.nextDouble(),
                    size(random),
                    maybe(random),
                    maybe(random),
                    size(random));
            Board board = new Board(total, rows, random.nextInt(3), 1 + random.nextInt(100));
            for (Line line : Bars.lines(board, width)) {
                assertTrue(Columns.of(line.text()) <= Math.max(1, width - 1), () -> "<" + line + "> in " + width);
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
        Board.Total total = new Board.Total(0, 0, UNKNOWN, 0, 0, UNKNOWN, UNKNOWN, 0);
        int longest =
                Stream.of(rows).mapToInt(row -> Columns.of(row.name())).max().orElse(8);
        return new Board(total, List.of(rows), 0, Math.max(8, longest));
    }

    private static Board.Row row(String name, long bytes, OptionalLong total, double rate) {
        return new Board.Row(name, bytes, total, rate, 1, null);
    }

    private static Board.Row waiting(String name, String words) {
        return new Board.Row(name, 0, UNKNOWN, 0, 0, new Board.Note(words, true));
    }

    private static String text(Board board, int width) {
        // A text block keeps no margin of its own.
        return Bars.lines(board, width).stream()
                .map(line -> line.text().substring(1))
                .collect(Collectors.joining("\n"));
    }
}
