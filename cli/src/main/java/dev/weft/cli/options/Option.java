package dev.weft.cli.options;

import dev.weft.http.download.Exists;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options, each defined once: from this table come the parser, the config file, the help, the man page and the completions. Immutable;
 * any thread.
 *
 * <p>The file is long because each option has its text here.
 */
// Read at every start: plain strings, taken apart only where they are asked for.
public enum Option {
    /** The list of URLs. */
    INPUT(
            Topic.INPUT,
            "-i, --input FILE",
            Kind.PLACE,
            "",
            "read URLs from FILE (- is stdin)",
            "One URL a line; a name behind a tab is the file's. Indented lines below a URL set options for it alone, as "
                    + "out=NAME, dir=DIR, checksum=sha256:HEX or header=NAME: VALUE. # begins a comment. The list is read as it "
                    + "comes: the first files are fetched before its end is known. Brackets and braces in it are taken as they are."),
    /** No globbing. */
    NO_GLOB(
            Topic.INPUT,
            "--no-glob",
            Kind.FLAG,
            "",
            "take [ ] { } as they are",
            "Without it, [001-100], [a-z], [0-100:10] and {a,b} in a URL of the command line stand for many URLs, and #1, #2 in -o for "
                    + "what the first and the second of them were."),

    /** Where the files go. */
    DIR(
            Topic.OUTPUT,
            "-d, --dir DIR",
            Kind.DIRECTORY,
            "",
            "put files here (made if missing)",
            "No name, whoever gives it, leads out of this directory."),
    /** What a file is called. */
    OUTPUT(
            Topic.OUTPUT,
            "-o, --output T",
            Kind.PLACE,
            "",
            "file, template, - for stdout",
            "In a template {host}, {path}, {name}, {stem}, {ext} stand for the parts of the URL, {n} for its number in the run, #1 for what the "
                    + "first bracket or brace was."),
    /** Names by the server. */
    REMOTE_NAME(
            Topic.OUTPUT,
            "-J, --remote-name",
            Kind.FLAG,
            "",
            "use the server's name",
            "The name in Content-Disposition, its filename* before its filename; made safe like any other."),
    /** Names by the whole URL. */
    TREE(
            Topic.OUTPUT,
            "-x, --tree",
            Kind.FLAG,
            "",
            "keep host/path directories",
            "The file of https://host/a/b.txt is host/a/b.txt."),
    /** What is done with a file that is there. */
    EXISTS(
            Topic.OUTPUT,
            "--exists HOW",
            Kind.CHOICE,
            "resume",
            "skip, resume*, update, rename, overwrite, fail",
            "What is done where the file is there. skip: it stays, the server is not asked. resume: it stays if it is the server's, by "
                    + "length, entity tag and time as far as they are known; a part that an earlier run left is gone on with. update: it "
                    + "stays if the server says that it has not changed. rename: the new one becomes name.1.ext. overwrite: it is "
                    + "replaced. fail: that URL fails."),
    /** On the disk before the name. */
    FSYNC(
            Topic.OUTPUT,
            "--fsync",
            Kind.FLAG,
            "",
            "have each file on the disk before it gets its name",
            "Against power cuts; it takes time."),

