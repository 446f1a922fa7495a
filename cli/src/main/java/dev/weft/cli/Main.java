package dev.weft.cli;

import dev.weft.cli.help.Completions;
import dev.weft.cli.help.Help;
import dev.weft.cli.options.Asked;
import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.cli.report.Output;
import dev.weft.cli.text.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Map;

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
     * Runs the command, in the environment of the process.
     *
     * @param out standard output: JSON lines, or the help that was asked for
     * @param err standard error, for people
     * @return the exit code
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return run(System.getenv(), args, out, err);
    }

    /** The same in this environment. */
    static int run(Map<String, String> environment, String[] args, PrintStream out, PrintStream err) {
        try {
            Asked asked = Asked.of(environment, args);
            Settings settings = asked.settings();
            return settings == null ? print(asked, out) : run(settings, args, out, err);
        } catch (UsageException e) {
            err.println("fetch: " + Printable.of(e.getMessage()));
            err.println("hint: " + Printable.of(e.hint()));
            return ExitCode.USAGE;
        }
    }

    private static int run(Settings settings, String[] args, PrintStream out, PrintStream err) {
        // Read by the logger when its first user is loaded.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", settings.flag(Option.VERBOSE) ? "debug" : "off");
        return settings.flag(Option.DEMO) ? Demo.run(settings, out, err) : FetchCommand.run(settings, args, out, err);
    }

    private static int print(Asked asked, PrintStream out) {
        if (asked.instead() == Option.VERSION) {
            out.println("fetch " + version());
        } else if (asked.instead() == Option.COMPLETION) {
            out.print(Completions.of(asked.word()));
        } else {
            out.print(Help.of(asked.word(), version()));
        }
        return out.checkError() ? ExitCode.DISK : ExitCode.DONE;
    }

    /** From the manifest of the jar. */
    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
