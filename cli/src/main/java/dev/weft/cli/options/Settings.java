package dev.weft.cli.options;

import dev.weft.http.download.Checksum;
import dev.weft.http.download.Exists;
import dev.weft.http.message.HttpVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a run: the command line, over the config file, over the environment, over the defaults. What needs no thought is asked for by
 * its {@link Option}; the methods with names of their own are for what depends on several. Confined to one thread at a time.
 *
 * <p>The file is long because whatever depends on several options is decided here, and nowhere else.
 */
public final class Settings {
    /** What the library gives a file where nothing is said. */
    private static final int AUTO_SEGMENTS = 16;

    /** What was said where; without the sections for hosts. */
    private record Sources(List<String> urls, Values line, Config config, Map<String, String> environment) {}

    private final Sources sources;
    /** Of the host that these settings are for; null if they are for all. */
    private final @Nullable Values section;

    private final Values base;
    private final Values values;
    private final Map<String, Settings> hosts = new HashMap<>(0);

    private Settings(Sources sources, @Nullable Values section, Values base) {
        this.sources = sources;
        this.section = section;
        this.base = base;
        this.values = section == null
                ? sources.line.over(base)
                : sources.line.over(section).over(base);
    }

    /**
     * Reads the command line, and the config file that it or the environment names.
     *
     * @param environment its variables
     * @throws UsageException if something of it is wrong
     */
    static Settings of(Arguments arguments, Map<String, String> environment) {
        Values line = arguments.values();
        Path named = line.path(Option.CONFIG);
        Config config = Config.NONE;
        if (named != null) {
            config = Config.read(named, environment);
        } else if (!line.flag(Option.NO_CONFIG)) {
            config = Config.ofUser(environment);
        }
        return of(arguments, config, environment);
    }

    /** The same with a config file that was read. */
    static Settings of(Arguments arguments, Config config, Map<String, String> environment) {
        Values base = config.forAll().over(environment(environment));
        Sources sources = new Sources(arguments.urls(), arguments.values(), config, environment);
        Settings settings = new Settings(sources, null, base);
        Contradictions.check(settings, arguments.values(), config);
        return settings;
    }

    /** So many at once, to one host or many, and the rest as usual, whatever config file and environment there are. */
    public static Settings of(Path directory, int jobs) {
        Values values = new Values();
        values.add(Option.DIR, directory.toString());
        values.add(Option.JOBS, Integer.toString(jobs));
        return new Settings(new Sources(List.of(), values, Config.NONE, Map.of()), null, new Values());
    }

    private static Values environment(Map<String, String> environment) {
        Values values = new Values();
        addVariable(values, Option.USER, "FETCH_USER", environment);
        addVariable(values, Option.BEARER, "FETCH_BEARER", environment);
        return values;
    }

