package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A terminal with a shell in it, whose keys can be pressed and whose screen can be read: tmux, with a server of its own. One thread; a second
 * one only notices that something was written.
 */
final class Tmux implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/tmux");
    private static final int SECONDS = 30;

    private final Path socket;
    /** An element for every piece that was written to the screen. */
    private final LinkedBlockingQueue<Integer> written = new LinkedBlockingQueue<>();

    private Tmux(Path socket) {
        this.socket = socket;
    }

    /** Starts it, of this size; the test is skipped, saying so, where tmux is not installed. */
    static Tmux start(Path work, int columns, int rows) throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            System.out.println("SKIPPED: tmux is not installed (apt-get install tmux)");
        }
        assumeTrue(Files.isExecutable(PROGRAM), "tmux is not installed (apt-get install tmux)");
        Tmux tmux = new Tmux(work.resolve("tmux"));
        Path pipe = work.resolve("written");
        run(List.of("/usr/bin/mkfifo", pipe.toString()));
        tmux.tmux("new-session", "-d", "-x", "" + columns, "-y", "" + rows, "-c", work.toString(), shell());
        tmux.tmux("set-option", "-g", "window-size", "manual");
        Thread reader = new Thread(() -> tmux.notice(pipe), "tmux-output");
        reader.setDaemon(true);
        reader.start();
        tmux.tmux("pipe-pane", "-O", "cat > " + pipe);
        tmux.type("stty -echoctl; PS1='ready '");
        tmux.await("a prompt", screen -> screen.getLast().equals("ready"));
        tmux.type("clear");
        tmux.await("a clear screen", screen -> screen.size() == 1);
        return tmux;
    }

    /** Nothing of the environment but what the program is promised. */
    private static String shell() {
        return "env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 TERM=$TERM PS1= sh";
    }

    private void notice(Path pipe) {
        try (InputStream in = Files.newInputStream(pipe)) {
            byte[] buffer = new byte[65536];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                written.add(n);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line for the shell, or whatever reads the keyboard. */
    void type(String line) throws IOException, InterruptedException {
        tmux("send-keys", "-l", line);
        press("Enter");
    }

    /** A key by its name, as {@code C-c}. */
    void press(String key) throws IOException, InterruptedException {
        tmux("send-keys", key);
    }

    /** Makes the window so large. */
    void resize(int columns, int rows) throws IOException, InterruptedException {
        tmux("resize-window", "-x", "" + columns, "-y", "" + rows);
    }

    /** The lines of the screen, without what is blank at their right and below them. */
    List<String> screen() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(
                tmux("capture-pane", "-p").lines().map(String::stripTrailing).toList());
        while (!lines.isEmpty() && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    /** The lines of the screen and above it, those that were wrapped put together again. */
    List<String> history() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p", "-J", "-S", "-")
                .lines()
                .map(String::stripTrailing)
                .toList();
    }

    /** Waits until the screen is so, and gives it. */
    List<String> await(String what, Predicate<List<String>> condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        List<String> screen = screen();
        while (screen.isEmpty() || !condition.test(screen)) {
            if (written.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS) == null) {
                throw new AssertionError("no " + what + " on the screen:\n" + String.join("\n", screen));
            }
            written.clear();
            screen = screen();
        }
        return screen;
    }

    /** Waits for so many more pieces to be written. */
    void awaitOutput(int pieces) throws InterruptedException {
        written.clear();
        for (int i = 0; i < pieces; i++) {
            if (written.poll(SECONDS, TimeUnit.SECONDS) == null) {
                throw new AssertionError("nothing is written any more");
            }
        }
    }

    private String tmux(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(PROGRAM.toString(), "-u", "-f", "/dev/null", "-S", socket.toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("TMUX");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        tmux("kill-server");
    }
}
