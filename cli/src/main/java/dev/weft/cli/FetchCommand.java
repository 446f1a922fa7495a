package dev.weft.cli;

import dev.weft.cli.download.DiskException;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.input.Patterns;
import dev.weft.cli.input.UrlFeed;
import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code fetch URL...} and {@code fetch -i FILE}: from the options to the exit code. */
final class FetchCommand {
    private final Settings settings;
    private final PrintStream out;
    private final PrintStream err;

    private FetchCommand(Settings settings, PrintStream out, PrintStream err) {
        this.settings = settings;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs it, and gives the exit code.
     *
     * @param args what the settings were made of, to be told to who stops the run
     * @throws UsageException if a file that the settings name does not hold what it should
     */
    static int run(Settings settings, String[] args, PrintStream out, PrintStream err) {
        return new FetchCommand(settings, out, err).run(args);
    }

    private int run(String[] args) {
        long startNanos = System.nanoTime();
        Report report = new Report(Styles.of(settings, Boolean.getBoolean("fetch.terminal")), out, err, startNanos);
        Patterns urls = urls();
        checkLists();
        int code;
        try {
            makeDirectory(settings);
            code = fetch(report, urls);
        } catch (DiskException e) {
            report.error(String.valueOf(e.getMessage()));
            return ExitCode.DISK;
        } catch (UncheckedIOException e) {
            report.error(String.valueOf(DiskException.of(e).getMessage()));
            return ExitCode.DISK;
        }
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        CommandText goOn = isSignal(code) ? CommandText.of(List.of(args), settings.secrets()) : null;
        Path failed = settings.path(Option.FAILED);
        return switch (report.summary(new End(took, code, failed == null ? null : failed.toString(), goOn))) {
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

    private int fetch(Report report, Patterns urls) {
        try (Runner runner = Runner.builder().handleSignals(true).build()) {
            runner.run(() -> Batch.fetch(settings, new Jobs(urls, list(settings.text(Option.INPUT))), report, out));
            return ExitCode.of(report.tally());
        } catch (SignalInterrupt e) {
            return e.exitCode();
        } catch (CancelledError e) {
            // Only what writes to standard output can have done that.
            return ExitCode.READER_GONE;
        }
    }

    /** The URLs of the command line. */
    private Patterns urls() {
        try {
            Patterns urls = Patterns.parse(settings.urls(), !settings.flag(Option.NO_GLOB));
            if (settings.isToStandardOutput() && urls.count() != 1) {
                throw new UsageException("-o - is for one URL: the files would run into each other");
            }
            return urls;
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** The list of failures is emptied before the other is read. */
    private void checkLists() {
        Path failed = settings.path(Option.FAILED);
        String input = settings.text(Option.INPUT);
        if (failed == null || input == null || input.equals("-")) {
            return;
        }
        try {
            if (Files.exists(failed) && Files.isSameFile(failed, Path.of(input))) {
                throw new UsageException(
                        "--failed and --input are the same file: it would be emptied before it is read");
            }
        } catch (IOException e) {
            // The one that cannot be read says so when it is.
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

    private static void makeDirectory(Settings settings) {
        if (settings.flag(Option.DRY_RUN) || settings.isToStandardOutput()) {
            return;
        }
        try {
            Files.createDirectories(settings.directory());
        } catch (IOException e) {
            throw new DiskException("cannot make directory " + settings.directory(), e);
        }
    }
}
