package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged {@code fetch}, run as a person runs it: with nothing on the standard input and no JDK on the path. */
final class Fetch implements AutoCloseable {
    private static final Path PROGRAM =
            Path.of(System.getProperty("weft.fetch", System.getProperty("weft.root") + "/cli/target/fetch/bin/fetch"));
    private static final Duration LONGEST = Duration.ofSeconds(120);

    /** What a run left: its exit code, what it printed, and how long it took. */
    record Result(int exitCode, String out, String err, Duration took) {
        /** What it printed for people, hints aside. */
        List<String> errorLines() {
            return err.lines().filter(line -> !line.startsWith("hint:")).toList();
        }
    }

    private final Process process;
    private final Path printed;
    private final long start = System.nanoTime();

    private Fetch(Process process, Path printed) {
        this.process = process;
        this.printed = printed;
    }

    /** Runs it to its end. */
    static Result run(Path directory, List<String> arguments) throws IOException, InterruptedException {
        return run(directory, "", arguments);
    }

    /** Runs it to its end, with this on its standard input. */
    static Result run(Path directory, String input, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(arguments);
        try (Fetch fetch = start(directory, input, command)) {
            return fetch.await(LONGEST);
        }
    }

    /** Runs a line of shell to its end; in it {@code "$@"} is the command with its arguments. */
    static Result shell(Path directory, String line, List<String> arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", line, "sh", program().toString()));
        command.addAll(arguments);
        try (Fetch fetch = start(directory, "", command)) {
            return fetch.await(LONGEST);
        }
    }

    /** Starts it, and does not wait. */
    static Fetch start(Path directory, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(arguments);
        return start(directory, "", command);
    }

    /** Where it is. */
    static Path program() throws IOException {
        assertTrue(Files.isExecutable(PROGRAM), () -> PROGRAM + " is missing: mvn package makes it");
        return PROGRAM.toRealPath();
    }

    private static Fetch start(Path directory, String input, List<String> command) throws IOException {
        Path printed = Files.createTempDirectory("fetch");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Files.writeString(printed.resolve("in"), input).toFile())
                .redirectOutput(printed.resolve("out").toFile())
                .redirectError(printed.resolve("err").toFile());
        builder.environment().put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return new Fetch(builder.start(), printed);
    }

    /** SIGKILL: it has no time for anything. */
    void kill() {
        process.destroyForcibly();
    }

    /** @param name of the signal, {@code INT} for example */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Waits for its end, which has to come within so much time. */
    Result await(Duration longest) throws IOException, InterruptedException {
        boolean ended = process.waitFor(longest.toNanos(), TimeUnit.NANOSECONDS);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Result result = new Result(ended ? process.exitValue() : -1, read("out"), read("err"), took);
        assertTrue(ended, () -> "fetch did not end within " + longest + ": " + result);
        assertFalse(result.err().contains("Exception in thread"), () -> "it broke: " + result);
        return result;
    }

    private String read(String name) throws IOException {
        return Files.readString(printed.resolve(name), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        for (String name : List.of("in", "out", "err")) {
            Files.deleteIfExists(printed.resolve(name));
        }
        Files.deleteIfExists(printed);
    }
}