    /** Downloads at once. */
    JOBS(
            Topic.SPEED,
            "-j, --jobs N",
            Kind.COUNT,
            "32",
            "downloads at once",
            "Given by hand it lifts the limit of --per-host to as many."),
    /** Connections to one host. */
    PER_HOST(
            Topic.SPEED,
            "--per-host N",
            Kind.COUNT,
            "8",
            "downloads per host",
            "At once; and so many connections, parts of files among them; HTTP/2 has them all on one connection, as so many streams. "
                    + "Where it is not given, parts take up to as many as -s says, and there are as many downloads as -j says, if that is "
                    + "given."),
    /** Connections for one file. */
    SEGMENTS(
            Topic.SPEED,
            "-s, --segments N",
            Kind.AUTO_COUNT,
            "auto",
            "up to 16 parts of a file",
            "A file begins with one connection and gets more, up to so many, as long as that makes it faster; auto: up to 16. 1: never "
                    + "more than one. With HTTP/2 they are streams of one connection."),
    /** Bytes a second. */
    LIMIT_RATE(
            Topic.SPEED,
            "--limit-rate R",
            Kind.RATE,
            "",
            "bytes/s in all, as 5M",
            "k, M and G are 1024, 1024^2 and 1024^3 bytes; 0 for no limit. All downloads share it."),
    /** Requests a second. */
    RPS(
            Topic.SPEED,
            "--rps N",
            Kind.FREQUENCY,
            "",
            "requests a second to one host",
            "Evenly spread; a fraction as 0.5 is one in two seconds. Slower where the host answers 429 or 503."),

    /** How often a download is tried again. */
    RETRY(
            Topic.TROUBLE,
            "-r, --retry N",
            Kind.NUMBER,
            "5",
            "tries after the first",
            "In a row without a byte more: a try that gets further counts anew. Tried again is what may pass: no connection, a name server "
                    + "that does not answer, a connection that breaks, silence, too slow, 408, 425, 429, 500, 502, 503, 504 and 520 to "
                    + "527. The waits are random and grow up to a minute; Retry-After is kept to, by all requests to that host. With -X, "
                    + "--data or -T there are none unless it is given."),
    /** More statuses that are tried again. */
    RETRY_ON(
            Topic.TROUBLE,
            "--retry-on L",
            Kind.STATUSES,
            "",
            "more statuses, as 403,404",
            "Numbers, ranges as 520-530, or 5xx, separated by commas."),
    /** How long it is tried again. */
    RETRY_TIME(
            Topic.TROUBLE,
            "--retry-time SEC",
            Kind.TIME,
            "",
            "begin no try later than that",
            "Counted from the start of each download; no limit by default."),
    /** Silence. */
    TIMEOUT(
            Topic.TROUBLE,
            "-t, --timeout SEC",
            Kind.TIME,
            "30",
            "silence before a retry",
            "Not a limit for the whole. Times are seconds, or as 500ms, 1.5, 2m, 1h; 0 is no limit."),
    /** Connecting. */
    CONNECT_TIMEOUT(
            Topic.TROUBLE,
            "--connect-timeout SEC",
            Kind.TIME,
            "10",
            "for each connection to be made",
            "Name, TCP, proxy and TLS together."),
    /** All of one download. */
    MAX_TIME(
            Topic.TROUBLE,
            "--max-time SEC",
            Kind.TIME,
            "",
            "for each URL",
            "Tries and waits included; no limit by default."),
    /** The least speed. */
    SPEED_LIMIT(
            Topic.TROUBLE,
            "--speed-limit R",
            Kind.RATE,
            "",
            "drop and retry what is slower",
            "Bytes a second, on average over --speed-time; what came stays, and the retry goes on behind it."),
    /** What the least speed is measured over. */
    SPEED_TIME(Topic.TROUBLE, "--speed-time SEC", Kind.SPAN, "30", "measure --speed-limit over that", ""),
    /** What one file must have. */
    CHECKSUM(
            Topic.TROUBLE,
            "--checksum A:HEX",
            Kind.CHECKSUM,
            "",
            "for one file",
            "A is md5, sha1, sha224, sha256, sha384 or sha512. A file that does not agree does not get its name. #sha256=HEX behind a URL "
                    + "says the same."),
    /** What files must have. */
    CHECKSUMS(
            Topic.TROUBLE,
            "--checksums F",
            Kind.PLACES,
            "",
            "a SHA256SUMS file or URL",
            "Files are found in it by their names; may be given several times."),
    /** Where the failures go. */
    FAILED(
            Topic.TROUBLE,
            "--failed FILE",
            Kind.FILE,
            "",
            "write what failed, to feed to -i",
            "At the end, in the form of a list; the file is there, empty, if nothing failed."),
    /** Stop early. */
    FAIL_FAST(Topic.TROUBLE, "--fail-fast", Kind.FLAG, "", "stop at the first failure", ""),

