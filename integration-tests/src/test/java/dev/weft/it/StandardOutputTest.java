package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged {@code fetch} and who reads its standard output. */
@Timeout(60)
class StandardOutputTest {
    @TempDir
    Path work;

    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    /** {@code /small} is there, {@code /stuck} and {@code /endless} never end, and else there is nothing. */
    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/small", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("small".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.createContext("/stuck", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().flush();
        });
        server.createContext("/endless", exchange -> {
            byte[] block = "a".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, Long.MAX_VALUE / 2);
            while (true) {
                // Until the client hangs up.
                exchange.getResponseBody().write(block);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        workers.shutdownNow();
    }

    @Test
    void aReaderThatIsGoneEndsTheRunQuietly() throws IOException, InterruptedException {
        assertEquals(
                "141\n",
                shell("fetch --json " + url("/small") + " " + url("/stuck") + " | true; echo ${PIPESTATUS[0]}"));
        assertEquals("", err());
    }

    @Test
    void aFileThatNobodyReadsToItsEndEndsAtOnceAndQuietly() throws IOException, InterruptedException {
        String read = shell("fetch -o - " + url("/endless") + " | head -c 5; echo ${PIPESTATUS[0]}");
        assertEquals("aaaaa141\n", read);
        assertEquals("", err());
        assertEquals("small", shell("fetch -o - " + url("/small")));
    }

    @Test
    void aReaderThatTakesALineHasIt() throws IOException, InterruptedException {
        String line = shell("fetch --json " + url("/small") + " | head -n 1");
        assertTrue(line.startsWith("{\"v\":1,\"url\":\"" + url("/small") + "\","), line);
    }

    @Test
    void aFullDiskIsNotAReaderThatIsGone() throws IOException, InterruptedException {
        assertEquals("3\n", shell("fetch -q --json " + url("/small") + " > /dev/full; echo $?"));
        assertEquals("fetch: cannot write to standard output\n", err());
    }

    /** A reader that is slow gets every line, and the downloads need not wait for it. */
    @Test
    void aSlowReaderGetsAll() throws IOException, InterruptedException {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 1500; i++) {
            list.append(url("/small/" + i)).append('\n');
        }
        Files.writeString(work.resolve("list"), list);
        String counted = shell(
                "fetch -q --json -i list -d files | { read -r first; while [ $(ls files | wc -l) -lt 1000 ]; do :; done; wc -l; }");
        assertEquals("1500", counted.strip());
    }

    private String shell(String command) throws IOException, InterruptedException {
        String fetch = "fetch() { " + Fetch.program() + " \"$@\"; }; ";
        Process process = new ProcessBuilder("/bin/bash", "-c", fetch + command)
                .directory(work.toFile())
                .redirectError(work.resolve("err").toFile())
                .start();
        try {
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            return out;
        } finally {
            process.destroyForcibly();
        }
    }

    private String err() throws IOException {
        return Files.readString(work.resolve("err"));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }
}
