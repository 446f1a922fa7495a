package dev.weft.cli;

import dev.weft.cli.download.Downloads;
import dev.weft.cli.download.Plan;
import dev.weft.cli.download.Settings;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.name.Naming;
import dev.weft.cli.report.Report;
import dev.weft.cli.report.Ticker;
import dev.weft.http.ClientSession;
import dev.weft.http.download.Downloader;
import dev.weft.loop.Asyncio;
import java.util.Objects;

/** A list of URLs, fetched and told: from a new session to the last file. */
final class Batch {
    private Batch() {}

    /**
     * Fetches all, and returns when the last has ended. Called in a task; if it is cancelled, the progress view is taken away and
     * what can be gone on with is left.
     *
     * @param jobs closed at the end
     * @param report is told of everything, and shows it
     */
    static void fetch(Settings settings, Jobs jobs, Report report) {
        report.whenOutputGone(Objects.requireNonNull(Asyncio.currentTask())::cancel);
        try (Ticker ticker = new Ticker(report);
                jobs;
                ClientSession session = settings.openSession()) {
            Naming naming = new Naming(settings.directory(), null, false, false);
            Plan plan = new Plan(naming, settings.jobs(), settings.perHost(), false, null, Plan.Terms.NONE);
            new Downloads(Downloader.of(session), plan, jobs, report).run();
        }
    }
}