    private static void addVariable(Values values, Option option, String name, Map<String, String> environment) {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            return;
        }
        try {
            values.add(option, value);
        } catch (UsageException e) {
            throw new UsageException("environment variable " + name
                    + e.getMessage().substring(option.longName().length()));
        }
    }

    /** The same for requests to one host: what the config file says for it holds, unless the command line says otherwise. */
    public Settings forHost(String host) {
        if (!hasHosts()) {
            return this;
        }
        return hosts.computeIfAbsent(host.toLowerCase(Locale.ROOT), name -> {
            Values own = sources.config.forHost(name);
            return own == null ? this : new Settings(sources, own, base);
        });
    }

    /** What holds for the hosts of each section of the config file, as if there was no other section. */
    public List<Settings> ofHosts() {
        List<Settings> all = new ArrayList<>(0);
        for (Values host : sources.config.ofHosts()) {
            all.add(new Settings(sources, host, base));
        }
        return all;
    }

    /** Whether anything is said for hosts of their own. */
    public boolean hasHosts() {
        return sources.config.hasHosts();
    }

    /** Whether what holds of these, which exclude each other, is said for the host alone. */
    public boolean isForHost(Option... options) {
        return section != null && sources.line.uppermost(options) == null && section.uppermost(options) != null;
    }

    /** The URLs of the command line, as they were given. */
    public List<String> urls() {
        return sources.urls;
    }

    /** The variables of the environment. */
    public Map<String, String> environment() {
        return sources.environment;
    }

    /** Whether anything was said of it. */
    public boolean isGiven(Option option) {
        return values.get(option) != null;
    }

    /** Whether a flag was given. */
    public boolean flag(Option option) {
        return values.flag(option);
    }

    /** The number that was given, or the default. */
    public int number(Option option) {
        return values.number(option);
    }

    /** Bytes a second; 0 for no limit. */
    public long rate(Option option) {
        return values.rate(option);
    }

    /** The time that was given, or the default; zero for no limit. */
    public Duration time(Option option) {
        return values.time(option);
    }

    /** One of the words of a choice, or the default. */
    public String word(Option option) {
        return values.word(option);
    }

    /** The text that was given; null for none. */
    public @Nullable String text(Option option) {
        return values.text(option);
    }

    /** The path that was given; null for none. */
    public @Nullable Path path(Option option) {
        return values.path(option);
    }

    /** All that was given of what may be given several times. */
    public List<String> all(Option option) {
        return values.all(option);
    }

    /** The one of some options that exclude each other that holds; null for none. */
    public @Nullable Option uppermost(Option... options) {
        return values.uppermost(options);
    }

    /** The header fields to send. */
    public List<HeaderLine> headers() {
        return values.headers();
    }

    /** What {@code -u} or {@code --bearer} say; null if nothing is. */
    public @Nullable Secret secret(Option option) {
        return (Secret) values.get(option);
    }

    /** Where the files go; it need not exist. */
    public Path directory() {
        Path given = values.path(Option.DIR);
        return given == null ? Path.of("") : given;
    }

    /** What is done where a file is there. Only the answer to a GET can be what is there already. */
    public Exists exists() {
        if (!isGet() && !isGiven(Option.EXISTS)) {
            return Exists.OVERWRITE;
        }
        return Exists.valueOf(values.word(Option.EXISTS).toUpperCase(Locale.ROOT));
    }

    /** What {@code --checksum} says; null for nothing. */
    public @Nullable Checksum checksum() {
        return (Checksum) values.get(Option.CHECKSUM);
    }

    /** How many downloads at once. */
    public int jobs() {
        return values.number(Option.JOBS);
    }

    /** How many downloads at once; the default depends on who asks. */
    public int jobs(int otherwise) {
        return isGiven(Option.JOBS) ? jobs() : otherwise;
    }

    /** Whether the one file is written to standard output. */
    public boolean isToStandardOutput() {
        return "-".equals(text(Option.OUTPUT));
    }

    /** What stands in the settings and must not be shown. */
    public List<String> secrets() {
        List<String> all = new ArrayList<>();
        for (Option option : List.of(Option.USER, Option.BEARER)) {
            Secret secret = secret(option);
            if (secret != null) {
                all.add(secret.text());
            }
        }
        for (HeaderLine line : headers()) {
            String value = line.value();
            if (line.isSecret() && value != null) {
                all.add(value);
            }
        }
        return all;
    }

    /** How many downloads at once from one host; parts of a file do not count. */
    public int downloadsPerHost() {
        return isGiven(Option.PER_HOST)
                ? values.number(Option.PER_HOST)
                : Math.max(values.number(Option.PER_HOST), jobs(0));
    }

    /**
     * How many connections to one host. Who asks for many downloads or many parts means them, also when they go to one host; the number for
     * the host itself comes first.
     */
    public int perHost() {
        return isGiven(Option.PER_HOST) ? values.number(Option.PER_HOST) : Math.max(downloadsPerHost(), segments());
    }

    /** The most connections to one host, whichever it is. */
    public int mostPerHost() {
        int most = perHost();
        for (Settings host : ofHosts()) {
            most = Math.max(most, host.perHost());
        }
        return most;
    }

    /** How many connections a file may have. What is no plain GET comes in one piece. */
    public int segments() {
        int said = values.number(Option.SEGMENTS);
        return !isPlain() ? 1 : said == 0 ? AUTO_SEGMENTS : said;
    }

    /** Requests a second to one host; 0 for no limit. */
    public double requestsPerSecond() {
        return values.get(Option.RPS) instanceof Double number ? number : 0;
    }

    /** Tries after the first. What may change something on the server is sent again only if that was said. */
    public int retries() {
        return isGiven(Option.RETRY) || isGet() ? values.number(Option.RETRY) : 0;
    }

    /** Statuses that are tried again besides the usual. */
    public Set<Integer> retryStatuses() {
        if (!(values.get(Option.RETRY_ON) instanceof Set<?> statuses)) {
            return Set.of();
        }
        return Set.of(statuses.stream().map(Integer.class::cast).toArray(Integer[]::new));
    }

    /** The method of the requests. */
    public String method() {
        String given = values.text(Option.METHOD);
        if (given != null) {
            return given;
        }
        Option body = uppermost(Option.DATA, Option.UPLOAD);
        return body == null ? "GET" : body == Option.DATA ? "POST" : "PUT";
    }

    /** Whether the requests are GETs without a body: such as may be sent again, and for a part. */
    public boolean isGet() {
        return method().equals("GET") && uppermost(Option.DATA, Option.UPLOAD) == null;
    }

    /** Whether what comes are the bytes of the file: such as can be asked for in parts, and gone on with. */
    public boolean isPlain() {
        return isGet() && !flag(Option.COMPRESSED);
    }

    /** The version of HTTP that is spoken. */
    public HttpVersion version() {
        Option said = uppermost(Option.HTTP1_0, Option.HTTP1_1, Option.HTTP2);
        if (said == null || !flag(said)) {
            return HttpVersion.AUTO;
        }
        return said == Option.HTTP1_0
                ? HttpVersion.HTTP_1_0
                : said == Option.HTTP1_1 ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_2;
    }

    /** Whether a line of JSON goes to standard output for each URL. */
    public boolean json() {
        return uppermost(Option.JSON, Option.WRITE_OUT) == Option.JSON && flag(Option.JSON);
    }

    /** What is written to standard output for each URL; null for nothing. */
    public @Nullable String writeOut() {
        return uppermost(Option.JSON, Option.WRITE_OUT) == Option.WRITE_OUT ? text(Option.WRITE_OUT) : null;
    }
}
