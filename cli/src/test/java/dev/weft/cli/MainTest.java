package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                  | no URL given                                                | fetch --help
            --bogus u           | unknown option: '--bogus'                                   | fetch --help
            -j 0 u              | --jobs: '0' is no number from 1 to 65535                    | fetch --help speed
            -L u                | unknown option: '-L' | redirects are followed unless --max-redirs 0 says otherwise
            --demo u            | --demo takes no URLs                                        | fetch --help
            u -i                | --input: its value is missing: --input FILE                 | fetch --help input
            --help x            | --help: there is no topic 'x' | topics are input, output, speed, trouble, request, network, report, all
            """)
    void wrongUsageIsToldInOneLineWithAHint(String line, String message, String hint) {
        assertEquals(ExitCode.USAGE, run(line.isEmpty() ? new String[0] : line.split(" ")));
        assertEquals("fetch: " + message + "\nhint: " + hint + "\n", text(err));
        assertEquals("", text(out));
    }

    @Test
    void aMistypedOptionIsGuessed() {
        assertEquals(ExitCode.USAGE, run("--per-hst", "4", "u"));
        assertTrue(text(err).contains("hint: did you mean --per-host?"), text(err));
    }

    @Test
    void whatIsToldCannotPaint() {
        assertEquals(ExitCode.USAGE, run("--\u001b[2J", "u"));
        assertTrue(text(err).startsWith("fetch: unknown option: '--\\u001b[2J'"), text(err));
    }

    @Test
    void helpAndVersionGoToStandardOutput() {
        assertEquals(ExitCode.DONE, run("-h"));
        String help = text(out);
        for (String option : new String[] {
            "-i, --input", "-d, --dir", "-j, --jobs", "--per-host", "--json", "--progress", "-q,", "--demo"
        }) {
            assertTrue(help.contains(option), option);
        }
        assertTrue(help.lines().allMatch(line -> line.length() <= 110), help);
        assertTrue(help.contains("130 interrupted"), help);
        out.reset();
        assertEquals(ExitCode.DONE, run("-V"));
        assertTrue(text(out).startsWith("fetch "), text(out));
        assertEquals("", text(err));
    }

    @Test
    void aDirectoryThatCannotBeMadeIsToldAndIsTheDisksFault(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertEquals(ExitCode.DISK, run("-d", file.toString(), "http://127.0.0.1:1/a"));
        assertEquals("fetch: cannot make directory " + file + ": it exists and is no directory\n", text(err));
    }

    @Test
    void aListThatIsNotThereIsToldAndIsTheDisksFault(@TempDir Path directory) {
        Path list = directory.resolve("none");
        assertEquals(ExitCode.DISK, run("-d", directory.toString(), "-i", list.toString()));
        assertEquals(
                "fetch: cannot read " + list + ": no such file or directory\nfetch: 0 of 0 files, 0 B in 0.00 s\n",
                text(err).replaceAll("in [0-9.]+ s", "in 0.00 s"));
    }

    @Test
    void anEmptyListIsDone(@TempDir Path directory) throws IOException {
        Path list = Files.writeString(directory.resolve("list"), "# nothing\n\n");
        Path files = directory.resolve("a/b");
        assertEquals(ExitCode.DONE, run("-d", files.toString(), "-i", list.toString(), "-q"));
        assertEquals("", text(err));
        assertTrue(Files.isDirectory(files));
    }

    private int run(String... args) {
        return Main.run(
                Map.of(),
                args,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
