package dev.weft.cli.help;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Topic;
import dev.weft.cli.options.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The help: one screen, a topic, an option, or all. Pure. No line is longer than {@link #WIDTH}. */
public final class Help {
    static final int WIDTH = 110;

    private static final int HEADING = 9;
    private static final int LEFT = 23;
    private static final int RIGHT = 66;
    private static final int RIGHT_NAMES = 15;
    private static final int ALL_NAMES = 40;

    private static final String USAGE = """
            Usage: fetch [OPTIONS] URL...          fetch [OPTIONS] -i FILE        ... | fetch -i -

              fetch https://host/a.iso                     one file, in segments where that helps
              fetch -d out -i urls.txt -j 64               a list: one URL a line, "URL<tab>NAME" names it
              fetch 'https://host/p[001-100].jpg' -o 'p#1.jpg'
              fetch --checksums SHA256SUMS https://host/x.tar.gz

            """;

    private static final String EXIT =
            "\nExit: 0 all done, 1 some URL failed, 2 wrong usage, 3 local disk or permission, 130 interrupted.  * default\n";

    /** What the one screen has, a line of it each. */
    private static final List<List<Option>> SCREEN = List.of(
            List.of(Option.INPUT, Option.NO_GLOB),
            List.of(Option.DIR, Option.OUTPUT),
            List.of(Option.REMOTE_NAME, Option.TREE),
            List.of(Option.EXISTS),
            List.of(Option.JOBS, Option.PER_HOST),
            List.of(Option.SEGMENTS, Option.LIMIT_RATE),
            List.of(Option.RETRY, Option.RETRY_ON),
            List.of(Option.TIMEOUT, Option.MAX_TIME),
            List.of(Option.CHECKSUM, Option.CHECKSUMS),
            List.of(Option.FAILED, Option.FAIL_FAST),
            List.of(Option.HEADER),
            List.of(Option.QUIET, Option.VERBOSE),
            List.of(Option.DRY_RUN, Option.JSON),
            List.of(Option.PROGRESS),
            List.of(Option.DEMO, Option.NO_CONFIG),
            List.of(Option.HELP, Option.VERSION),
            List.of(Option.COMPLETION));

    /** Of these the one screen has the names alone, in the place of the first. */
    private static final List<Option> NAMES_ALONE = List.of(
            Option.HEADER,
            Option.USER,
            Option.BEARER,
            Option.COOKIES,
            Option.NETRC,
            Option.AGENT,
            Option.PROXY,
            Option.CACERT,
            Option.INSECURE,
            Option.COMPRESSED);

    private Help() {}

    /**
     * The help for a word.
     *
     * @param word empty for the one screen, {@code all}, a topic, or an option without its dashes
     * @throws UsageException if there is no such topic
     */
    public static String of(String word, String version) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (lower.isEmpty()) {
            return screen(version);
        }
        StringBuilder text = new StringBuilder();
        for (Topic topic : Topic.values()) {
            if (lower.equals("all") || lower.equals(topic.toString())) {
                text.append(text.isEmpty() ? "" : "\n").append(topic.heading()).append('\n');
                topic(topic, !lower.equals("all"), text);
            }
        }
        Option option = Option.named(lower.startsWith("-") ? lower : "--" + lower);
        if (text.isEmpty() && option != null) {
            option(option, true, text);
        }
        if (text.isEmpty()) {
            throw new UsageException(
                    "--help: there is no topic '" + word + "'", "topics are " + String.join(", ", Option.HELP.words()));
        }
        return lower.equals("all")
                ? text.append(EXIT.replace("  * default", "")).toString()
                : text.toString();
    }

    private static String screen(String version) {
        String title = "fetch - download many URLs at once";
        String right = "fetch " + version;
        StringBuilder text = new StringBuilder(title);
        pad(text, WIDTH - right.length() - title.length())
                .append(right)
                .append('\n')
                .append(USAGE);
        Topic last = null;
        for (List<Option> line : SCREEN) {
            Topic topic = line.getFirst().topic();
            StringBuilder row = new StringBuilder(topic == last ? "" : topic.heading());
            last = topic;
            if (line.getFirst() == NAMES_ALONE.getFirst()) {
                namesAlone(row, text);
            } else {
                row(line, row, text);
            }
        }
        return text.append(EXIT).toString();
    }

    private static void row(List<Option> line, StringBuilder row, StringBuilder text) {
        cell(line.getFirst(), HEADING, LEFT, row);
        if (line.size() > 1) {
            cell(line.get(1), RIGHT, RIGHT_NAMES, row);
        }
        text.append(row).append('\n');
    }

    private static void cell(Option option, int from, int width, StringBuilder row) {
        padTo(row, from);
        String names = brief(option);
        // A long name without a short one stands below the other long ones.
        int indent = from == HEADING && names.startsWith("--") ? 4 : 0;
        padTo(row, from + indent).append(names);
        padTo(row, Math.max(from + width, row.length() + (from == HEADING ? 2 : 1)));
        row.append(summary(option));
    }

    private static void namesAlone(StringBuilder row, StringBuilder text) {
        padTo(row, HEADING);
        for (Option option : NAMES_ALONE) {
            String names = brief(option);
            if (row.length() + names.length() > WIDTH) {
                text.append(row.toString().stripTrailing()).append('\n');
                row.setLength(0);
                padTo(row, HEADING);
            }
            row.append(names).append("   ");
        }
        text.append(row.toString().stripTrailing()).append('\n');
    }

    private static void topic(Topic topic, boolean whole, StringBuilder text) {
        for (Option option : Option.values()) {
            if (option.topic() == topic) {
                option(option, whole, text);
            }
        }
    }

    private static void option(Option option, boolean whole, StringBuilder text) {
        StringBuilder row = new StringBuilder(option.names().getFirst().startsWith("--") ? "      " : "  ");
        row.append(String.join(", ", option.names())).append(' ').append(option.label());
        if (row.length() > ALL_NAMES - 2) {
            text.append(row.toString().stripTrailing()).append('\n');
            row.setLength(0);
        }
        padTo(row, ALL_NAMES).append(summary(option));
        text.append(row).append('\n');
        if (whole && !option.more().isEmpty()) {
            for (String line : wrapped(option.more(), WIDTH - ALL_NAMES)) {
                pad(text, ALL_NAMES).append(line).append('\n');
            }
        }
    }

    /** In a few words, with the default. */
    static String summary(Option option) {
        boolean told = option.otherwise().isEmpty() || option.summary().indexOf('*') >= 0;
        return told ? option.summary() : option.summary() + " [" + option.otherwise() + "]";
    }

    /** The first short and the first long name, and what the value is called. */
    private static String brief(Option option) {
        String first = option.names().getFirst();
        String names = first.startsWith("--") ? first : first + ", " + option.longName();
        return option.isFlag() ? names : names + " " + option.label();
    }

    /** In lines of that many characters at most. */
    static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static StringBuilder padTo(StringBuilder text, int column) {
        return pad(text, column - text.length());
    }

    private static StringBuilder pad(StringBuilder text, int count) {
        return text.repeat(' ', Math.max(0, count));
    }
}
