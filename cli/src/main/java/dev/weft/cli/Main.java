package dev.weft.cli;

import dev.weft.cli.report.Output;
import dev.weft.cli.text.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The process: reads the command line, runs what it asks for, ends with the exit code. */
public final class Main {
    private Main() {}

    /** Runs the command and ends the process. */
    public static void main(String[] args) {
        int code = run(args, new Output(new FileOutputStream(FileDescriptor.out)), System.err);
        // Also where a library has left a thread behind.
        System.exit(code);
    }

    /**
     * Runs the command.
     *
     * @param out standard output: JSON lines, or the help that was asked for
     * @param err standard error, for people
     * @return the exit code
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        CommandLine command = new CommandLine(CommandDefinition.fetch()).setOverwrittenOptionsAllowed(true);
        Options options;
        try {
            ParseResult given = command.parseArgs(args);
            if (given.isUsageHelpRequested()) {
                command.usage(out);
                return ExitCode.DONE;
            }
            if (given.isVersionHelpRequested()) {
                command.printVersionHelp(out);
                return ExitCode.DONE;
            }
            options = new Options(given);
            String contradiction = options.contradiction();
            if (contradiction != null) {
                throw new ParameterException(command, contradiction);
            }
        } catch (ParameterException e) {
            return wrongUsage(e, err);
        }
        // Read by the logger when its first user is loaded.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", options.verbose() ? "debug" : "off");
        return options.demo() ? Demo.run(options, out, err) : FetchCommand.run(options, out, err);
    }

    private static int wrongUsage(ParameterException e, PrintStream err) {
        String message = String.valueOf(e.getMessage());
        err.println("fetch: " + Printable.of(message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1)));
        List<String> meant = e instanceof UnmatchedArgumentException unknown ? unknown.getSuggestions() : List.of();
        err.println(meant.isEmpty() ? "hint: fetch --help" : "hint: did you mean " + String.join(" or ", meant) + "?");
        return ExitCode.USAGE;
    }
}
