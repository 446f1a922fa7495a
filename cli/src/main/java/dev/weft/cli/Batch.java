package dev.weft.cli;

import dev.weft.cli.download.DiskException;
import dev.weft.cli.download.Downloads;
import dev.weft.cli.download.Plan;
import dev.weft.cli.input.FailedList;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.name.Naming;
import dev.weft.cli.name.Template;
import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.cli.report.Output;
import dev.weft.cli.report.Report;
import dev.weft.cli.report.Ticker;
import dev.weft.cli.session.Client;
import dev.weft.cli.session.FileTerms;
import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A list of URLs, fetched and told: from a new session to the last file. */
final class Batch {
    private Batch() {}

    /**
     * Fetches all, and returns when the last has ended. Called in a task; if it is cancelled, the progress view is taken away and
     * what can be gone on with is left.
     *
     * @param jobs closed at the end
     * @param report is told of everything, and shows it
     * @param out standard output, for a file that goes there
     * @throws UsageException if a file that the settings name does not hold what it should
     */
    static void fetch(Settings settings, Jobs jobs, Report report, PrintStream out) {
        report.whenOutputGone(Objects.requireNonNull(Asyncio.currentTask())::cancel);
        try (jobs;
                Client client = Client.open(settings);
                FailedList failed = failedList(settings)) {
            try (Ticker ticker = new Ticker(report)) {
                FileTerms terms = FileTerms.of(settings, client, report);
                Plan plan = new Plan(
                        naming(settings),
                        settings.jobs(),
                        settings.downloadsPerHost(),
                        settings.flag(Option.FAIL_FAST),
                        failed,
                        terms);
                Downloads downloads = new Downloads(client.downloader(), plan, jobs, report);
                run(settings, downloads, jobs, Output.bytes(out));
            } finally {
                saveCookies(client, report);
            }
        }
    }

    private static void run(Settings settings, Downloads downloads, Jobs jobs, OutputStream out) {
        if (settings.flag(Option.DRY_RUN)) {
            downloads.dryRun();
        } else if (settings.isToStandardOutput()) {
            downloads.toStandardOutput(jobs.next(), out);
        } else {
            downloads.run();
        }
    }

    private static Naming naming(Settings settings) {
        String output = settings.isToStandardOutput() ? null : settings.text(Option.OUTPUT);
        return new Naming(
                settings.directory(),
                output == null ? null : Template.parse(output),
                settings.flag(Option.TREE),
                settings.flag(Option.REMOTE_NAME));
    }

    private static @Nullable FailedList failedList(Settings settings) {
        Path file = settings.path(Option.FAILED);
        return file == null || settings.flag(Option.DRY_RUN) ? null : FailedList.open(file);
    }

    private static void saveCookies(Client client, Report report) {
        try {
            client.saveCookies();
        } catch (IOException e) {
            report.listFailed(new DiskException("cannot write the cookies", e));
        }
    }
}
