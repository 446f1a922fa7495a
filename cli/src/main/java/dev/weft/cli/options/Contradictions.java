package dev.weft.cli.options;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What cannot be said together. Pure. */
final class Contradictions {
    /** Two that one place cannot both say, and why. */
    private record Pair(Option one, Option other, String why) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair(Option.JSON, Option.WRITE_OUT, "both are for standard output"),
            new Pair(Option.USER, Option.BEARER, "a request has one Authorization"),
            new Pair(Option.DATA, Option.UPLOAD, "a request has one body"),
            new Pair(Option.IPV4, Option.IPV6, "each excludes the other's addresses"),
            new Pair(Option.INSECURE, Option.CACERT, "the one trusts anyone, the other only some"),
            new Pair(Option.QUIET, Option.VERBOSE, "the one tells less, the other more"),
            new Pair(Option.HTTP1_0, Option.HTTP1_1, "a request has one version"),
            new Pair(Option.HTTP1_0, Option.HTTP2, "a request has one version"),
            new Pair(Option.HTTP1_1, Option.HTTP2, "a request has one version"),
            new Pair(Option.OUTPUT, Option.REMOTE_NAME, "the one names the file, the other lets the server"),
            new Pair(Option.OUTPUT, Option.TREE, "the one names the file, the other has the URL do it"),
            new Pair(Option.PROXY, Option.UNIX_SOCKET, "a request goes one way"),
            new Pair(Option.CONFIG, Option.NO_CONFIG, "the one reads a file, the other none"));

    /** What means nothing where all goes to standard output. */
    private static final List<Option> OF_FILES =
            List.of(Option.DIR, Option.EXISTS, Option.FSYNC, Option.JSON, Option.WRITE_OUT, Option.FAILED);

    private Contradictions() {}

    /**
     * Looks for one.
     *
     * @throws UsageException if there is one; the message names it
     */
    static void check(Settings settings, Values line, Config config) {
        String found = pair(line);
        if (found == null) {
            found = pair(config.forAll());
        }
        if (found == null) {
            found = urls(settings, line);
        }
        if (found == null) {
            found = needs(settings, line);
        }
        if (found == null) {
            found = body(settings, line);
        }
        if (found != null) {
            throw new UsageException(found);
        }
    }

    private static @Nullable String pair(Values place) {
        for (Pair pair : PAIRS) {
            if (isSaid(place, pair.one) && isSaid(place, pair.other)) {
                return pair.one.longName() + " and " + pair.other.longName() + " contradict each other: " + pair.why;
            }
        }
        return null;
    }

    private static boolean isSaid(Values place, Option option) {
        return place.isOwn(option) && (!option.isFlag() || place.flag(option));
    }

    private static @Nullable String urls(Settings settings, Values line) {
        boolean list = isSaid(line, Option.INPUT);
        int count = settings.urls().size();
        if (settings.flag(Option.DEMO)) {
            return count == 0 && !list ? null : "--demo takes no URLs";
        }
        if (count == 0 && !list) {
            return "no URL given";
        }
        if (settings.urls().contains("-")) {
            return "- is no URL: -i - reads URLs from standard input";
        }
        boolean several = list || count > 1;
        if (several && isSaid(line, Option.CHECKSUM)) {
            return "--checksum is for one URL: --checksums has those of several";
        }
        if (several && isSaid(line, Option.UPLOAD)) {
            return "--upload-file is for one URL";
        }
        return "-".equals(line.text(Option.OUTPUT)) ? standardOutput(line, several) : null;
    }

    private static @Nullable String standardOutput(Values line, boolean several) {
        if (several) {
            return "-o - is for one URL: the files would run into each other";
        }
        for (Option option : OF_FILES) {
            if (isSaid(line, option)) {
                return "-o - and " + option.longName() + " contradict each other: all goes to standard output";
            }
        }
        return null;
    }

    private static @Nullable String needs(Settings settings, Values line) {
        if (isSaid(line, Option.KEY) && !settings.isGiven(Option.CERT)) {
            return "--key needs --cert: a key proves nothing without its certificate";
        }
        if (isSaid(line, Option.SPEED_TIME) && !settings.isGiven(Option.SPEED_LIMIT)) {
            return "--speed-time needs --speed-limit: what is measured over that time?";
        }
        if (isSaid(line, Option.DIGEST) && settings.uppermost(Option.USER, Option.BEARER) != Option.USER) {
            return "--digest needs --user: whose password?";
        }
        if (isSaid(line, Option.NO_GLOB) && settings.urls().isEmpty()) {
            return "--no-glob is for URLs of the command line: those of a list are taken as they are anyway";
        }
        String text = line.text(Option.DATA);
        boolean both = "@-".equals(text) && "-".equals(line.text(Option.INPUT));
        return both ? "--data @- and --input - both read standard input" : null;
    }

    private static @Nullable String body(Settings settings, Values line) {
        if (settings.isGet()) {
            return null;
        }
        String what = line.isOwn(Option.METHOD) ? "--method " + settings.method() : settings.method();
        if (isSaid(line, Option.SEGMENTS) && !"1".equals(String.valueOf(line.get(Option.SEGMENTS)))) {
            return "--segments and " + what + " contradict each other: only a GET can be asked for in parts";
        }
        boolean exists =
                line.isOwn(Option.EXISTS) && List.of("resume", "update").contains(line.word(Option.EXISTS));
        return exists
                ? "--exists " + line.word(Option.EXISTS) + " and " + what
                        + " contradict each other: only a GET can be gone on with"
                : null;
    }
}
