package dev.weft.cli;

import dev.weft.cli.download.DiskException;
import dev.weft.cli.download.Settings;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.input.UrlFeed;
import dev.weft.cli.report.CommandText;
import dev.weft.cli.report.End;
import dev.weft.cli.report.Report;
import dev.weft.loop.CancelledError;
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

    static int run(Options options, PrintStream out, PrintStream err) {
        long startNanos = System.nanoTime();
        Report report = new Report(options.style(), out, err, startNanos);
        Settings settings = options.settings();
        try {
            makeDirectory(settings.directory());
        } catch (DiskException e) {
            report.error(String.valueOf(e.getMessage()));
            return ExitCode.DISK;
        }
        int code = fetch(options, settings, report);
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        CommandText goOn = isSignal(code) ? options.goOn() : null;
        return switch (report.summary(new End(took, code, null, goOn))) {
            case ALL -> code;
            case READER_GONE -> isSignal(code) ? code : ExitCode.READER_GONE;
            case NOT_ALL -> {
                err.println("fetch: cannot write to standard output");
                yield isSignal(code) ? code : ExitCode.DISK;
            }
        };
    }

    private static boolean isSignal(int code) {
        return code >= ExitCode.SIGNALS && code != ExitCode.READER_GONE;
    }

    private static int fetch(Options options, Settings settings, Report report) {
        try (Runner runner = Runner.builder().handleSignals(true).build()) {
            runner.run(() -> Batch.fetch(settings, new Jobs(options.urls(), true, list(options.input())), report));
            return ExitCode.of(report.tally());
        } catch (SignalInterrupt e) {
            return e.exitCode();
        } catch (CancelledError e) {
            // Only what writes to standard output can have done that.
            return ExitCode.READER_GONE;
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
