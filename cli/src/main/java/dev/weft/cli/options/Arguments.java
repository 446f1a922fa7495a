package dev.weft.cli.options;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Takes the arguments of the command line apart, with picocli. It is told only of the options that may be among them: a model of all takes
 * several milliseconds to make, at every start. Immutable.
 *
 * @param values what was said of the options; empty if help or the like is asked for, which holds whatever else is said
 * @param urls what is no option
 * @param instead what is asked for in place of a run: {@code HELP}, {@code VERSION} or {@code COMPLETION}; null for a run
 * @param word what stands behind it; empty for nothing
 */
record Arguments(Values values, List<String> urls, @Nullable Option instead, String word) {
    private static final String NO = "--no-";

    /**
     * Reads the arguments.
     *
     * @throws UsageException if they are wrong; a hint says what may have been meant
     */
    static Arguments of(String... args) {
        CommandLine command = command(mentioned(args));
        try {
            return of(command.parseArgs(args));
        } catch (UnmatchedArgumentException e) {
            throw unknown(e.getUnmatched().getFirst(), args);
        } catch (MissingParameterException e) {
            throw missing(e.getMissing());
        } catch (ParameterException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Those that are named, perhaps more: any letter behind a single dash may be an option. */
    private static Set<Option> mentioned(String... args) {
        Set<Option> all = EnumSet.noneOf(Option.class);
        for (String arg : args) {
            if (arg.startsWith("--")) {
                int equals = arg.indexOf('=');
                String name = equals < 0 ? arg : arg.substring(0, equals);
                add(all, Option.named(name));
                add(all, negated(name));
            } else if (arg.startsWith("-")) {
                for (int i = 1; i < arg.length(); i++) {
                    add(all, Option.named("-" + arg.charAt(i)));
                }
            }
        }
        return all;
    }

    private static void add(Set<Option> all, @Nullable Option option) {
        if (option != null) {
            all.add(option);
        }
    }

    /** The flag that is taken back: by {@code --no-} and its name. */
    static @Nullable Option negated(String name) {
        if (!name.startsWith(NO)) {
            return null;
        }
        Option option = Option.named("--" + name.substring(NO.length()));
        return option != null && option.isFlag() ? option : null;
    }

    private static CommandLine command(Set<Option> options) {
        CommandSpec spec = CommandSpec.create();
        spec.addPositional(PositionalParamSpec.builder()
                .arity("0..*")
                .index("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        for (Option option : options) {
            spec.addOption(spec(option, option.names().toArray(String[]::new)));
            String taken = NO + option.longName().substring(2);
            if (option.isFlag() && Option.named(taken) == null) {
                spec.addOption(spec(option, taken));
            }
        }
        return new CommandLine(spec).setOverwrittenOptionsAllowed(true).setExpandAtFiles(false);
    }

    private static OptionSpec spec(Option option, String... names) {
        OptionSpec.Builder builder = OptionSpec.builder(names).userObject(option);
        if (option.isFlag()) {
            return builder.arity("0").type(boolean.class).build();
        }
        if (option.isValueOptional()) {
            return builder.arity("0..1").type(String.class).fallbackValue("").build();
        }
        return builder.arity("1").type(List.class).auxiliaryTypes(String.class).build();
    }

    private static Arguments of(ParseResult given) {
        List<String> urls = given.matchedPositionalValue(0, List.of());
        for (OptionSpec spec : given.matchedOptions()) {
            Option option = (Option) spec.userObject();
            if (option == Option.HELP || option == Option.VERSION) {
                return instead(option, option == Option.HELP ? spec.<String>getValue() : "");
            }
        }
        Values values = new Values();
        // One entry for each time it was said; the value has all of them.
        Set<Option> seen = EnumSet.noneOf(Option.class);
        for (OptionSpec spec : given.matchedOptions()) {
            Option option = (Option) spec.userObject();
            if (option.isFlag()) {
                values.flag(option, !spec.longestName().startsWith(NO) || Option.named(spec.longestName()) != null);
            } else if (seen.add(option)) {
                for (String text : spec.<List<String>>getValue()) {
                    values.add(option, text);
                }
            }
        }
        String shell = values.text(Option.COMPLETION);
        return shell == null ? new Arguments(values, urls, null, "") : instead(Option.COMPLETION, shell);
    }

    private static Arguments instead(Option what, String word) {
        return new Arguments(new Values(), List.of(), what, word);
    }

    private static UsageException missing(List<ArgSpec> missing) {
        if (missing.isEmpty() || !(missing.getFirst().userObject() instanceof Option option)) {
            return new UsageException("a value is missing");
        }
        return new UsageException(
                option.longName() + ": its value is missing: " + option.longName() + " " + option.label(),
                "fetch --help " + option.topic());
    }

    /** Of what was said for {@code --password=secret} nothing is shown but the name. */
    private static UsageException unknown(String arg, String... args) {
        int equals = arg.indexOf('=');
        String name = equals < 0 ? arg : arg.substring(0, equals);
        String message = "unknown option: '" + name + "'";
        String meant = Habits.of(name);
        if (meant != null) {
            return new UsageException(message, meant);
        }
        try {
            command(EnumSet.allOf(Option.class)).parseArgs(args);
            return new UsageException(message);
        } catch (UnmatchedArgumentException e) {
            List<String> like = new ArrayList<>();
            for (String one : e.getSuggestions()) {
                if (one.startsWith("-") && Option.named(one) != null) {
                    like.add(one);
                }
            }
            return like.isEmpty()
                    ? new UsageException(message)
                    : new UsageException(message, "did you mean " + String.join(" or ", like) + "?");
        } catch (ParameterException e) {
            return new UsageException(message);
        }
    }
}
