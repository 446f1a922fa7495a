package dev.weft.cli;

import static dev.weft.loop.Asyncio.toThread;

import com.google.errorprone.annotations.FormatMethod;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.input.Patterns;
import dev.weft.cli.options.Settings;
import dev.weft.cli.report.Report;
import dev.weft.cli.report.Tally;
import dev.weft.cli.text.Sizes;
import dev.weft.loop.Runner;
import dev.weft.loop.SignalInterrupt;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * {@code fetch --demo} shows what fetch does without a network: serves a site from inside the process, fetches all of it over
 * loopback TCP with the real client, many at once and then one at a time, compares every file by SHA-256 with what the site
 * holds, and tells what the concurrency won. Leaves nothing behind.
 */
final class Demo {
    static final int DEFAULT_JOBS = 64;
    private static final DemoSite.Plan PLAN = new DemoSite.Plan(240, 4, 8 << 20, 50);
    private static final long SEED = 25;

    private final Report.Style style;
    private final PrintStream out;
    private final PrintStream err;

    private Demo(Report.Style style, PrintStream out, PrintStream err) {
        this.style = style;
        this.out = out;
        this.err = err;
    }

    /** Runs it, and gives the exit code: {@link ExitCode#DONE} only if every file came whole in both passes. */
    static int run(Settings settings, PrintStream out, PrintStream err) {
        int jobs = settings.jobs(DEFAULT_JOBS);
        Demo demo = new Demo(
                Styles.of(settings, Boolean.getBoolean("fetch.terminal")).withoutFiles(), out, err);
        try (Runner runner = Runner.builder().handleSignals(true).build()) {
            return runner.run(() -> demo.show(jobs)) ? ExitCode.DONE : ExitCode.FAILED;
        } catch (SignalInterrupt e) {
            err.println("fetch: stopped");
            return e.exitCode();
        } catch (IOException | UncheckedIOException e) {
            err.println("fetch: the demo failed: " + e.getMessage());
            return ExitCode.DISK;
        }
    }

    private boolean show(int jobs) throws IOException {
        Path directory = Files.createTempDirectory("fetch-demo");
        try (DemoSite site = new DemoSite(PLAN, SEED)) {
            say(
                    "A site inside this process: %d pages that take 5 to %d ms each, %d files of %s.",
                    PLAN.pages(), PLAN.maxDelayMillis(), PLAN.large(), Sizes.bytes(PLAN.largeBytes()));
            Pass many = fetch(site, directory.resolve("many"), jobs);
            Pass one = fetch(site, directory.resolve("one"), 1);
            if (!many.whole() || !one.whole()) {
                return false;
            }
            double won = (double) one.took().toNanos() / many.took().toNanos();
            say("%d at once: %.1f times as fast as one at a time.", jobs, won);
            return true;
        } finally {
            delete(directory);
        }
    }

    /**
     * The site, fetched once.
     *
     * @param took the downloads, not the comparison
     * @param whole whether every file is as it was served
     */
    private record Pass(Duration took, boolean whole) {}

    private Pass fetch(DemoSite site, Path directory, int jobs) throws IOException {
        Files.createDirectory(directory);
        List<String> urls = site.pages().stream().map(site::url).toList();
        long start = System.nanoTime();
        Report report = new Report(style, out, err, start);
        Batch.fetch(Settings.of(directory, jobs), new Jobs(Patterns.parse(urls, false), null), report, out);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Tally tally = report.tally();
        int same = toThread(() -> countSame(site, directory)).await();
        say(
                "%-14s %d of %d files, %s in %s; %d of them the same by SHA-256.",
                jobs == 1 ? "One at a time:" : jobs + " at once:",
                tally.done(),
                urls.size(),
                Sizes.bytes(tally.bytes()),
                Sizes.elapsed(took),
                same);
        return new Pass(took, same == urls.size());
    }

    private int countSame(DemoSite site, Path directory) throws IOException {
        int same = 0;
        for (DemoSite.Page page : site.pages()) {
            if (MessageDigest.isEqual(digest(directory.resolve(page.name())), page.digest())) {
                same++;
            } else {
                err.println("fetch: not what was served: " + page.name());
            }
        }
        return same;
    }

    /** SHA-256 of a file; that of nothing if it is not there. */
    private static byte[] digest(Path file) throws IOException {
        MessageDigest sha = DemoSite.sha256();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha.update(buffer, 0, n);
            }
        } catch (NoSuchFileException e) {
            return sha.digest();
        }
        return sha.digest();
    }

    private static void delete(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @FormatMethod
    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
