package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.h2.H2Frame;
import dev.weft.http.h2.H2Peer;
import dev.weft.http.h2.H2Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a waiting request costs: thousands of them fit into a little heap. Each in a JVM of its own, with the carrier of this one. */
@Timeout(120)
class LittleHeapTest {
    private static final int TASKS = 10_000;
    private static final int CONNECTIONS = 100;
    private static final int SECONDS = 100;

    @TempDir
    private Path directory;

    private void assertFit(String heap, String url, String version) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        String carrier = System.getProperty("weft.carrier", "handoff");
        if (carrier.equals("inline")) {
            command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
        }
        command.add("-Dweft.carrier=" + carrier);
        // Surefire's own class path is a jar with a manifest; this is the real one.
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(List.of(ManyTasks.class.getName(), url, version, Integer.toString(TASKS)));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertTrue(ended, () -> "not done after " + SECONDS + " seconds: " + printed);
        assertEquals(0, process.exitValue(), printed);
        assertTrue(printed.contains("read " + 3 * TASKS * 2 + " bytes"), printed);
    }

    /** Most of them wait for their turn. */
    @Test
    void tenThousandTasksThroughAHundredConnections() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            assertFit("64m", server.url("/"), "HTTP_1_1");
            assertEquals(CONNECTIONS, server.connections());
        }
    }

    /** Every request is answered when all of them are pending. */
    @Test
    void tenThousandStreamsOnAHundredConnections() throws Exception {
        CyclicBarrier pending = new CyclicBarrier(CONNECTIONS);
        byte[] opening = H2Frame.settings(H2Frame.MAX_CONCURRENT_STREAMS, TASKS / CONNECTIONS)
                .bytes();
        H2Peer.Script script = peer -> {
            while (true) {
                List<Integer> streams = new ArrayList<>();
                for (int i = 0; i < TASKS / CONNECTIONS; i++) {
                    var request = peer.request();
                    if (request == null) {
                        return;
                    }
                    streams.add(request.streamId());
                }
                pending.await(SECONDS, TimeUnit.SECONDS);
                for (int stream : streams) {
                    peer.answer(stream, "ok");
                }
            }
        };
        try (H2Server server = H2Server.startTls(opening, script, raw -> {})) {
            assertFit("96m", server.url("/"), "HTTP_2");
            assertEquals(CONNECTIONS, server.connections());
        }
    }
}
