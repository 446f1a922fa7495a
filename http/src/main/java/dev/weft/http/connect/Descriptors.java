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
    /** What a session may have where nothing is set and nothing is scarce. Source: aiohttp. */
    private static final int USUAL = 100;
    /** What else a program will open: jars as their classes are needed, name servers, the second address of a race. */
    private static final int RESERVE = 32;

    private Descriptors() {}

    /** The limit of connections where none is set: as many as there may be, but room is left for a file for each. */
    static int usualLimit() {
        try {
            String limits = Files.readString(LIMITS);
            try (Stream<Path> open = Files.list(OPEN)) {
                return usualLimit(limits, open.count());
            }
        } catch (IOException e) {
            return USUAL;
        }
    }

    /** The same from what the system says. Pure. */
    static int usualLimit(String limits, long open) {
        String soft = limits.lines()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+", 5)[3])
                .findFirst()
                .orElse("unlimited");
        if (soft.equals("unlimited")) {
            return USUAL;
        }
        long free = Long.parseLong(soft) - open - RESERVE;
        return Math.clamp(free / 2, 1, USUAL);
    }
}