    /** More header fields. */
    HEADER(
            Topic.REQUEST,
            "-H, --header 'K: V'",
            Kind.HEADERS,
            "",
            "send this header; @FILE for a file of them",
            "May be given several times. 'K:' leaves out what is sent of its own accord, 'K;' sends it empty. Authorization and Cookie do "
                    + "not go along to another origin. @FILE has one a line, and keeps them out of the list of processes."),
    /** Who asks. */
    AGENT(Topic.REQUEST, "-A, --agent, --user-agent NAME", Kind.TEXT, "", "the User-Agent", ""),
    /** From where. */
    REFERER(Topic.REQUEST, "-e, --referer URL", Kind.TEXT, "", "the Referer", ""),
    /** User and password. */
    USER(
            Topic.REQUEST,
            "-u, --user U[:P]",
            Kind.SECRET,
            "",
            "user and password, or @FILE",
            "For the hosts of the URLs that are given, never for others they redirect to. @FILE has them in its first line; the "
                    + "environment variable FETCH_USER says the same: neither shows in the list of processes. Nothing is asked for: "
                    + "without a colon the password is empty."),
    /** A token. */
    BEARER(
            Topic.REQUEST,
            "--bearer TOKEN",
            Kind.SECRET,
            "",
            "a token, or @FILE",
            "Like -u; the environment variable is FETCH_BEARER."),
    /** Digest. */
    DIGEST(
            Topic.REQUEST,
            "--digest",
            Kind.FLAG,
            "",
            "answer Digest challenges with -u",
            "The password is not sent then; RFC 7616."),
    /** Cookies to begin with. */
    COOKIES(
            Topic.REQUEST,
            "-b, --cookies, --cookie FILE",
            Kind.PLACES,
            "",
            "send cookies of this file",
            "In the form of curl, wget and browsers (cookies.txt). NAME=VALUE is a cookie itself, for the hosts of the URLs."),
    /** Where cookies are kept. */
    COOKIE_JAR(
            Topic.REQUEST,
            "-c, --cookie-jar FILE",
            Kind.FILE,
            "",
            "write the cookies there at the end",
            "Those of -b and those that servers set. Only its owner may read it."),
    /** Passwords of the user. */
    NETRC(
            Topic.REQUEST,
            "--netrc",
            Kind.FLAG,
            "",
            "take passwords from ~/.netrc",
            "Or from the file that the environment's NETRC names."),
    /** Passwords of a file. */
    NETRC_FILE(Topic.REQUEST, "--netrc-file FILE", Kind.FILE, "", "take passwords from FILE", ""),
    /** The method. */
    METHOD(
            Topic.REQUEST,
            "-X, --method, --request M",
            Kind.METHOD,
            "",
            "another method than GET",
            "What comes back becomes the file, in one part, in place of one that is there; it is not tried again unless --retry says so."),
    /** A body. */
    DATA(
            Topic.REQUEST,
            "--data TEXT",
            Kind.PLACE,
            "",
            "send this, by POST; or @FILE",
            "As application/x-www-form-urlencoded unless a header says otherwise; @- is standard input."),
    /** A file as the body. */
    UPLOAD(Topic.REQUEST, "-T, --upload-file FILE", Kind.FILE, "", "send this file, by PUT", ""),
    /** Content codings. */
    COMPRESSED(
            Topic.REQUEST,
            "--compressed",
            Kind.FLAG,
            "",
            "ask for compression, and undo it",
            "Without it files stay as they are sent, a .tar.gz one. Such files come in one part and are not resumed."),
    /** Redirects. */
    MAX_REDIRS(
            Topic.REQUEST,
            "--max-redirs N",
            Kind.NUMBER,
            "20",
            "follow so many redirects",
            "From https to http none is followed."),

