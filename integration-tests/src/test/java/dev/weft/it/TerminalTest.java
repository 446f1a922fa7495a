package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged {@code fetch} in a terminal, and what a person sees there. */
@Timeout(120)
class TerminalTest {
    private static final int SIZE = 4 << 20;
    private static final int DROP = 8 << 10;

    @TempDir
    Path work;

    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private HttpServer server;
    private Tmux terminal;

    /** {@code /drip/...} gives {@link #DROP} bytes every 50 ms of {@link #SIZE}, {@code /small/...} all of it at once; else there is nothing. */
    @BeforeEach
    void start() throws IOException, InterruptedException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/drip/", this::drip);
        server.createContext("/small/", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("small".getBytes());
            exchange.close();
        });
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        terminal = Tmux.start(work, 80, 24);
        Files.writeString(work.resolve("env"), "alias fetch=" + Fetch.program() + "\n");
        terminal.type(". ./env; clear");
        terminal.await("a clear screen", lines -> lines.size() == 1);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (terminal != null) {
            terminal.close();
        }
        server.stop(0);
        clock.shutdownNow();
        workers.shutdownNow();
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, SIZE);
        OutputStream body = exchange.getResponseBody();
        List<ScheduledFuture<?>> timer = new ArrayList<>();
        timer.add(clock.scheduleAtFixedRate(
                () -> {
                    try {
                        body.write(new byte[DROP]);
                        body.flush();
                    } catch (IOException e) {
                        exchange.close();
                        throw new IllegalStateException("the client is gone, which ends the timer", e);
                    }
                },
                0,
                50,
                TimeUnit.MILLISECONDS));
    }

    @Test
    void barsFitWhateverTheSizeAndTheTerminalIsLeftClean() throws IOException, InterruptedException {
        list("drip/a-file-with-quite-a-long-name.tar.gz", "drip/米饭米饭米饭.iso", "drip/c", "small/s", "missing");
        terminal.type("fetch -i list -d 'the files' -j 9");
        List<String> screen = terminal.await("bars", lines -> count(lines, "KiB/s") >= 4);
        assertBars(screen, 80);
        for (int width : new int[] {50, 120, 60, 100, 80}) {
            terminal.resize(width, 24);
            terminal.awaitOutput(5);
            assertBars(terminal.screen(), width);
        }
        terminal.resize(80, 10);
        terminal.awaitOutput(5);
        assertBars(terminal.screen(), 80);
        terminal.press("C-c");
        screen = terminal.await("prompt", lines -> lines.getLast().startsWith("ready"));
        assertEquals(0, count(screen, "==") + count(screen, "/5 files ") + count(screen, "^C"), text(screen));
        List<String> history = terminal.history();
        String goOn = "fetch: stopped; 3 files unfinished. Go on with: fetch -i list -d 'the files' -j 9";
        assertEquals(1, count(history, goOn), text(history));
        assertEquals(1, count(history, " ok  s "), text(history));
        assertEquals(1, count(history, "404 Not Found") - count(history, "1 x 404"), text(history));
        terminal.type("echo code $?");
        terminal.await("exit code", lines -> lines.contains("code 130"));
        terminal.type("echo " + "x".repeat(100));
        terminal.await(
                "lines that wrap again", lines -> lines.contains("x".repeat(80)) && lines.contains("x".repeat(20)));
    }

    /** From a full screen on: there nothing is left in the scrollback either. */
    @Test
    void narrowAndWideAgainLeavesNothingBehind() throws IOException, InterruptedException {
        list("drip/a-file-with-quite-a-long-name.tar.gz", "drip/米饭米饭米饭.iso", "drip/c", "small/s", "missing");
        terminal.type(
                "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do echo before-$i; done");
        terminal.type("fetch -i list -d files");
        terminal.await("bars", lines -> count(lines, "KiB/s") >= 4);
        for (int width : new int[] {50, 120, 70, 40, 100, 80}) {
            terminal.resize(width, 24);
            terminal.awaitOutput(5);
            assertBars(terminal.screen(), width);
            List<String> history = terminal.history();
            assertEquals(1, count(history, "/5 files"), text(history));
            assertEquals(25, count(history, "before-") - count(history, "echo"), text(history));
        }
        terminal.press("C-c");
        terminal.await("prompt", lines -> lines.getLast().startsWith("ready"));
        List<String> history = terminal.history();
        assertEquals(0, count(history, "=="), text(history));
        assertEquals(25, count(history, "before-") - count(history, "echo"), text(history));
    }

    @Test
    void thereAreNoMoreBarsThanRows() throws IOException, InterruptedException {
        String[] paths = new String[40];
        for (int i = 0; i < paths.length; i++) {
            paths[i] = "drip/file-" + i;
        }
        list(paths);
        terminal.type("fetch -i list -d files -j 40");
        List<String> screen = terminal.await("bars", lines -> count(lines, " + 20 more") == 1);
        assertEquals(20, count(screen, " file-"), text(screen));
        terminal.resize(80, 12);
        screen = terminal.await("fewer bars", lines -> count(lines, " + 32 more") == 1);
        assertEquals(8, count(screen, " file-"), text(screen));
        terminal.resize(80, 30);
        screen = terminal.await("more bars", lines -> count(lines, " + 14 more") == 1);
        assertEquals(26, count(screen, " file-"), text(screen));
        for (int width : new int[] {50, 80, 40, 120, 80}) {
            terminal.resize(width, 30);
            terminal.awaitOutput(5);
            screen = terminal.screen();
            assertEquals(26, count(screen, " file-"), text(screen));
            assertEquals(1, count(screen, " files "), text(screen));
        }
        terminal.press("C-c");
        terminal.await("prompt", lines -> lines.getLast().startsWith("ready"));
    }

    @Test
    void aShortRunDrawsNothing() throws IOException, InterruptedException {
        list("small/a", "small/b");
        terminal.type("fetch -i list -d files; echo code $?");
        List<String> screen = terminal.await("end", lines -> lines.contains("code 0"));
        // Where the first one begins depends on how quick the terminal was with the command itself.
        List<String> told = screen.stream()
                .filter(line -> line.contains(" ok  "))
                .map(line -> line.substring(line.indexOf(" ok  ")).substring(0, 6))
                .sorted()
                .toList();
        assertEquals(List.of(" ok  a", " ok  b"), told, text(screen));
        assertTrue(screen.stream().anyMatch(line -> line.startsWith("fetch: 2 of 2 files, 10 B in ")), text(screen));
        assertTrue(screen.stream().noneMatch(line -> line.contains("==>") || line.contains("eta")), text(screen));
    }

    /** One total, one line for each file, none of them wrapped, nothing left of an earlier size. */
    private static void assertBars(List<String> screen, int width) {
        assertEquals(1, count(screen, "/5 files"), text(screen));
        assertEquals(3, count(screen, "米") + count(screen, " a-") + count(screen, " c  "), text(screen));
        assertTrue(screen.getLast().contains("MiB"), text(screen));
        int total = 0;
        while (!screen.get(total).contains("/5 files")) {
            total++;
        }
        List<String> bars = screen.subList(total, screen.size());
        assertEquals(4, bars.size(), text(screen));
        assertFalse(bars.stream().anyMatch(line -> line.length() > width - 1), text(screen));
    }

    private static long count(List<String> screen, String part) {
        return screen.stream().filter(line -> line.contains(part)).count();
    }

    private static String text(List<String> screen) {
        return String.join("\n", screen);
    }

    private void list(String... paths) throws IOException {
        List<String> urls = new ArrayList<>();
        for (String path : paths) {
            urls.add("http://127.0.0.1:" + server.getAddress().getPort() + "/" + path);
        }
        Files.write(work.resolve("list"), urls);
    }
}
