package dev.weft.http.connect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How many files this process may open ({@code ulimit -n}): a connection is one. Read from Linux' {@code /proc}; where there is none,
 * nothing is known and nothing is clipped. The management beans would know on more systems, but take longer to load than a whole request.
 */
final class Descriptors {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path OPEN = Path.of("/proc/self/fd");
    /** What else a program will open: jars as their classes are needed, name servers, the second address of a race. */
    private static final int RESERVE = 32;

    private Descriptors() {}

    /** As many connections as are wanted, less where there may not be so many: room is left for a file for each. */
    static int most(int wanted) {
        try {
            String limits = Files.readString(LIMITS);
            try (Stream<Path> open = Files.list(OPEN)) {
                return most(wanted, limits, open.count());
            }
        } catch (IOException e) {
            return wanted;
        }
    }

    /** The same from what the system says. Pure. */
    static int most(int wanted, String limits, long open) {
        String soft = limits.lines()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+", 5)[3])
                .findFirst()
                .orElse("unlimited");
        if (soft.equals("unlimited")) {
            return wanted;
        }
        long free = Long.parseLong(soft) - open - RESERVE;
        return Math.clamp(free / 2, 1, wanted);
    }
}