    /** Whom to trust. */
    CACERT(Topic.NETWORK, "--cacert FILE", Kind.FILE, "", "trust these authorities (PEM), no others", ""),
    /** The own certificate. */
    CERT(
            Topic.NETWORK,
            "--cert FILE",
            Kind.FILE,
            "",
            "show this certificate (PEM)",
            "With what proves it; its key too, unless --key has it."),
    /** Its key. */
    KEY(Topic.NETWORK, "--key FILE", Kind.FILE, "", "its key (PEM, PKCS#8)", "Not encrypted."),
    /** Trust anyone. */
    INSECURE(
            Topic.NETWORK,
            "-k, --insecure",
            Kind.FLAG,
            "",
            "trust any server",
            "Whoever sits between can read and change everything."),
    /** The oldest TLS. */
    TLS_MIN(Topic.NETWORK, "--tls-min 1.2|1.3", Kind.CHOICE, "1.2", "the oldest TLS to take", ""),
    /** Pins. */
    PINNED(
            Topic.NETWORK,
            "--pinnedpubkey PIN",
            Kind.PINS,
            "",
            "take only servers with this key",
            "sha256//BASE64 of the SHA-256 of the public key, several separated by ;. Besides all other checks, or with -k alone."),
    /** The proxy. */
    PROXY(
            Topic.NETWORK,
            "--proxy URL",
            Kind.PROXY,
            "",
            "go through this proxy",
            "http, https, socks4, socks5 or socks5h (which looks names up there). Without it http_proxy, https_proxy and all_proxy of the "
                    + "environment are kept to; '' for none. no_proxy holds in both cases."),
    /** Past the proxy. */
    NO_PROXY(
            Topic.NETWORK,
            "--noproxy LIST",
            Kind.NO_PROXY,
            "",
            "go past it to these hosts",
            "In place of no_proxy: names, which hold for all below them, addresses, ranges as 10.0.0.0/8, or *; separated by commas."),
    /** Addresses of a host. */
    RESOLVE(
            Topic.NETWORK,
            "--resolve H:PORT:ADDR",
            Kind.ADDRESSES,
            "",
            "the address of a host",
            "May be given several times, several addresses separated by commas. It holds for every port, whichever is said."),
    /** IPv4 alone. */
    IPV4(Topic.NETWORK, "-4, --ipv4", Kind.FLAG, "", "use IPv4 alone", ""),
    /** IPv6 alone. */
    IPV6(Topic.NETWORK, "-6, --ipv6", Kind.FLAG, "", "use IPv6 alone", ""),
    /** A socket of the file system. */
    UNIX_SOCKET(Topic.NETWORK, "--unix-socket PATH", Kind.FILE, "", "connect to this socket, whatever the host", ""),
    /** The old version. */
    HTTP1_0(Topic.NETWORK, "--http1.0", Kind.FLAG, "", "speak HTTP/1.0", ""),
    /** The version that is spoken. */
    HTTP1_1(
            Topic.NETWORK,
            "--http1.1",
            Kind.FLAG,
            "",
            "speak HTTP/1.1",
            "Without it, servers of https that have HTTP/2 are spoken to in that."),
    /** The new version, and no other. */
    HTTP2(
            Topic.NETWORK,
            "--http2, --http2-prior-knowledge",
            Kind.FLAG,
            "",
            "speak HTTP/2 and nothing else",
            "With https the server has to agree (ALPN), and no connection comes about if it does not; with http it is spoken at once, "
                    + "which few servers take. Without it, https takes HTTP/2 where the server has it, and http is HTTP/1.1."),

