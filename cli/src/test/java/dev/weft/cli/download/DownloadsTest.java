package dev.weft.cli.download;

import static dev.weft.loop.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.download.Failure.Kind;
import dev.weft.cli.input.Job;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.input.Patterns;
import dev.weft.cli.input.UrlFeed;
import dev.weft.cli.name.Naming;
import dev.weft.http.ClientSession;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a run goes, against a real server on loopback. */
@Timeout(20)
class DownloadsTest {
    @TempDir
    Path directory;

    private final RecordingObserver log = new RecordingObserver();
    private Site site;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void filesComeWholeUnderTheirNames() throws IOException {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        site.serve("/a/large one.bin", large);
        site.serve("/empty", "");
        String url = site.url("/a/large%20one.bin?x=1");
        Site.run(plan(4), log, url, site.url("/empty"));
        assertEquals(List.of("empty", "large one.bin"), Site.files(directory));
        assertEquals(0, Files.size(directory.resolve("empty")));
        assertTrue(java.util.Arrays.equals(large, Files.readAllBytes(directory.resolve("large one.bin"))));
        assertEquals(OptionalLong.of(2), log.expected);
        Outcome outcome = log.of(url);
        assertTrue(outcome.isDone());
        assertEquals(List.of(200, 3_000_000L), List.of(outcome.status(), outcome.bytes()));
        assertEquals(directory.resolve("large one.bin"), outcome.path());
    }

