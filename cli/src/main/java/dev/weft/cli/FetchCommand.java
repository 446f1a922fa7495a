package dev.weft.cli;

import dev.weft.cli.download.DiskException;
import dev.weft.cli.download.UrlFeed;
import dev.weft.cli.download.Urls;
import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.report.Report;
import dev.weft.loop.Runner;
import dev.weft.loop.SignalInterrupt;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code fetch URL...} and {@code fetch -i FILE}: from the options to the exit code. */
final class FetchCommand {
    private FetchCommand() {}

    static int run(Settings settings, PrintStream out, PrintStream err) {
        long startNanos = System.nanoTime();
        Report report = new Report(Styles.of(settings, Boolean.getBoolean("fetch.terminal")), out, err, startNanos);
        try {
            makeDirectory(settings.directory());
        } catch (DiskException e) {
            report.error(String.valueOf(e.getMessage()));
            return ExitCode.DISK;
        }
        int code = fetch(settings, report);
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        if (report.summary(took, code)) {
            return code;
        }
        err.println("fetch: cannot write to standard output");
        return code >= ExitCode.SIGNALS ? code : ExitCode.DISK;
    }

    private static int fetch(Settings settings, Report report) {
        try (Runner runner = Runner.builder().handleSignals(true).build()) {
            runner.run(() ->
                    Batch.fetch(settings, new Urls(settings.urls(), list(settings.text(Option.INPUT))), report));
            return ExitCode.of(report.tally());
        } catch (SignalInterrupt e) {
            report.stopped();
            return e.exitCode();
        }
    }

    private static @Nullable UrlFeed list(@Nullable String file) {
        if (file == null) {
            return null;
        }
        return file.equals("-")
                ? UrlFeed.start("standard input", () -> new FileInputStream(FileDescriptor.in))
                : UrlFeed.start(file, () -> Files.newInputStream(Path.of(file)));
    }

    private static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new DiskException("cannot make directory " + directory, e);
        }
    }
}