    /** Failures alone. */
    QUIET(Topic.REPORT, "-q, --quiet", Kind.FLAG, "", "tell failures only", ""),
    /** What happens inside. */
    VERBOSE(Topic.REPORT, "-v, --verbose", Kind.FLAG, "", "log what happens inside", ""),
    /** JSON lines. */
    JSON(
            Topic.REPORT,
            "--json",
            Kind.FLAG,
            "",
            "a line per URL on stdout",
            "An object for each URL when it has ended, and one with a summary at the end."),
    /** How progress is shown. */
    PROGRESS(
            Topic.REPORT,
            "--progress auto|bars|lines|none",
            Kind.CHOICE,
            "auto",
            "how progress is shown",
            "auto: bars on a terminal, else failures and the summary alone. lines: one for each file, and one every ten seconds."),
    /** Colours. */
    COLOR(
            Topic.REPORT,
            "--color, --colour auto|always|never",
            Kind.CHOICE,
            "auto",
            "when to use colours",
            "auto: on a terminal, unless the environment has NO_COLOR or TERM=dumb; also elsewhere if it has CLICOLOR_FORCE."),
    /** A line of one's own. */
    WRITE_OUT(
            Topic.REPORT,
            "-w, --write-out T",
            Kind.TEXT,
            "",
            "write T to stdout for each URL",
            "%{NAME} stands for url, final_url, path, name, status, state, bytes, received, resumed_from, segments, tries, retries, sha256, "
                    + "etag, http, kind, error, time_dns, time_connect, time_tls, time_first, time_total or json; \\n is the end of a line. "
                    + "Names of curl are understood where it has the same thing."),
    /** Fetch nothing. */
    DRY_RUN(Topic.REPORT, "-n, --dry-run", Kind.FLAG, "", "print URL and path, fetch nothing", ""),
    /** See it work. */
    DEMO(
            Topic.REPORT,
            "--demo",
            Kind.FLAG,
            "",
            "see it work, without a network",
            "Serves a small site, fetches and verifies it."),
    /** The help. */
    HELP(
            Topic.REPORT,
            "-h, --help [TOPIC]",
            Kind.TEXT,
            "",
            "help; all of it: --help all",
            "Topics are input, output, speed, trouble, request, network, report and all."),
    /** A completion script. */
    COMPLETION(
            Topic.REPORT,
            "--completion bash|zsh|fish",
            Kind.CHOICE,
            "",
            "print completions for a shell",
            "For bash: eval \"$(fetch --completion bash)\" in ~/.bashrc."),
    /** Another config file. */
    CONFIG(
            Topic.REPORT,
            "--config FILE",
            Kind.FILE,
            "",
            "read options from FILE",
            "In place of ~/.config/fetch/config, which need not be there."),
    /** No config file. */
    NO_CONFIG(Topic.REPORT, "--no-config", Kind.FLAG, "", "read no config file", ""),
    /** The version. */
    VERSION(Topic.REPORT, "-V, --version", Kind.FLAG, "", "the version", "");

    private static final Option[] ALL = values();

    private final Topic topic;
    private final String names;
    private final Kind kind;
    private final String otherwise;
    private final String summary;
    private final String more;

    /**
     * @param names all of them, separated by commas, and behind a space what the value is called; in brackets if it may be left out,
     *     with bars between the words that may be chosen
     * @param otherwise the default as one would say it; empty for none
     * @param summary in a few words, after which the default is shown
     * @param more in whole sentences; empty if there is no more to say
     */
    Option(Topic topic, String names, Kind kind, String otherwise, String summary, String more) {
        this.topic = topic;
        this.names = names;
        this.kind = kind;
        this.otherwise = otherwise;
        this.summary = summary;
        this.more = more;
    }

    /** The option of that name, dashes included; null if there is none. */
    public static @Nullable Option named(String name) {
        for (Option option : ALL) {
            if (option.isNamed(name)) {
                return option;
            }
        }
        return null;
    }

    private boolean isNamed(String name) {
        if (!name.startsWith("-")) {
            return false;
        }
        for (int at = names.indexOf(name); at >= 0; at = names.indexOf(name, at + 1)) {
            int end = at + name.length();
            boolean whole = end == names.length() || names.charAt(end) == ',' || names.charAt(end) == ' ';
            if (whole && (at == 0 || names.charAt(at - 1) == ' ')) {
                return true;
            }
        }
        return false;
    }

