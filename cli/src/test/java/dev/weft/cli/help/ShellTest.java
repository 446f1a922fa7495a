package dev.weft.cli.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.cli.options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completions in the shells that they are for, and the man page in groff: what the programs make of them. */
@Timeout(60)
class ShellTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir
    Path directory;

    @Test
    void everyOptionIsInEach() {
        String page = ManPage.of("1.0");
        String bash = Completions.of("bash");
        String zsh = Completions.of("zsh");
        String fish = Completions.of("fish");
        for (Option option : Option.values()) {
            for (String name : option.names()) {
                assertTrue(page.contains("\\fB" + name.replace("-", "\\-") + "\\fR"), name);
                assertTrue(bash.matches("(?s).*'(\\S+ )*" + name + "[ '].*"), name);
                assertTrue(zsh.contains("'*" + name) || zsh.contains(")" + name), name);
                assertTrue(
                        fish.contains(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.charAt(1)),
                        name);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            fetch --pro,                       --proxy --progress
            fetch --exists,                    --exists
            fetch --exists = '',               skip resume update rename overwrite fail
            fetch --exists '',                 skip resume update rename overwrite fail
            fetch --exists = re,               resume rename
            fetch -q --completion z,           zsh
            fetch --help spe,                  speed
            fetch --user '',                   ''
            fetch -i pl,                       plain.txt
            fetch -i a,                        'a b.txt'
            fetch -d '',                       sub
            fetch http,                        ''
            """)
    void bashCompletes(String words, String replies) throws Exception {
        Files.createFile(directory.resolve("plain.txt"));
        Files.createFile(directory.resolve("a b.txt"));
        Files.createDirectory(directory.resolve("sub"));
        Path script = Files.writeString(directory.resolve(".fetch.bash"), Completions.of("bash"));
        run("bash", "-n", script.toString());
        String line = "set -u; . " + script + "; COMP_WORDS=(" + words
                + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _fetch; " + "echo \"${COMPREPLY[*]-}\"";
        assertEquals(replies, run("bash", "--norc", "-c", line).strip());
    }

    @Test
    void bashHasItCompleteFetch() throws Exception {
        String line = "eval \"$1\"; complete -p fetch";
        assertEquals(
                "complete -F _fetch fetch",
                run("bash", "--norc", "-c", line, "bash", Completions.of("bash"))
                        .strip());
    }

    @Test
    void zshTakesIt() throws Exception {
        Files.writeString(directory.resolve("_fetch"), Completions.of("zsh"));
        run("zsh", "-n", directory.resolve("_fetch").toString());
        Files.createFile(directory.resolve("plain.txt"));
        // In a terminal of its own, whose screen is read until what is expected has come.
        String line = """
                zmodload zsh/zpty
                zpty z zsh -f -i
                zpty -w z "stty columns 200; PS1=; fpath=($PWD \\$fpath); autoload -U compinit; compinit -u -d $PWD/dump; print re''ady"
                zpty -r z told '*ready*'
                zpty -w -n z $'fetch --exists=upd\\t'
                zpty -r z told '*update*'
                zpty -w -n z $'--prog\\t'
                zpty -r z told '*--progress*'
                zpty -w -n z $'=li\\t -i pl\\t'
                zpty -r z told '*lines*plain.txt*'
                zpty -d z
                print done
                """;
        assertEquals("done\n", run("zsh", "-f", "-c", line));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            fetch --exists=,          --exists=fail --exists=overwrite --exists=rename --exists=resume --exists=skip --exists=update
            fetch --pro,              --progress --proxy
            fetch -q --tls-min 1.,    1.2 1.3
            """)
    void fishCompletes(String words, String replies) throws Exception {
        Path script = Files.writeString(directory.resolve("fetch.fish"), Completions.of("fish"));
        run("fish", "--no-config", "-n", script.toString());
        String line = "source " + script + "; complete -C '" + words + "' | cut -f 1 | sort";
        List<String> told = run("fish", "--no-config", "-c", line).lines().toList();
        assertEquals(replies, String.join(" ", told));
    }

    @Test
    void groffHasNothingToSayAgainstTheManPage() throws Exception {
        Path page = Files.writeString(directory.resolve("fetch.1"), ManPage.of("1.0"));
        String text = run("groff", "-ww", "-man", "-Tutf8", "-P-cbou", page.toString());
        assertTrue(text.contains("fetch - download many URLs at once"), text);
        assertTrue(text.contains("--exists HOW"), text);
        assertTrue(text.contains("~/.netrc"), text);
        assertTrue(text.contains("'K: V'"), text);
        assertTrue(text.contains("fetch 'https://host/p[001-100].jpg' -o 'p#1.jpg'"), text);
    }

    @Test
    void allIsWrittenWhereASystemLooksForIt() throws IOException {
        Share.write(directory, "1.0");
        assertTrue(Files.readString(directory.resolve("share/man/man1/fetch.1")).contains("fetch 1.0"));
        assertEquals(
                Completions.of("bash"), Files.readString(directory.resolve("share/bash-completion/completions/fetch")));
        assertEquals(Completions.of("zsh"), Files.readString(directory.resolve("share/zsh/site-functions/_fetch")));
        assertEquals(
                Completions.of("fish"),
                Files.readString(directory.resolve("share/fish/vendor_completions.d/fetch.fish")));
    }

    /** What a program writes; the test is skipped where it is missing, and fails where the program says anything on standard error. */
    private String run(String... command) throws IOException, InterruptedException {
        assumeTrue(isInstalled(command[0]), () -> command[0] + " is not installed: apt-get install " + command[0]);
        Path errors = directory.resolve(".errors");
        Path output = directory.resolve(".output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(Map.of("HOME", directory.toString(), "LC_ALL", "C.UTF-8", "TERM", "xterm"));
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(ended, () -> command[0] + " does not end");
        String text = Files.readString(output);
        assertEquals("", Files.readString(errors));
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    private static boolean isInstalled(String program) {
        for (String place : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(place, program))) {
                return true;
            }
        }
        return false;
    }
}