    @Test
    void redirectsAreFollowed() throws IOException {
        site.serve("/good", "good");
        site.handle("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/good");
            Site.answer(exchange, 302, new byte[0]);
        });
        Site.run(plan(1), log, site.url("/moved"));
        assertEquals(List.of("moved"), Site.files(directory));
        assertEquals(200, log.of(site.url("/moved")).status());
    }

    @Test
    void whatFailsIsToldAndTheOthersGoOn() throws IOException {
        site.serve("/good", "good");
        site.handle("/teapot", exchange -> Site.answer(exchange, 418, new byte[10]));
        site.handle("/short", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[9]);
            exchange.getResponseBody().flush();
            exchange.close();
        });
        String refused = "http://127.0.0.1:" + unusedPort() + "/x";
        String bad = "ftp://127.0.0.1/x";
        Site.run(
                plan(1),
                log,
                site.url("/missing"),
                bad,
                site.url("/teapot"),
                refused,
                site.url("/short"),
                site.url("/good"));
        assertEquals(
                List.of(Kind.STATUS, Kind.URL, Kind.STATUS, Kind.CONNECT, Kind.TRANSFER),
                log.outcomes.subList(0, 5).stream()
                        .map(outcome -> outcome.failure().kind())
                        .toList());
        assertEquals(404, log.of(site.url("/missing")).status());
        assertTrue(log.of(site.url("/good")).isDone());
        assertFalse(Files.exists(directory.resolve("missing")) || Files.exists(directory.resolve("short")));
        assertEquals(List.of(), log.renamed);
    }

    @Test
    void theDiskIsNamedWhenItIsAtFault() throws IOException {
        site.serve("/", "x");
        Files.createDirectories(directory.resolve("taken/full"));
        Site.run(plan(1), log, site.url("/taken"), site.url("/free"));
        assertEquals(List.of("free"), Site.files(directory));
        Failure failure = log.of(site.url("/taken")).failure();
        assertEquals(List.of(Kind.DISK, "is a directory"), List.of(failure.kind(), failure.what()));
        assertTrue(failure.detail().contains(directory.resolve("taken").toString()), failure.detail());
    }

    @Test
    void soManyAtOnceAndNoMore() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(5);
        site.handle("/p", exchange -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            full.countDown();
            Site.await(full);
            now.decrementAndGet();
            Site.answer(exchange, 200, new byte[1]);
        });
        Site.run(
                plan(5),
                log,
                IntStream.range(0, 60).mapToObj(i -> site.url("/p" + i)).toArray(String[]::new));
        assertEquals(60, log.outcomes.stream().filter(Outcome::isDone).count());
        assertEquals(5, most.get());
    }

    /** While one host keeps what it may have, the slots beyond are for others. */
    @Test
    void theQueueOfOneHostHoldsNoOther() throws IOException {
        CountDownLatch others = new CountDownLatch(6);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Site other = new Site()) {
            site.handle("/", exchange -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                Site.await(others);
                now.decrementAndGet();
                Site.answer(exchange, 200, "slow".getBytes(StandardCharsets.UTF_8));
            });
            other.handle("/", exchange -> {
                Site.answer(exchange, 200, "fast".getBytes(StandardCharsets.UTF_8));
                others.countDown();
            });
            String[] urls = IntStream.range(0, 30)
                    .mapToObj(i -> i < 24 ? site.url("/x") : other.url("/x"))
                    .toArray(String[]::new);
            Site.run(new Plan(naming(), 3, 2, false, null, Plan.Terms.NONE), log, urls);
        }
        assertEquals(30, log.outcomes.stream().filter(Outcome::isDone).count());
        assertEquals(2, most.get());
        // Names are in the order of the URLs all the same.
        assertEquals("slow", Files.readString(directory.resolve("x")));
        assertEquals("slow", Files.readString(directory.resolve("x.23")));
        assertEquals("fast", Files.readString(directory.resolve("x.24")));
        assertEquals("fast", Files.readString(directory.resolve("x.29")));
    }

    @Test
    void aListIsFetchedBeforeItEnds() throws IOException {
        site.serve("/", "x");
        Asyncio.run(() -> {
            Loop loop = Asyncio.getRunningLoop();
            PipedInputStream in = new PipedInputStream();
            PipedOutputStream pipe = new PipedOutputStream(in);
            Future<Void> done = loop.createFuture();
            log.whenEnded = () -> {
                if (!done.isDone()) {
                    done.setResult(null);
                }
            };
            Task<Void> run = createTask(() -> {
                Site.fetch(plan(4), new Jobs(Patterns.NONE, UrlFeed.start("pipe", () -> in)), log);
                return null;
            });
            pipe.write((site.url("/a") + "\n" + site.url("/b") + "\n").getBytes(StandardCharsets.UTF_8));
            pipe.flush();
            done.await();
            assertFalse(run.isDone());
            pipe.close();
            run.await();
        });
        assertEquals(List.of("a", "b"), Site.files(directory));
        assertEquals(OptionalLong.of(2), log.expected);
    }

    @Test
    void aListThatBreaksIsToldAndWhatItHadIsFetched() throws IOException {
        site.serve("/a", "a");
        Asyncio.run(() -> {
            UrlFeed broken = UrlFeed.start("list", () -> {
                throw new IOException("Input/output error");
            });
            Site.fetch(plan(3), new Jobs(Patterns.parse(List.of(site.url("/a")), true), broken), log);
        });
        assertEquals(List.of("a"), Site.files(directory));
        assertEquals(List.of("cannot read list: input/output error"), log.listFailures);
    }

    @Test
    void theFirstFailureCanEndTheRun() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        site.serveSlowly("/slow", over);
        site.handle("/missing", exchange -> {
            Site.await(begun);
            Site.answer(exchange, 404, new byte[0]);
        });
        site.serve("/never", "x");
        log.whenStarted = () -> watch(log.started.getFirst(), begun);
        Plan plan = new Plan(naming(), 2, 2, true, null, Plan.Terms.NONE);
        Site.run(plan, log, site.url("/slow"), site.url("/missing"), site.url("/never"));
        over.countDown();
        assertEquals(Outcome.State.FAILED, log.of(site.url("/missing")).state());
        assertEquals(Outcome.State.CANCELLED, log.of(site.url("/slow")).state());
        assertEquals(2, log.started.size());
        // What ran can be gone on with.
        assertTrue(Site.files(directory).contains(".slow.part"), () -> log.outcomes.toString());
    }

    @Test
    void aFullDiskEndsTheRunAndNothingNewBegins() {
        site.serve("/", "x");
        Plan plan = new Plan(naming(), 1, 1, false, null, (request, job, name) -> {
            if (name.equals("b")) {
                throw new UncheckedIOException("cannot write b", new IOException("No space left on device"));
            }
        });
        Site.run(plan, log, site.url("/a"), site.url("/b"), site.url("/c"));
        assertEquals(List.of("a", "b"), log.outcomes.stream().map(Outcome::name).toList());
        assertEquals(Kind.DISK, log.of(site.url("/b")).failure().kind());
    }

    @Test
    void whatIsCancelledCanBeGoneOnWith() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        site.serveSlowly("/slow", over);
        String[] urls = {site.url("/slow/a"), site.url("/slow/b"), site.url("/slow/c")};
        Asyncio.run(() -> {
            Future<Void> bothBegun = Asyncio.getRunningLoop().createFuture();
            log.whenStarted = () -> {
                if (log.started.size() == 2) {
                    watch(bothBegun);
                }
            };
            Task<Void> task = createTask(() -> {
                Site.fetch(plan(2), new Jobs(Patterns.parse(List.of(urls), true), null), log);
                return null;
            });
            bothBegun.await();
            task.cancel();
            assertThrows(CancelledError.class, task::await);
        });
        over.countDown();
        assertTrue(Site.files(directory).containsAll(List.of(".a.part", ".b.part")));
        assertFalse(Files.exists(directory.resolve("a")) || Files.exists(directory.resolve("b")));
        assertEquals(
                List.of(Outcome.State.CANCELLED, Outcome.State.CANCELLED),
                log.outcomes.stream().map(Outcome::state).toList());
    }

    @Test
    void oneFileGoesToAStream() throws IOException {
        byte[] large = new byte[500_000];
        new Random(2).nextBytes(large);
        site.serve("/large", large);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Asyncio.run(() -> {
            try (ClientSession session = Site.session()) {
                Jobs none = new Jobs(Patterns.NONE, null);
                Downloads downloads = new Downloads(Site.downloader(session), plan(1), none, log);
                downloads.toStandardOutput(Job.of(site.url("/large")), out);
                downloads.toStandardOutput(Job.of(site.url("/missing")), out);
            }
        });
        assertTrue(java.util.Arrays.equals(large, out.toByteArray()));
        assertTrue(log.of(site.url("/large")).isDone());
        assertEquals(404, log.of(site.url("/missing")).status());
        assertEquals(List.of(), Site.files(directory));
    }

    /** Completes the future once all that have started have received something. */
    private void watch(Future<Void> begun) {
        if (log.started.stream().allMatch(transfer -> transfer.progress().bytes() > 0)) {
            begun.setResult(null);
        } else {
            Asyncio.getRunningLoop().callSoon(() -> watch(begun));
        }
    }

    private static void watch(Transfer transfer, CountDownLatch begun) {
        if (transfer.progress().bytes() > 0) {
            begun.countDown();
        } else {
            Asyncio.getRunningLoop().callSoon(() -> watch(transfer, begun));
        }
    }

    private Plan plan(int jobs) {
        return new Plan(naming(), jobs, jobs, false, null, Plan.Terms.NONE);
    }

    private Naming naming() {
        return new Naming(directory, null, false, false);
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
