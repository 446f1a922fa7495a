package dev.weft.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a server has sent and its clients have not read: it is in the buffers of the system, and lost if they are killed. Linux alone tells it; 0
 * elsewhere. Any thread.
 */
final class InFlight {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private InFlight() {}

    /** Of all connections to a port. Source: proc_net_tcp.rst of the kernel's documentation. */
    static long bytes(int port) throws IOException {
        String suffix = ":%04X".formatted(port);
        long bytes = 0;
        for (Path table : TABLES) {
            for (String line : Files.exists(table) ? Files.readAllLines(table) : List.<String>of()) {
                String[] fields = line.strip().split("\\s+");
                String[] queues = fields[4].split(":");
                if (queues.length < 2) {
                    continue;
                }
                if (fields[1].endsWith(suffix)) {
                    bytes += Long.parseLong(queues[0], 16);
                } else if (fields[2].endsWith(suffix)) {
                    bytes += Long.parseLong(queues[1], 16);
                }
            }
        }
        return bytes;
    }
}
