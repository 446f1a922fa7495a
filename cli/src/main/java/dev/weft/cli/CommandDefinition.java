package dev.weft.cli;

import dev.weft.cli.report.Report.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * The command line as data: the one place where options are defined. Not as annotations, which picocli reads through proxies and
 * reflection, made anew at every start.
 */
final class CommandDefinition {
    private static final int WIDTH = 110;

    private CommandDefinition() {}

    static CommandSpec fetch() {
        CommandSpec spec = CommandSpec.create().name("fetch").versionProvider(CommandDefinition::version);
        spec.addPositional(PositionalParamSpec.builder()
                .arity("0..*")
                .index("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel("URL")
                .hidden(true)
                .build());
        int order = 0;
        for (ArgGroupSpec.Builder group : List.of(input(), output(), speed(), trust(), report())) {
            spec.addArgGroup(group.validate(false).order(order++).build());
        }
        help(spec);
        return spec;
    }

    private static ArgGroupSpec.Builder input() {
        return ArgGroupSpec.builder()
                .heading("Input%n")
                .addArg(value("FILE", "read URLs from FILE (- is standard input)", "-i", "--input")
                        .build());
    }

    private static ArgGroupSpec.Builder output() {
        return ArgGroupSpec.builder()
                .heading("Output%n")
                .addArg(value("DIR", "put files here (made if missing) [.]", "-d", "--dir")
                        .type(Path.class)
                        .build());
    }

    private static ArgGroupSpec.Builder speed() {
        String jobs = "downloads at once [" + Options.DEFAULT_JOBS + "]";
        String perHost = "connections to one host [" + Options.DEFAULT_PER_HOST + "; as many as -j, if that is given]";
        return ArgGroupSpec.builder()
                .heading("Speed%n")
                .addArg(value("N", jobs, "-j", "--jobs")
                        .type(Integer.class)
                        .converters(new Count())
                        .build())
                .addArg(value("N", perHost, "--per-host")
                        .type(Integer.class)
                        .converters(new Count())
                        .build());
    }

    private static ArgGroupSpec.Builder trust() {
        return ArgGroupSpec.builder()
                .heading("Trust%n")
                .addArg(value("FILE", "trust the certificates in this PEM file, no others", "--cacert")
                        .type(Path.class)
                        .build())
                .addArg(flag("trust any server: who sits between can change everything", "-k", "--insecure")
                        .build());
    }

    private static ArgGroupSpec.Builder report() {
        return ArgGroupSpec.builder()
                .heading("Report%n")
                .addArg(flag("a line of JSON for each URL on standard output", "--json")
                        .build())
                .addArg(value("HOW", "auto (bars on a terminal), bars, lines or none [auto]", "--progress")
                        .type(Progress.class)
                        .converters(new How())
                        .build())
                .addArg(flag("tell failures only", "-q", "--quiet").build())
                .addArg(flag("log what happens inside", "-v", "--verbose").build())
                .addArg(flag("serve a small site, fetch and verify it, show what concurrency wins", "--demo")
                        .build())
                .addArg(flag("this text", "-h", "--help").usageHelp(true).build())
                .addArg(flag("the version", "-V", "--version").versionHelp(true).build());
    }

    private static OptionSpec.Builder value(String label, String description, String name, String... others) {
        return OptionSpec.builder(name, others)
                .arity("1")
                .type(String.class)
                .paramLabel(label)
                .description(description);
    }

    private static OptionSpec.Builder flag(String description, String name, String... others) {
        return OptionSpec.builder(name, others).arity("0").type(boolean.class).description(description);
    }

    private static void help(CommandSpec spec) {
        spec.usageMessage()
                .header("fetch - download many URLs at once", "")
                .synopsisHeading("")
                .customSynopsis(
                        "Usage: fetch [OPTIONS] URL...",
                        "       fetch [OPTIONS] -i FILE",
                        "       ... | fetch -i -",
                        "",
                        "  fetch https://host/a.iso               one file, named after its URL",
                        "  fetch -d out -i urls.txt -j 64         a list, one URL a line; # begins a comment",
                        "  fetch --json -i urls.txt | jq .path    a line of JSON for each URL",
                        "  fetch --demo                           see it work, without a network",
                        "")
                .footer(
                        "",
                        "A file gets its name when it is whole; one of that name that was there is replaced. Redirects are not",
                        "followed. No answer for 30 s, or no connection in 10 s, is a failure. Two URLs of one name become NAME",
                        "and NAME.1.",
                        "",
                        "Exit: 0 all done, 1 some URL failed, 2 wrong usage, 3 local disk or permission, 130 interrupted.")
                .sortOptions(false)
                .autoWidth(false)
                .width(WIDTH);
    }

    /** From the manifest of the jar. */
    private static String[] version() {
        String version = CommandDefinition.class.getPackage().getImplementationVersion();
        return new String[] {"fetch " + (version == null ? "(not packaged)" : version)};
    }

    /** A number of things at once. */
    private static final class Count implements ITypeConverter<Integer> {
        private static final int MOST = 65_535;

        @Override
        public Integer convert(String text) {
            if (text.matches("[0-9]{1,5}")) {
                int count = Integer.parseInt(text);
                if (count >= 1 && count <= MOST) {
                    return count;
                }
            }
            throw new TypeConversionException("'" + text + "' is no number from 1 to " + MOST);
        }
    }

    /** A way to show progress, by its name. */
    private static final class How implements ITypeConverter<Progress> {
        @Override
        public Progress convert(String text) {
            for (Progress progress : Progress.values()) {
                if (progress.toString().equals(text)) {
                    return progress;
                }
            }
            String all = Stream.of(Progress.values()).map(Progress::toString).collect(Collectors.joining(", "));
            throw new TypeConversionException("'" + text + "' is none of " + all);
        }
    }
}
