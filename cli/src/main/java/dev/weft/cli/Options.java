package dev.weft.cli;

import dev.weft.cli.download.Settings;
import dev.weft.cli.report.CommandText;
import dev.weft.cli.report.Report;
import dev.weft.cli.report.Report.Detail;
import dev.weft.cli.report.Report.Progress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** What the command line says; see {@link CommandDefinition} for what may be said. */
final class Options {
    static final int DEFAULT_JOBS = 16;
    static final int DEFAULT_PER_HOST = 8;

    private final ParseResult given;

    Options(ParseResult given) {
        this.given = given;
    }

    /** The URLs of the command line. */
    List<String> urls() {
        return given.matchedPositionalValue(0, List.of());
    }

    /** The list of URLs, {@code -} for standard input; null if there is none. */
    @Nullable
    String input() {
        return given.<@Nullable String>matchedOptionValue("-i", null);
    }

    /** How many downloads at once; the default depends on who asks. */
    int jobs(int otherwise) {
        return given.matchedOptionValue("-j", otherwise);
    }

    /** How many connections to one host. Who asks for many jobs means them, also when they go to one host. */
    private int perHost() {
        return given.matchedOptionValue("--per-host", jobs(DEFAULT_PER_HOST));
    }

    /** Whether to show what fetch does, instead of fetching. */
    boolean demo() {
        return given.hasMatchedOption("--demo");
    }

    /** Whether to log what happens inside. */
    boolean verbose() {
        return given.hasMatchedOption("-v");
    }

    /** How the run downloads. */
    Settings settings() {
        return new Settings(
                given.matchedOptionValue("-d", Path.of("")),
                jobs(DEFAULT_JOBS),
                perHost(),
                given.<@Nullable Path>matchedOptionValue("--cacert", null),
                given.hasMatchedOption("-k"));
    }

    /** How the run is told. Colour only where it can be seen, and nobody has said no (https://no-color.org). */
    Report.Style style() {
        boolean terminal = Boolean.getBoolean("fetch.terminal") && !"dumb".equals(System.getenv("TERM"));
        String noColour = System.getenv("NO_COLOR");
        boolean colour = terminal && (noColour == null || noColour.isEmpty());
        // The log and the bars would paint over each other.
        Progress usual = verbose() ? Progress.LINES : Progress.AUTO;
        Progress progress = given.matchedOptionValue("--progress", usual);
        Detail detail = given.hasMatchedOption("-q") ? Detail.FAILURES : Detail.FILES;
        return new Report.Style(progress, terminal, colour, given.hasMatchedOption("--json"), detail);
    }

    /** The command line, to be run again. */
    CommandText goOn() {
        return CommandText.of(given.originalArgs(), List.of());
    }

    /** What is wrong with the options together; null if nothing is. */
    @Nullable
    String contradiction() {
        boolean nothing = urls().isEmpty() && input() == null;
        if (demo()) {
            return nothing ? null : "--demo takes no URLs";
        }
        return nothing ? "no URL given" : null;
    }
}
