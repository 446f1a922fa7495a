package dev.weft.cli.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.weft.cli.download.Failure.Kind;
import dev.weft.cli.input.FailedList;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.name.Naming;
import dev.weft.cli.name.Template;
import dev.weft.http.ClientSession;
import dev.weft.http.download.Checksum;
import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the files of a run go, and what its list says of each; against a real server on loopback. */
@Timeout(20)
class DownloadsNamesTest {
    @TempDir
    Path outside;

    private final RecordingObserver log = new RecordingObserver();
    private Path directory;
    private Site site;

    @BeforeEach
    void start() throws IOException {
        directory = Files.createDirectory(outside.resolve("in"));
        site = new Site();
        // What comes back is what was asked for.
        site.handle("/", exchange -> Site.answer(exchange, 200, asked(exchange)));
        site.handle("/missing", exchange -> Site.answer(exchange, 404, new byte[0]));
    }

    private static byte[] asked(HttpExchange exchange) {
        return exchange.getRequestURI().toString().getBytes(StandardCharsets.UTF_8);
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void twoUrlsOfOneNameBecomeTwoFilesAndAWarning() throws IOException {
        Site.run(plan(null, false, false), log, site.url("/one/x.txt"), site.url("/two/X.TXT"));
        assertEquals(List.of("X.1.TXT", "x.txt"), Site.files(directory));
        assertEquals("/two/X.TXT", read("X.1.TXT"));
        assertEquals(List.of("X.TXT -> X.1.TXT for " + site.url("/two/X.TXT")), log.renamed);
    }

    @Test
    void aTreeAndATemplate() throws IOException {
        Site.run(plan(null, true, false), log, site.url("/a/{b,c}/x"), site.url("/a"), site.url("/"));
        String host = site.url("").substring("http://".length()).replace(':', '_');
        assertEquals(List.of(host + "/a.1", host + "/a/b/x", host + "/a/c/x", host + "/index"), Site.files(directory));
        Site.run(plan("t/#1-{n}/{stem}.{ext}", false, false), log, site.url("/{p,q}/x.tar.gz"));
        assertTrue(Site.files(directory).containsAll(List.of("t/p-1/x.tar.gz", "t/q-2/x.tar.gz")));
        Site.run(plan(outside + "/abs/{name}", false, false), log, site.url("/y"));
        assertEquals("/y", Files.readString(outside.resolve("abs/y")));
    }

    @Test
    void theServerNamesItsFiles() throws IOException {
        site.handle("/get", exchange -> {
            exchange.getResponseHeaders().set("Content-Disposition", "attachment; filename=\"../r.iso\"");
            Site.answer(exchange, 200, asked(exchange));
        });
        site.handle("/away", exchange -> {
            exchange.getResponseHeaders().set("Location", "/final/f.bin");
            Site.answer(exchange, 302, new byte[0]);
        });
        site.handle("/page/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            Site.answer(exchange, 200, asked(exchange));
        });
        String[] urls = {site.url("/get/1"), site.url("/get/2"), site.url("/away"), site.url("/page/")};
        Site.run(plan(null, false, true), log, urls);
        assertEquals(List.of("f.bin", "index.html", "r.1.iso", "r.iso"), Site.files(directory));
        assertEquals("/get/2", read("r.1.iso"));
        assertEquals(List.of("r.iso -> r.1.iso for " + site.url("/get/2")), log.renamed);
        assertEquals("f.bin", log.of(site.url("/away")).name());
    }

    @Test
    void aListSaysWhatHoldsOfEach() throws IOException {
        site.handle("/echo", exchange -> {
            var headers = exchange.getRequestHeaders();
            String said = headers.get("X-a") + " " + headers.get("User-agent") + " " + headers.get("Referer");
            Site.answer(exchange, 200, said.getBytes(StandardCharsets.UTF_8));
        });
        String right = new Checksum(Algorithm.SHA256, sha256("/right")).toString();
        Site.runList(
                plan(null, false, false),
                log,
                site.url("/echo") + "\n  header=X-A: 1\n  header=X-A: 2\n  user-agent=me\n  referer=http://r/\n"
                        + site.url("/missing/m") + "\t" + site.url("/mirror/m") + "\tsub/m.bin\n"
                        + site.url("/right") + "\n  checksum=" + right + "\n  dir=sums\n"
                        + site.url("/wrong") + "\n  checksum=" + right + "\n"
                        + site.url("/wrong2") + "#sha256=" + sha256("/right") + "\n"
                        + "{\"url\":\"" + site.url("/json") + "\",\"name\":\"../j\"}\n");
        assertEquals(List.of("echo", "j", "sub/m.bin", "sums/right"), visible());
        assertEquals("[1, 2] [me] [http://r/]", read("echo"));
        assertEquals("/mirror/m", read("sub/m.bin"));
        assertTrue(log.of(site.url("/right")).downloaded().verified());
        assertEquals(Kind.CHECKSUM, log.of(site.url("/wrong")).failure().kind());
        assertEquals(
                Kind.CHECKSUM,
                log.of(site.url("/wrong2") + "#sha256=" + sha256("/right"))
                        .failure()
                        .kind());
    }

