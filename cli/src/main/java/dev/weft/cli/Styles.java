package dev.weft.cli;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.cli.report.Report;
import dev.weft.cli.report.Report.Detail;
import dev.weft.cli.report.Report.Progress;
import dev.weft.cli.report.WriteOut;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a run is told, by its settings and its environment. Pure. */
final class Styles {
    private Styles() {}

    /**
     * The style.
     *
     * @param terminal whether standard error is a terminal
     */
    static Report.Style of(Settings settings, boolean terminal) {
        Map<String, String> environment = settings.environment();
        boolean movable = terminal && !"dumb".equals(environment.get("TERM"));
        // The log and the bars would paint over each other.
        boolean given = settings.isGiven(Option.PROGRESS) || !settings.flag(Option.VERBOSE);
        Progress progress =
                given ? Progress.valueOf(settings.word(Option.PROGRESS).toUpperCase(Locale.ROOT)) : Progress.LINES;
        boolean quiet = settings.uppermost(Option.QUIET, Option.VERBOSE) == Option.QUIET && settings.flag(Option.QUIET);
        Detail detail = quiet ? Detail.FAILURES : Detail.FILES;
        return new Report.Style(
                progress, movable, colour(settings, environment, movable), settings.json(), detail, writeOut(settings));
    }

    private static @Nullable WriteOut writeOut(Settings settings) {
        String template = settings.writeOut();
        try {
            return template == null ? null : WriteOut.parse(template);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--write-out: " + e.getMessage());
        }
    }

    /** Only where it can be seen, unless it is forced: https://no-color.org, https://bixense.com/clicolors. */
    private static boolean colour(Settings settings, Map<String, String> environment, boolean terminal) {
        return switch (settings.word(Option.COLOR)) {
            case "always" -> true;
            case "never" -> false;
            default -> environment.getOrDefault("NO_COLOR", "").isEmpty() && (terminal || isForced(environment));
        };
    }

    private static boolean isForced(Map<String, String> environment) {
        String force = environment.getOrDefault("CLICOLOR_FORCE", "");
        return !force.isEmpty() && !force.equals("0");
    }
}