    /** The group it stands in. */
    public Topic topic() {
        return topic;
    }

    /** What its value is. */
    public Kind kind() {
        return kind;
    }

    /** Whether it is said or not, and takes no value. */
    public boolean isFlag() {
        return kind == Kind.FLAG;
    }

    /** What holds where it is not given, as one would say it; empty for nothing. */
    public String otherwise() {
        return otherwise;
    }

    /** In a few words. */
    public String summary() {
        return summary;
    }

    /** In whole sentences; empty if the summary says all. */
    public String more() {
        return more;
    }

    /** Its names, dashes included, the short one first. */
    public List<String> names() {
        List<String> all = new ArrayList<>(3);
        int end = endOfNames();
        for (int at = 0; at < end; ) {
            int comma = names.indexOf(',', at);
            int stop = comma < 0 || comma > end ? end : comma;
            all.add(names.substring(at, stop));
            at = stop + 2;
        }
        return all;
    }

    /** The first of its long names, as {@code --jobs}. */
    public String longName() {
        int at = names.startsWith("--") ? 0 : names.indexOf("--");
        int end = at;
        while (end < names.length() && ", ".indexOf(names.charAt(end)) < 0) {
            end++;
        }
        return names.substring(at, end);
    }

    /** What its value is called; empty for a flag. */
    public String label() {
        int end = endOfNames();
        return end == names.length() ? "" : names.substring(end + 1);
    }

    /** Whether its value may be left out. */
    public boolean isValueOptional() {
        return names.endsWith("]") && names.charAt(endOfNames() + 1) == '[';
    }

    /** The words that may be chosen; empty if it is no choice. */
    public List<String> choices() {
        if (kind != Kind.CHOICE) {
            return List.of();
        }
        if (this != EXISTS) {
            return List.of(label().split("\\|"));
        }
        List<String> words = new ArrayList<>();
        for (Exists one : Exists.values()) {
            words.add(one.toString());
        }
        return words;
    }

    /** The words that its value may be, also where it is no choice; empty for any. */
    public List<String> words() {
        if (this != HELP) {
            return choices();
        }
        List<String> words = new ArrayList<>();
        for (Topic one : Topic.values()) {
            words.add(one.toString());
        }
        words.add("all");
        return words;
    }

    /** Whether it may be given several times, and each counts. */
    public boolean isRepeatable() {
        return switch (kind) {
            case PLACES, HEADERS, PINS, ADDRESSES -> true;
            default -> false;
        };
    }

    /** Whether its value may be a file. */
    public boolean isFile() {
        return switch (kind) {
            case FILE, PLACE, PLACES -> true;
            default -> false;
        };
    }

    /** The space behind the last name. */
    private int endOfNames() {
        for (int at = 0; at < names.length(); at++) {
            if (names.charAt(at) == ' ' && names.charAt(at - 1) != ',') {
                return at;
            }
        }
        return names.length();
    }

    /** Whether it may be set for a host alone. */
    boolean isForHosts() {
        return switch (this) {
            case PER_HOST, SEGMENTS, RPS, TIMEOUT, CONNECT_TIMEOUT, MAX_TIME, SPEED_LIMIT, SPEED_TIME -> true;
            case HEADER, AGENT, REFERER, USER, BEARER, DIGEST, COMPRESSED -> true;
            case CACERT, CERT, KEY, INSECURE, TLS_MIN, PINNED, PROXY, HTTP1_0, HTTP1_1, HTTP2 -> true;
            default -> false;
        };
    }

    /** Those that say what one run does, and have no place in a file for all runs. */
    static Set<Option> notForFiles() {
        return EnumSet.of(
                INPUT,
                OUTPUT,
                CHECKSUM,
                METHOD,
                DATA,
                UPLOAD,
                DRY_RUN,
                DEMO,
                HELP,
                COMPLETION,
                CONFIG,
                NO_CONFIG,
                VERSION);
    }
}
