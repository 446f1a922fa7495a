package dev.weft.cli.options;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A config file: {@code option = value} or {@code option} alone, a line each, by long names; what stands below {@code [host PATTERN...]}
 * holds for requests to these hosts alone. Immutable, once read; any thread.
 */
final class Config {
    /** As if the file was empty. */
    static final Config NONE = new Config("", "");

    private static final String HOST = "[host ";

    private final String name;
    private final String home;
    private final Values forAll = new Values();
    private final List<Section> sections = new ArrayList<>(0);

    /** What holds for some hosts: {@code example.com}, {@code *.example.com} for those below it, {@code *} for all. */
    private record Section(List<String> patterns, Values values) {
        boolean isFor(String host) {
            for (String pattern : patterns) {
                boolean below = pattern.startsWith("*.") && host.endsWith(pattern.substring(1));
                if (below || pattern.equals("*") || pattern.equals(host)) {
                    return true;
                }
            }
            return false;
        }
    }

    private Config(String name, String home) {
        this.name = name;
        this.home = home;
    }

    /** Where the user's own is; null if the environment has no place for it. */
    static @Nullable Path usual(Map<String, String> environment) {
        String place = environment.getOrDefault("XDG_CONFIG_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (place.startsWith("/")) {
            return Path.of(place, "fetch", "config");
        }
        return home.isEmpty() ? null : Path.of(home, ".config", "fetch", "config");
    }

    /** The user's own, {@link #NONE} if there is none: which is found out by one look at the directory. */
    static Config ofUser(Map<String, String> environment) {
        Path file = usual(environment);
        return file == null || !Files.exists(file) ? NONE : read(file, environment);
    }

    /**
     * Reads a file, which has to be there.
     *
     * @throws UsageException if it cannot be read, or says what cannot be; names file and line
     */
    static Config read(Path file, Map<String, String> environment) {
        String text;
        try {
            text = SmallFile.text(file.toString());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), "fetch --no-config reads none");
        }
        return parse(file.toString(), text, environment.getOrDefault("HOME", ""));
    }

    /** The same from its text. */
    static Config parse(String name, String text, String home) {
        Config config = new Config(name, home);
        Values place = config.forAll;
        boolean host = false;
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (line.startsWith("[")) {
                place = config.section(line, number);
                host = true;
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                config.option(line, number, place, host);
            }
        }
        return config;
    }

    private Values section(String line, int number) {
        String inside = line.endsWith("]") && line.startsWith(HOST)
                ? line.substring(HOST.length(), line.length() - 1).strip()
                : "";
        if (inside.isEmpty()) {
            throw wrong(number, "'" + line + "' is no section: [host example.com] or [host *.example.com]");
        }
        List<String> patterns = new ArrayList<>();
        for (String pattern : inside.toLowerCase(Locale.ROOT).split("\\s+", -1)) {
            if (pattern.lastIndexOf('*') > 0 || !pattern.matches("[^*].*|\\*(\\..+)?")) {
                throw wrong(number, "'" + pattern + "' is no host: a * stands for all below a host, as *.example.com");
            }
            if (pattern.indexOf('/') >= 0 || pattern.matches("[^:\\[]*:[0-9]+")) {
                throw wrong(number, "'" + pattern + "' is no host: a name or an address, without scheme, port or path");
            }
            patterns.add(pattern);
        }
        Section section = new Section(patterns, new Values());
        sections.add(section);
        return section.values;
    }

    private void option(String line, int number, Values place, boolean host) {
        int equals = line.indexOf('=');
        String said = (equals < 0 ? line : line.substring(0, equals)).strip();
        String value = equals < 0 ? null : line.substring(equals + 1).strip();
        String dashed = said.startsWith("-") ? said : "--" + said;
        Option taken = Option.named(dashed) == null ? Arguments.negated(dashed) : null;
        Option option = taken == null ? Option.named(dashed) : taken;
        if (option == null) {
            throw wrong(number, "there is no option '" + said + "'");
        }
        check(option, number, host);
        if (option.isFlag() != (value == null)) {
            String shape = option.isFlag() ? said + ", without a value" : said + " = " + option.label();
            throw wrong(number, said + ": it is written as " + shape);
        }
        try {
            if (value == null) {
                place.flag(option, taken == null);
            } else {
                place.add(option, atHome(option, value));
            }
        } catch (UsageException e) {
            throw new UsageException(name + ":" + number + ": " + e.getMessage().substring(2), e.hint());
        }
    }

    private void check(Option option, int number, boolean host) {
        String named = option.longName().substring(2);
        Set<Option> never = Option.notForFiles();
        if (never.contains(option)) {
            throw wrong(number, named + " is for the command line alone");
        }
        if (host && !option.isForHosts()) {
            throw wrong(number, named + " holds for all hosts: it belongs above the first [host ...]");
        }
    }

    /** No shell has looked at the file: a tilde is the reader's to see. */
    private String atHome(Option option, String value) {
        boolean path = switch (option.kind()) {
            case FILE, DIRECTORY, PLACE, PLACES -> value.startsWith("~/");
            case SECRET, HEADERS -> value.startsWith("@~/");
            default -> false;
        };
        return path && !home.isEmpty()
                ? value.replaceFirst("~", home.replace("\\", "\\\\").replace("$", "\\$"))
                : value;
    }

    private UsageException wrong(int number, String what) {
        return new UsageException(name + ":" + number + ": " + what);
    }

    /** What holds for all. */
    Values forAll() {
        return forAll;
    }

    /** Whether there are sections for hosts. */
    boolean hasHosts() {
        return !sections.isEmpty();
    }

    /** What holds for one host, that of a later section first; null if no section is for it. */
    @Nullable
    Values forHost(String host) {
        Values all = null;
        for (Section section : sections) {
            if (section.isFor(host)) {
                all = all == null ? section.values : section.values.over(all);
            }
        }
        return all;
    }

    /** All that sections say. */
    List<Values> ofHosts() {
        List<Values> all = new ArrayList<>(sections.size());
        for (Section section : sections) {
            all.add(section.values);
        }
        return all;
    }
}
