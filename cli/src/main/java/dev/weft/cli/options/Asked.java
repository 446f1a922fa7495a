package dev.weft.cli.options;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for: a run, or something to be printed instead. Immutable.
 *
 * @param settings of the run; null if there is none
 * @param instead what is to be printed: {@code HELP}, {@code VERSION} or {@code COMPLETION}; null for a run
 * @param word what about: the topic of the help, empty for the short one, or the shell
 */
public record Asked(@Nullable Settings settings, @Nullable Option instead, String word) {
    /**
     * Reads the command line and, for a run, the config file.
     *
     * @param environment the variables of the environment
     * @throws UsageException if something of it is wrong
     */
    public static Asked of(Map<String, String> environment, String... args) {
        Arguments arguments = Arguments.of(args);
        Settings settings = arguments.instead() == null ? Settings.of(arguments, environment) : null;
        return new Asked(settings, arguments.instead(), arguments.word());
    }
}
