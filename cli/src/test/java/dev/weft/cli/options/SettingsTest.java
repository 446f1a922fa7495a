package dev.weft.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.download.Exists;
import dev.weft.http.message.HttpVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    Path directory;

    @Test
    void defaults() {
        Settings settings = parse("u");
        assertEquals(List.of("u"), settings.urls());
        assertEquals(32, settings.jobs());
        assertEquals(64, settings.jobs(64));
        assertEquals(8, settings.downloadsPerHost());
        assertEquals(16, settings.perHost());
        assertEquals(16, settings.segments());
        assertEquals(5, settings.retries());
        assertEquals(Set.of(), settings.retryStatuses());
        assertEquals(Duration.ofSeconds(30), settings.time(Option.TIMEOUT));
        assertEquals(Duration.ofSeconds(10), settings.time(Option.CONNECT_TIMEOUT));
        assertEquals(Duration.ZERO, settings.time(Option.MAX_TIME));
        assertEquals(0, settings.rate(Option.LIMIT_RATE));
        assertEquals(0, settings.requestsPerSecond());
        assertEquals(20, settings.number(Option.MAX_REDIRS));
        assertEquals(Exists.RESUME, settings.exists());
        assertEquals(Path.of(""), settings.directory());
        assertEquals("auto", settings.word(Option.PROGRESS));
        assertNull(settings.checksum());
        assertTrue(settings.isPlain());
        assertFalse(settings.json());
    }

    @Test
    void allAtOnce() {
        Settings settings = parse(
                "a",
                "-j64",
                "-d",
                "out",
                "b",
                "-i",
                "-",
                "--json",
                "-qx",
                "--progress=bars",
                "-s",
                "16",
                "--exists=update",
                "--limit-rate",
                "1.5M",
                "--rps=0.5",
                "--retry-on",
                "403,5xx,404-405",
                "-t2m",
                "--max-time",
                "500ms");
        assertEquals(List.of("a", "b"), settings.urls());
        assertEquals("-", settings.text(Option.INPUT));
        assertEquals(Path.of("out"), settings.directory());
        assertEquals(64, settings.jobs());
        assertTrue(settings.json());
        assertTrue(settings.flag(Option.QUIET));
        assertTrue(settings.flag(Option.TREE));
        assertEquals("bars", settings.word(Option.PROGRESS));
        assertEquals(16, settings.segments());
        assertEquals(Exists.UPDATE, settings.exists());
        assertEquals(1_572_864, settings.rate(Option.LIMIT_RATE));
        assertEquals(0.5, settings.requestsPerSecond());
        assertEquals(103, settings.retryStatuses().size());
        assertTrue(settings.retryStatuses().containsAll(Set.of(403, 404, 405, 500, 599)));
        assertEquals(Duration.ofMinutes(2), settings.time(Option.TIMEOUT));
        assertEquals(Duration.ofMillis(500), settings.time(Option.MAX_TIME));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            -j 64,                  64
            -j 2,                   16
            -s 12,                  12
            -s 4,                   8
            -j 64 --per-host 3,     3
            -s 12 --per-host 3,     3
            """)
    void jobsAndSegmentsGivenByHandLiftTheLimitPerHost(String line, int perHost) {
        assertEquals(perHost, parse((line + " u").split(" ")).perHost());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',                              '',        AUTO
            --http2,                         '',        HTTP_2
            --http2-prior-knowledge,         '',        HTTP_2
            --http1.1,                       '',        HTTP_1_1
            --http1.0,                       '',        HTTP_1_0
            '',                              http2,     HTTP_2
            --http1.1,                       http2,     HTTP_1_1
            --no-http2,                      http2,     AUTO
            '',                              http1.1,   HTTP_1_1
            """)
    void theVersionIsThatOfTheUppermostPlaceThatSaysOne(String line, String config, HttpVersion version) {
        Config read = Config.parse("config", config, "");
        assertEquals(
                version,
                Settings.of(Arguments.of((line + " u").strip().split(" ")), read, Map.of())
                        .version());
        Config host = Config.parse("config", "[host h]\n" + config, "");
        Settings settings = Settings.of(Arguments.of((line + " u").strip().split(" ")), host, Map.of());
        assertEquals(version, settings.forHost("h").version());
    }

    @Test
    void afterTwoDashesEverythingIsAUrl() {
        assertEquals(List.of("-q", "--jobs"), parse("--", "-q", "--jobs").urls());
    }

    @Test
    void theLastHolds_aFlagIsTakenBack_listsGrow() {
        Settings settings = parse(
                "-j1",
                "-j2",
                "-k",
                "--no-insecure",
                "--no-json",
                "--json",
                "--checksums",
                "a",
                "--checksums=b",
                "-H",
                "A: 1",
                "-H",
                "a: 2",
                "u");
        assertEquals(2, settings.jobs());
        assertFalse(settings.flag(Option.INSECURE));
        assertTrue(settings.json());
        assertEquals(List.of("a", "b"), settings.all(Option.CHECKSUMS));
        assertEquals(List.of(new HeaderLine("A", "1"), new HeaderLine("a", "2")), settings.headers());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -j 0                       | --jobs: '0' is no number from 1 to 65535
            -j 65536                   | --jobs: '65536' is no number from 1 to 65535
            -j -1                      | --jobs: '-1' is no number from 1 to 65535
            -j 1e3                     | --jobs: '1e3' is no number from 1 to 65535
            --retry=x                  | --retry: 'x' is no number from 0 to 65535
            -s many                    | --segments: 'many' is neither auto nor a number from 1 to 65535
            --limit-rate 5Q            | --limit-rate: '5Q' is no rate: bytes a second, as 500k, 5M or 1.5G
            --limit-rate 0.5           | --limit-rate: '0.5' is no rate: bytes a second, as 500k, 5M or 1.5G
            --limit-rate -5M           | --limit-rate: '-5M' is no rate: bytes a second, as 500k, 5M or 1.5G
            --limit-rate 1.2.3         | --limit-rate: '1.2.3' is no rate: bytes a second, as 500k, 5M or 1.5G
            --rps 0                    | --rps: '0' is no number of requests a second: as 10 or 0.5
            -t 1w                      | --timeout: '1w' is no time: seconds, or as 500ms, 1.5, 2m, 1h
            -t .                       | --timeout: '.' is no time: seconds, or as 500ms, 1.5, 2m, 1h
            --speed-time 0             | --speed-time: it must be more than 0
            --retry-on 200             | --retry-on: '200' is no status from 400 to 599, nor a range of them, as 403, 5xx or 520-530
            --retry-on 503,            | --retry-on: '' is no status from 400 to 599, nor a range of them, as 403, 5xx or 520-530
            --retry-on 530-520         | --retry-on: '530-520' is no status from 400 to 599, nor a range of them, as 403, 5xx or 520-530
            --exists no                | --exists: 'no' is none of skip, resume, update, rename, overwrite, fail
            --progress=no              | --progress: 'no' is none of auto, bars, lines, none
            --tls-min 1.1              | --tls-min: '1.1' is none of 1.2, 1.3
            --checksum crc:00          | --checksum: no checksum: "crc:00"; it is written as sha256:HEX, with md5, sha1, sha224, sha256, sha384 or sha512
            -X HEAD                    | --method: what answers HEAD has no body to save
            -X connect                 | --method: CONNECT is for proxies: --proxy
            -X G@T                     | --method: 'G@T' is no method: GET, POST, PUT, ...
            -d ''                      | --dir: its value is empty
            --proxy ftp://secret:pw@x  | --proxy: "***@x" is no proxy: its scheme "ftp" is none of http, https, socks4, socks4a, socks5, socks5h
            --noproxy 10.0.0.0/99      | --noproxy: the entry "10.0.0.0/99" is no host, address or range: what stands behind the / is not a number from 0 to 32
            --pinnedpubkey md5//x      | --pinnedpubkey: cannot pin by md5: it must be sha256/...
            --resolve a:80             | --resolve: 'a:80' is not HOST:PORT:ADDRESS, as example.com:443:127.0.0.1
            --resolve a:80:b           | --resolve: 'a:80:b' is not HOST:PORT:ADDRESS, as example.com:443:127.0.0.1: 'b' is no address
            --resolve a:0:1.1.1.1      | --resolve: '0' is no number from 1 to 65535
            -H nothing                 | --header: no colon in it: a header is 'Name: value', or @FILE
            -H 'a b: c'                | --header: what stands before the colon is no header's name: letters, digits and - as a rule
            -H :x                      | --header: no name before the colon: a header is 'Name: value', or @FILE
            """)
    void aWrongValueIsToldWithWhatIsAllowed(String said, String message) {
        String[] words = said.split(" ", 2);
        String[] args = words.length == 1
                ? new String[] {words[0], "u"}
                : new String[] {words[0], words[1].replace("'", ""), "u"};
        assertEquals(
                message, assertThrows(UsageException.class, () -> parse(args)).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --json -w x u                     | --json and --write-out contradict each other: both are for standard output
            -u a --bearer b u                 | --user and --bearer contradict each other: a request has one Authorization
            -4 -6 u                           | --ipv4 and --ipv6 contradict each other: each excludes the other's addresses
            --http1.1 --http2 u               | --http1.1 and --http2 contradict each other: a request has one version
            --http1.0 --http2 u               | --http1.0 and --http2 contradict each other: a request has one version
            -q -v u                           | --quiet and --verbose contradict each other: the one tells less, the other more
            -k --cacert f u                   | --insecure and --cacert contradict each other: the one trusts anyone, the other only some
            -o f -J u                         | --output and --remote-name contradict each other: the one names the file, the other lets the server
            -o - u v                          | -o - is for one URL: the files would run into each other
            -o - -i f                         | -o - is for one URL: the files would run into each other
            -o - --json u                     | -o - and --json contradict each other: all goes to standard output
            --checksum md5:00000000000000000000000000000000 u v | --checksum is for one URL: --checksums has those of several
            -T f u v                          | --upload-file is for one URL
            --key f u                         | --key needs --cert: a key proves nothing without its certificate
            --speed-time 3 u                  | --speed-time needs --speed-limit: what is measured over that time?
            --digest u                        | --digest needs --user: whose password?
            --no-glob -i f                    | --no-glob is for URLs of the command line: those of a list are taken as they are anyway
            --data x -s 4 u                   | --segments and POST contradict each other: only a GET can be asked for in parts
            -X PUT --exists update u          | --exists update and --method PUT contradict each other: only a GET can be gone on with
            --data @- -i -                    | --data @- and --input - both read standard input
            --config f --no-config u          | --config and --no-config contradict each other: the one reads a file, the other none
            --demo u                          | --demo takes no URLs
            --demo -i f                       | --demo takes no URLs
            -                                 | - is no URL: -i - reads URLs from standard input
            -q                                | no URL given
            """)
    void aContradictionIsNamed(String line, String message) {
        UsageException e = assertThrows(UsageException.class, () -> parse(line.split(" ")));
        assertEquals(message, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-k --no-insecure --cacert f u",
                "--data x -s 1 u",
                "-X POST --exists overwrite u",
                "--demo -j 4",
                "-o x u v"
            })
    void whatOnlyLooksLikeOneIsTaken(String line) {
        assertNotNull(parse(line.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            u,                      GET,  true,  5, 16
            -X get u,               GET,  true,  5, 16
            -X DELETE u,            DELETE, false, 0, 1
            --data a=b u,           POST, false, 0, 1
            --data a=b -r3 u,       POST, false, 3, 1
            -X PUT --data a u,      PUT,  false, 0, 1
            -T f u,                 PUT,  false, 0, 1
            --compressed u,         GET,  false, 5, 1
            """)
    void whatIsNoPlainGetComesInOnePiece(String line, String method, boolean plain, int retries, int segments) {
        Settings settings = parse(line.split(" "));
        assertEquals(method, settings.method());
        assertEquals(plain, settings.isPlain());
        assertEquals(retries, settings.retries());
        assertEquals(segments, settings.segments());
        assertEquals(settings.isGet() ? Exists.RESUME : Exists.OVERWRITE, settings.exists());
        assertEquals(Exists.SKIP, parse((line + " --exists skip").split(" ")).exists());
    }

    @Test
    void secretsComeFromFilesAndTheEnvironment_theCommandLineWins() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "me:s3cret\nmore\n");
        assertEquals("me:s3cret", text(parse("-u", "@" + file, "u")));
        assertEquals("x:y", text(Settings.of(Arguments.of("u"), Config.NONE, Map.of("FETCH_USER", "x:y"))));
        assertEquals("a", text(Settings.of(Arguments.of("-u", "a", "u"), Config.NONE, Map.of("FETCH_USER", "x:y"))));
        Settings settings = Settings.of(Arguments.of("--bearer", "t", "u"), Config.NONE, Map.of("FETCH_USER", "x:y"));
        assertEquals(Option.BEARER, settings.uppermost(Option.USER, Option.BEARER));
        Path headers =
                Files.writeString(directory.resolve("h"), "# mine\r\nX-Key: s3cret\r\n\r\nAccept:\r\nX-Empty;\r\n");
        assertEquals(
                List.of(
                        new HeaderLine("X-Key", "s3cret"),
                        new HeaderLine("Accept", null),
                        new HeaderLine("X-Empty", "")),
                parse("-H", "@" + headers, "u").headers());
    }

    @Test
    void secretsAreNotShown() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "\ns3cret\n");
        Path headers = Files.writeString(directory.resolve("h"), "X-Key: ok\ns3cret\n");
        Path binary = Files.write(directory.resolve("b"), new byte[] {'s', '3', 'c', 'r', 'e', 't', (byte) 0xff});
        for (String[] args : new String[][] {
            {"--bearer", "@" + empty, "u"},
            {"--bearer", "@" + binary, "u"},
            {"-H", "@" + headers, "u"},
            {"-H", "Authorization s3cret", "u"},
            {"-H", "X: s3cret\u0001", "u"},
            {"--proxy", "foo://me:s3cret@host", "u"},
            {"--proxy", "http://me:s3cret@host:99999", "u"},
            {"--bearrer=s3cret", "u"},
            {"-u", "a:s3cret", "--bearer", "s3cret", "u"}
        }) {
            UsageException e = assertThrows(UsageException.class, () -> parse(args));
            assertFalse((e.getMessage() + e.hint()).contains("s3cret"), e.getMessage());
        }
        Settings settings = parse("-u", "a:s3cret", "-H", "X: s3cret", "u");
        assertEquals("***", String.valueOf(settings.secret(Option.USER)));
        assertEquals("[X]", settings.headers().toString());
    }

    @Test
    void filesThatCannotBeReadAreTold() {
        UsageException e = assertThrows(UsageException.class, () -> parse("-u", "@" + directory.resolve("none"), "u"));
        assertEquals(
                "--user: cannot read " + directory.resolve("none") + ": no such file or directory", e.getMessage());
        e = assertThrows(
                UsageException.class,
                () -> Settings.of(
                        Arguments.of("u"), Config.NONE, Map.of("FETCH_BEARER", "@" + directory.resolve("none"))));
        assertEquals(
                "environment variable FETCH_BEARER: cannot read " + directory.resolve("none")
                        + ": no such file or directory",
                e.getMessage());
    }

    @Test
    void anUnknownOptionGetsAHint() {
        assertEquals("did you mean --per-host?", hint("--per-hst", "4", "u"));
        assertEquals("that is --per-host here", hint("--parallel-max-host", "4", "u"));
        assertEquals("HTTP/2 is the newest that it speaks", hint("--http3", "u"));
        assertEquals("fetch --help", hint("--xyzzy", "u"));
        assertEquals("fetch --help speed", hint("-j", "u"));
    }

    @Test
    void helpAndTheLikeHoldWhateverElseIsSaid() {
        assertEquals(Option.HELP, Arguments.of("-j", "x", "--help").instead());
        assertEquals("speed", Arguments.of("--help", "speed").word());
        assertEquals("", Arguments.of("-qh").word());
        assertEquals(Option.VERSION, Arguments.of("-V", "-j0").instead());
        assertEquals("zsh", Arguments.of("--completion=zsh").word());
    }

    @Test
    void valuesStandWhereOneExpectsThem() {
        assertEquals("-", parse("-o-", "u").text(Option.OUTPUT));
        assertEquals("-", parse("-o", "-", "u").text(Option.OUTPUT));
        assertEquals("a=b", parse("--data=a=b", "u").text(Option.DATA));
        assertEquals("", parse("--agent=", "u").text(Option.AGENT));
        assertEquals("", parse("-A", "", "u").text(Option.AGENT));
        assertEquals(List.of(new HeaderLine("K", "v")), parse("-HK: v", "u").headers());
        assertEquals(
                List.of(new HeaderLine("K", "-j 3")), parse("-H", "K:-j 3", "u").headers());
        assertEquals(64, parse("-qxj64", "u").jobs());
        assertEquals(List.of("a", "b"), parse("a", "-q", "b").urls());
        assertEquals(List.of("http://h/?a=-q"), parse("http://h/?a=-q").urls());
    }

    @Test
    void anArgumentWithAnAtIsAUrlAndNoFileOfArguments() throws IOException {
        Path file = Files.writeString(directory.resolve("args"), "-q");
        assertEquals(List.of("@" + file), parse("@" + file).urls());
    }

    private static String hint(String... args) {
        return assertThrows(UsageException.class, () -> parse(args)).hint();
    }

    private static String text(Settings settings) {
        Secret secret = settings.secret(Option.USER);
        assertNotNull(secret);
        return secret.text();
    }

    private static Settings parse(String... args) {
        return Settings.of(Arguments.of(args), Config.NONE, Map.of());
    }
}
