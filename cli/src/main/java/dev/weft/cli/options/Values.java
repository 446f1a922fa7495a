package dev.weft.cli.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was said of the options in one place, the command line or a section of a file, over what was said in others. Each value is checked
 * when it is put in, and is of the type of its {@link Kind} from then on. Filled by one thread, then read by any.
 */
final class Values {
    private final Map<Option, Object> own;
    private final @Nullable Values below;

    /** Nothing said. */
    Values() {
        this(new EnumMap<>(Option.class), null);
    }

    private Values(Map<Option, Object> own, @Nullable Values below) {
        this.own = own;
        this.below = below;
    }

    /** These, and where they say nothing the others. */
    Values over(Values others) {
        return new Values(own, below == null ? others : below.over(others));
    }

    /** Whether nothing is said. */
    boolean isEmpty() {
        return own.isEmpty() && (below == null || below.isEmpty());
    }

    /**
     * Says something of an option: once more for those that may be given several times, else in place of what was said here.
     *
     * @throws UsageException if that is no value of it; the message names it
     */
    void add(Option option, String text) {
        Object value;
        try {
            value = Reading.of(option, text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option.longName() + ": " + e.getMessage(), "fetch --help " + option.topic());
        }
        if (value instanceof List<?> more && own.get(option) instanceof List<?> before) {
            List<Object> all = new ArrayList<>(before);
            all.addAll(more);
            value = all;
        }
        own.put(option, value);
    }

    /** Says a flag, or takes it back. */
    void flag(Option option, boolean said) {
        own.put(option, said);
    }

    /** Whether it is said in the uppermost place. */
    boolean isOwn(Option option) {
        return own.containsKey(option);
    }

    /** What was said of it; null if nothing was. */
    @Nullable
    Object get(Option option) {
        Object value = own.get(option);
        return value != null || below == null ? value : below.get(option);
    }

    /** The one of several options that exclude each other that the uppermost place says; null if none is said. */
    @Nullable
    Option uppermost(Option... ofThese) {
        for (Option option : ofThese) {
            if (own.containsKey(option)) {
                return option;
            }
        }
        return below == null ? null : below.uppermost(ofThese);
    }

    boolean flag(Option option) {
        return Boolean.TRUE.equals(get(option));
    }

    int number(Option option) {
        return (int) orDefault(option);
    }

    long rate(Option option) {
        Object value = get(option);
        return value == null ? 0 : (long) value;
    }

    Duration time(Option option) {
        return option.otherwise().isEmpty() && get(option) == null ? Duration.ZERO : (Duration) orDefault(option);
    }

    String word(Option option) {
        return (String) orDefault(option);
    }

    @Nullable
    String text(Option option) {
        return (String) get(option);
    }

    @Nullable
    Path path(Option option) {
        return (Path) get(option);
    }

    /** All that was said of an option that may be given several times, what stands below first. */
    List<String> all(Option option) {
        List<String> all = new ArrayList<>(below == null ? List.of() : below.all(option));
        if (own.get(option) instanceof List<?> here) {
            here.forEach(one -> all.add((String) one));
        }
        return all;
    }

    /** The header fields: those of a name that is said above take the place of those below. */
    List<HeaderLine> headers() {
        List<HeaderLine> all = new ArrayList<>();
        List<HeaderLine> here = new ArrayList<>();
        if (own.get(Option.HEADER) instanceof List<?> lines) {
            lines.forEach(line -> here.add((HeaderLine) line));
        }
        for (HeaderLine line : below == null ? Collections.<HeaderLine>emptyList() : below.headers()) {
            if (here.stream().noneMatch(own -> own.name().equalsIgnoreCase(line.name()))) {
                all.add(line);
            }
        }
        all.addAll(here);
        return all;
    }

    private Object orDefault(Option option) {
        Object value = get(option);
        return value == null ? Reading.of(option, option.otherwise()) : value;
    }
}
