package dev.weft.cli.help;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Topic;
import java.util.Locale;

/** The manual page, in roff with the macros of man(7). Pure. */
final class ManPage {
    private static final String DESCRIPTION = """
            fetch downloads files over http and https, many at once.
            .PP
            A file has a temporary name, .NAME.part, until it is whole, and whatever was expected of it was found true. What an
            interrupted run left is gone on with by the same command, but only if the server says that its file is still the same one.
            What may pass, as a connection that breaks or a server that is busy, is tried again.
            .PP
            Failures and progress are told on standard error; standard output has nothing but what was asked for to be there.
            """;

    private static final String CONFIGURATION = """
            The config file has an option a line, by its long name without dashes: name = value, or the name alone for one that takes
            no value. # begins a line of comment. A tilde and a slash at the beginning of a path are the home directory. What stands
            below [host NAME ...] holds for requests to these hosts alone, after redirects too; *.example.com is for all hosts below
            example.com. A section may set per-host, segments, rps, timeout, connect-timeout, max-time, speed-limit, speed-time, header,
            agent, referer, user, bearer, digest, cacert, cert, key, insecure, tls-min, pinnedpubkey and proxy. Passwords and tokens of
            a section are sent through TLS, or where the URL as it was given leads.
            .PP
            The command line wins over the file, a section over what stands above it, the later of two sections over the earlier. What
            the file says without a value is taken back by \\-\\-no\\- and its name.
            .PP
            .nf
            jobs = 64
            [host api.example.com *.cdn.example.com]
            bearer = @~/.config/token
            rps = 5
            .fi
            """;

    private static final String[][] ENVIRONMENT = {
        {"http_proxy, https_proxy, all_proxy, no_proxy", "Proxies, and what goes past them; see --proxy."},
        {"FETCH_USER, FETCH_BEARER", "What -u and --bearer say, where these are not given."},
        {"XDG_CONFIG_HOME", "The config file is fetch/config there, else .config/fetch/config in the home directory."},
        {"NETRC", "The file that --netrc reads, in place of ~/.netrc."},
        {"NO_COLOR, CLICOLOR_FORCE, TERM", "Whether there are colours; see --color."},
        {"FETCH_JAVA_OPTS", "Options for the Java runtime that fetch brings along."}
    };

    private static final String[][] EXIT = {
        {"0", "All was done."},
        {"1", "Some URL failed."},
        {"2", "The command line or the config file is wrong."},
        {"3", "The local disk, or the permission to use it."},
        {"130, 143", "Interrupted, by SIGINT or SIGTERM."}
    };

    private static final String[][] EXAMPLES = {
        {"fetch https://host/a.iso", "One file, in parts where that helps."},
        {"fetch -d out -i urls.txt -j 64", "A list, 64 at once."},
        {"fetch 'https://host/p[001-100].jpg' -o 'p#1.jpg'", "A hundred files."},
        {"fetch --checksums SHA256SUMS https://host/x.tar.gz", "One that must be what the list says."},
        {"fetch --json -i urls.txt | jq .path", "A line of JSON for each URL."},
        {"fetch -i urls.txt --failed again.txt", "And then fetch -i again.txt."}
    };

    private ManPage() {}

    /** The page. */
    static String of(String version) {
        StringBuilder page = new StringBuilder();
        page.append(".\\\" Made from the table of options.\n");
        page.append(".TH FETCH 1 \"\" \"fetch ").append(text(version)).append("\" \"User Commands\"\n");
        page.append(".SH NAME\nfetch \\- download many URLs at once\n");
        page.append(".SH SYNOPSIS\n.B fetch\n[\\fIOPTIONS\\fR] \\fIURL\\fR...\n.br\n.B fetch\n");
        page.append("[\\fIOPTIONS\\fR] \\fB\\-i\\fR \\fIFILE\\fR\n");
        page.append(".SH DESCRIPTION\n").append(DESCRIPTION);
        page.append(".SH OPTIONS\n");
        for (Topic topic : Topic.values()) {
            page.append(".SS ").append(text(topic.heading())).append('\n');
            for (Option option : Option.values()) {
                if (option.topic() == topic) {
                    option(option, page);
                }
            }
        }
        page.append(".SH CONFIGURATION\n").append(CONFIGURATION);
        section("ENVIRONMENT", ENVIRONMENT, page);
        section("EXIT STATUS", EXIT, page);
        section("EXAMPLES", EXAMPLES, page);
        return page.append(".SH SEE ALSO\n.BR curl (1),\n.BR wget (1),\n.BR aria2c (1)\n")
                .toString();
    }

    private static void option(Option option, StringBuilder page) {
        page.append(".TP\n");
        String separator = "";
        for (String name : option.names()) {
            page.append(separator).append("\\fB").append(text(name)).append("\\fR");
            separator = ", ";
        }
        if (!option.isFlag()) {
            page.append(" \\fI").append(text(option.label())).append("\\fR");
        }
        page.append('\n').append(line(sentence(option))).append('\n');
        if (!option.more().isEmpty()) {
            page.append(line(option.more())).append('\n');
        }
    }

    private static String sentence(Option option) {
        String summary = Help.summary(option);
        return summary.substring(0, 1).toUpperCase(Locale.ROOT) + summary.substring(1) + ".";
    }

    private static void section(String heading, String[][] entries, StringBuilder page) {
        page.append(".SH ").append(text(heading)).append('\n');
        for (String[] entry : entries) {
            page.append(".TP\n\\fB")
                    .append(text(entry[0]))
                    .append("\\fR\n")
                    .append(line(entry[1]))
                    .append('\n');
        }
    }

    /** Text that begins a line, where a point or a quote would be a request. */
    private static String line(String text) {
        return (text.startsWith(".") || text.startsWith("'") ? "\\&" : "") + text(text);
    }

    private static String text(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti")
                .replace("\"", "\\(dq");
    }
}
