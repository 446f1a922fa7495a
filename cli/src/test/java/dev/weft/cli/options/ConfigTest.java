package dev.weft.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
    private static final String FILE = """
            # mine
            jobs = 64
            insecure
              header = X-All: 1
            header = X-Both: all
            timeout=5

            [host api.example.com]
            bearer = t0ken
            header = X-Both: host
            per-host = 2
            [host *.example.com other.org]
            rps = 5
            timeout = 1m
            """;

    @TempDir
    Path directory;

    @Test
    void linesAndSections() {
        Settings settings = settings(FILE, "u");
        assertEquals(64, settings.jobs());
        assertTrue(settings.flag(Option.INSECURE));
        assertEquals(64, settings.perHost());
        assertNull(settings.secret(Option.BEARER));
        assertSame(settings, settings.forHost("example.com"));

        Settings api = settings.forHost("API.example.com");
        assertEquals("t0ken", String.valueOf(secret(api)));
        assertEquals(2, api.perHost());
        assertEquals(5, api.requestsPerSecond());
        assertEquals(Duration.ofMinutes(1), api.time(Option.TIMEOUT));
        assertEquals(List.of(new HeaderLine("X-All", "1"), new HeaderLine("X-Both", "host")), api.headers());
        assertTrue(api.isForHost(Option.USER, Option.BEARER));
        assertSame(api, settings.forHost("api.example.com"));

        Settings other = settings.forHost("other.org");
        assertFalse(other.isForHost(Option.USER, Option.BEARER));
        assertEquals(5, other.requestsPerSecond());
        assertEquals(64, settings.mostPerHost());
    }

    @Test
    void theCommandLineWins() {
        Settings settings = settings(
                FILE, "-j2", "--no-insecure", "-t", "9", "-H", "x-both: line", "-u", "me", "--per-host", "5", "u");
        assertEquals(2, settings.jobs());
        assertFalse(settings.flag(Option.INSECURE));
        Settings api = settings.forHost("api.example.com");
        assertEquals(Duration.ofSeconds(9), api.time(Option.TIMEOUT));
        assertEquals(5, api.perHost());
        assertEquals(List.of(new HeaderLine("X-All", "1"), new HeaderLine("x-both", "line")), api.headers());
        assertEquals(Option.USER, api.uppermost(Option.USER, Option.BEARER));
        assertFalse(api.isForHost(Option.USER, Option.BEARER));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jobs = 0                 | f:1: jobs: '0' is no number from 1 to 65535
            jobs                     | f:1: jobs: it is written as jobs = N
            insecure = yes           | f:1: insecure: it is written as insecure, without a value
            nonsense                 | f:1: there is no option 'nonsense'
            j = 3                    | f:1: there is no option 'j'
            input = f                | f:1: input is for the command line alone
            demo                     | f:1: demo is for the command line alone
            [hosts x]                | f:1: '[hosts x]' is no section: [host example.com] or [host *.example.com]
            [host ]                  | f:1: '[host ]' is no section: [host example.com] or [host *.example.com]
            [host a*b]               | f:1: 'a*b' is no host: a * stands for all below a host, as *.example.com
            [host *x]                | f:1: '*x' is no host: a * stands for all below a host, as *.example.com
            [host http://x]          | f:1: 'http://x' is no host: a name or an address, without scheme, port or path
            [host x:80]              | f:1: 'x:80' is no host: a name or an address, without scheme, port or path
            [host x]/jobs = 3        | f:2: jobs holds for all hosts: it belongs above the first [host ...]
            [host x]/cacert=/user=@n | f:2: cacert: its value is empty
            json/write-out = x       | --json and --write-out contradict each other: both are for standard output
            """)
    void whatIsWrongIsToldWithFileAndLine(String lines, String message) {
        String text = lines.contains("://") ? lines : lines.replace('/', '\n');
        assertEquals(
                message,
                assertThrows(UsageException.class, () -> settings(text, "u")).getMessage());
    }

    @Test
    void secretsAreNotShown() {
        for (String text :
                List.of("header = s3cret", "proxy = x://me:s3cret@host", "bearer = @/none\nuser = a:s3cret")) {
            String message = assertThrows(UsageException.class, () -> settings(text, "u"))
                    .getMessage();
            assertFalse(message.contains("s3cret"), message);
        }
    }

    @Test
    void aTildeIsTheHomeDirectory() throws IOException {
        Files.writeString(directory.resolve("token"), "t0ken\n");
        Config config = Config.parse("f", "bearer = @~/token\ncacert = ~/a\nagent = ~/b\n", directory.toString());
        Settings settings = Settings.of(Arguments.of("u"), config, Map.of());
        assertEquals("t0ken", secret(settings));
        assertEquals(directory.resolve("a"), settings.path(Option.CACERT));
        assertEquals("~/b", settings.text(Option.AGENT));
    }

    @Test
    void theUsersOwnIsFoundByTheEnvironment() throws IOException {
        Path file = directory.resolve("fetch/config");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "jobs = 3\n");
        Map<String, String> xdg = Map.of("XDG_CONFIG_HOME", directory.toString(), "HOME", "/nowhere");
        assertEquals(3, Settings.of(Arguments.of("u"), xdg).jobs());
        assertEquals(32, Settings.of(Arguments.of("--no-config", "u"), xdg).jobs());
        assertEquals(32, Settings.of(Arguments.of("u"), Map.of()).jobs());
        assertEquals(Path.of("/h/.config/fetch/config"), Config.usual(Map.of("HOME", "/h", "XDG_CONFIG_HOME", "rel")));
    }

    @Test
    void theOneThatIsNamedHasToBeThere() throws IOException {
        Path file = Files.writeString(directory.resolve("c"), "jobs = 3\r\n");
        assertEquals(
                3,
                Settings.of(Arguments.of("--config", file.toString(), "u"), Map.of())
                        .jobs());
        String none = directory.resolve("none").toString();
        UsageException e =
                assertThrows(UsageException.class, () -> Settings.of(Arguments.of("--config", none, "u"), Map.of()));
        assertEquals("cannot read " + none + ": no such file or directory", e.getMessage());
    }

    private static String secret(Settings settings) {
        Secret secret = settings.secret(Option.BEARER);
        return secret == null ? "" : secret.text();
    }

    private static Settings settings(String text, String... args) {
        return Settings.of(Arguments.of(args), Config.parse("f", text, ""), Map.of());
    }
}
