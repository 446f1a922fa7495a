package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged {@code fetch}, run as a person runs it. */
final class Fetch {
    private static final Path PROGRAM =
            Path.of(System.getProperty("weft.fetch", System.getProperty("weft.root") + "/cli/target/fetch/bin/fetch"));

    /** What a run left: its exit code and what it printed. */
    record Result(int exitCode, String out, String err) {}

    private Fetch() {}

    /** Runs it to its end, with nothing on the standard input and no JDK on the path. */
    static Result run(Path directory, List<String> arguments) throws IOException, InterruptedException {
        return run(directory, "", arguments);
    }

    static Result run(Path directory, String input, List<String> arguments) throws IOException, InterruptedException {
        assertTrue(Files.isExecutable(PROGRAM), () -> PROGRAM + " is missing: mvn package makes it");
        List<String> command = new ArrayList<>(List.of(PROGRAM.toRealPath().toString()));
        command.addAll(arguments);
        Path out = Files.createTempFile("fetch", ".out");
        Path err = Files.createTempFile("fetch", ".err");
        Path in = Files.writeString(Files.createTempFile("fetch", ".in"), input);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            Result result = new Result(
                    ended ? process.exitValue() : -1,
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
            assertTrue(ended, () -> "fetch did not end within 120 s: " + result);
            return result;
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
            Files.delete(in);
        }
    }
}