    @Test
    void aBadLineIsOneFailureWithItsPlace() throws IOException {
        Site.runList(plan(null, false, false), log, site.url("/a") + "\n  ot=x\nnonsense\n" + site.url("/b") + "\n");
        assertEquals(List.of("b"), Site.files(directory));
        Failure option = log.of(site.url("/a")).failure();
        assertEquals(Kind.URL, option.kind());
        assertTrue(option.detail().startsWith("list:2: unknown option 'ot'"), option.detail());
        Failure url = log.of("nonsense").failure();
        assertEquals(Kind.URL, url.kind());
        assertTrue(url.detail().startsWith("list:3: "), url.detail());
    }

    @Test
    void whatALinkLeadsToIsNotWrittenTo() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), outside);
        Site.runList(plan(null, false, false), log, site.url("/a") + "\tlink/a\n" + site.url("/b") + "\tother/b\n");
        assertEquals(List.of("other/b"), Site.files(directory));
        assertFalse(Files.exists(outside.resolve("a")));
        Failure failure = log.of(site.url("/a")).failure();
        assertEquals(Kind.DISK, failure.kind());
        assertEquals(
                "cannot make the directory of link/a: it is a symbolic link, which is not followed", failure.detail());
    }

    /** What failed goes to the same files when it is tried again, whatever the options and the other URLs were. */
    @Test
    void whatFailedIsAListForAnotherRun() throws IOException {
        Path file = outside.resolve("failed.txt");
        try (FailedList failed = FailedList.open(file)) {
            Plan plan = new Plan(naming("t/#1.txt", false, false), 1, 1, false, failed, Plan.Terms.NONE);
            Site.run(plan, log, site.url("/ok"), site.url("/missing/{p,q,p}"));
        }
        String first = site.url("/missing/p") + "\tt/p.txt\n" + site.url("/missing/q") + "\tt/q.txt\n"
                + site.url("/missing/p") + "\tt/p.1.txt\n";
        assertEquals(first, Files.readString(file));
        String list = Files.readString(file);
        try (FailedList failed = FailedList.open(file)) {
            Plan plan = new Plan(naming(null, true, false), 1, 1, false, failed, Plan.Terms.NONE);
            Site.runList(plan, log, list + "nonsense\n  dir=/x\n");
        }
        String reason = "# list:5: dir '/x': the directories of a list are below that of -d, so they neither begin"
                + " with / nor hold ..\n";
        assertEquals(first + reason + "nonsense\n  dir=/x\n", Files.readString(file));
    }

    @Test
    void aListOfWhatFailedThatCannotBeWrittenIsToldOnce() {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "no /dev/full");
        try (FailedList failed = FailedList.open(full)) {
            Plan plan = new Plan(naming(null, false, false), 1, 1, false, failed, Plan.Terms.NONE);
            Site.run(plan, log, site.url("/missing/[1-2]"));
        }
        assertEquals(List.of("cannot write /dev/full: no space left on device"), log.listFailures);
        assertEquals(2, log.outcomes.size());
    }

    @Test
    void aDryRunTellsWhereFilesWouldGo() throws IOException {
        Asyncio.run(() -> {
            try (ClientSession session = Site.session()) {
                Jobs jobs = Site.list(site.url("/a/x") + "\n" + site.url("/b/x") + "\n" + site.url("/c") + "\tsub/c\n"
                        + site.url("/d") + "\n  nonsense=1\n");
                new Downloads(Site.downloader(session), plan(null, false, false), jobs, log).dryRun();
            }
        });
        assertEquals(
                List.of(
                        site.url("/a/x") + " -> " + directory.resolve("x"),
                        site.url("/b/x") + " -> " + directory.resolve("x.1"),
                        site.url("/c") + " -> " + directory.resolve("sub/c")),
                log.planned);
        assertEquals(Kind.URL, log.of(site.url("/d")).failure().kind());
        assertEquals(List.of(), Site.files(directory));
        assertFalse(Files.exists(directory.resolve("sub")));
    }

    /** What is not hidden. */
    private List<String> visible() throws IOException {
        return Site.files(directory).stream()
                .filter(file -> !file.contains("/.") && !file.startsWith("."))
                .toList();
    }

    private String read(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    private static String sha256(String text) {
        try {
            byte[] digest =
                    java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private Plan plan(String template, boolean tree, boolean remoteName) {
        return new Plan(naming(template, tree, remoteName), 1, 1, false, null, Plan.Terms.NONE);
    }

    private Naming naming(String template, boolean tree, boolean remoteName) {
        return new Naming(directory, template == null ? null : Template.parse(template), tree, remoteName);
    }
}
