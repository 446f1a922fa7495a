package dev.weft.cli;

import dev.weft.cli.download.Downloads;
import dev.weft.cli.download.Settings;
import dev.weft.cli.download.Urls;
import dev.weft.cli.report.Report;
import dev.weft.cli.report.Ticker;
import dev.weft.http.ClientSession;
import dev.weft.loop.Asyncio;
import java.util.Objects;

/** A list of URLs, fetched and told: from a new session to the last file. */
final class Batch {
    private Batch() {}

    /**
     * Fetches all, and returns when the last has ended. Called in a task; if it is cancelled, the progress view is taken away and
     * no temporary file is left.
     *
     * @param urls closed at the end
     * @param report is told of everything, and shows it
     */
    static void fetch(Settings settings, Urls urls, Report report) {
        report.whenOutputGone(Objects.requireNonNull(Asyncio.currentTask())::cancel);
        try (Ticker ticker = new Ticker(report);
                urls;
                ClientSession session = settings.openSession()) {
            new Downloads(session, settings, urls, report).run();
        }
    }
}
