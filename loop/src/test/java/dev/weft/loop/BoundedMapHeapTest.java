package dev.weft.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mapBounded} needs memory for its limit, not for its input: a million inputs in a heap of 64 MiB. */
class BoundedMapHeapTest {
    private static final int SECONDS = 15;

    @TempDir
    private Path directory;

    private static List<String> command(String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.add("--enable-native-access=ALL-UNNAMED");
        String carrier = System.getProperty("weft.carrier", "handoff");
        if (carrier.equals("inline")) {
            command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
        }
        command.add("-Dweft.carrier=" + carrier);
        // Surefire's own class path is a jar with a manifest; this is the real one.
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.add(MillionInputs.class.getName());
        command.addAll(List.of(args));
        return command;
    }

    private void assertRuns(String... args) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command(args))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertTrue(ended, () -> "not done after " + SECONDS + " seconds: " + printed);
        assertEquals(0, process.exitValue(), printed);
        assertTrue(printed.startsWith("bytes 1000000000, at once 100, on "), printed);
    }

    @Test
    void aMillionInputsAsTheyComplete() throws Exception {
        assertRuns();
    }

    @Test
    void aMillionInputsInOrder() throws Exception {
        assertRuns("in order");
    }
}
