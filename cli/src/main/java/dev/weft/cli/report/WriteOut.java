package dev.weft.cli.report;

import dev.weft.cli.download.Outcome;
import dev.weft.cli.text.Credentials;
import dev.weft.cli.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --write-out} prints for each URL that has ended: a text with {@code %{variable}} in it. {@code %%} is a percent sign, {@code \n},
 * {@code \t}, {@code \r} and <code>\\</code> are what they are in C. A variable that does not apply is empty. Source: curl, whose names are
 * understood where it has the same thing. Immutable; any thread.
 */
public final class WriteOut {
    private static final Map<String, Function<Outcome, @Nullable Object>> VARIABLES = variables();
    /** curl's names for what has another here. */
    private static final Map<String, String> CURLS = Map.ofEntries(
            Map.entry("url_effective", "final_url"),
            Map.entry("filename_effective", "path"),
            Map.entry("http_code", "status"),
            Map.entry("response_code", "status"),
            Map.entry("size_download", "received"),
            Map.entry("num_retries", "retries"),
            Map.entry("errormsg", "error"),
            Map.entry("http_version", "http"));

    private final List<Function<Outcome, @Nullable Object>> pieces;

    private WriteOut(List<Function<Outcome, @Nullable Object>> pieces) {
        this.pieces = pieces;
    }

    private static Map<String, Function<Outcome, @Nullable Object>> variables() {
        Map<String, Function<Outcome, @Nullable Object>> all = new LinkedHashMap<>();
        all.put("url", outcome -> Credentials.hide(outcome.url()));
        all.put("final_url", Outcome::finalUrl);
        all.put("path", Outcome::path);
        all.put("name", Outcome::name);
        all.put("status", outcome -> positive(outcome.status()));
        all.put("state", outcome -> outcome.state().label());
        all.put("bytes", Outcome::bytes);
        all.put("received", Outcome::received);
        all.put("resumed_from", Outcome::resumedFrom);
        all.put("segments", outcome -> positive(outcome.segments()));
        all.put("tries", Outcome::tries);
        all.put("retries", outcome -> Math.max(0, outcome.tries() - 1));
        all.put("sha256", outcome -> outcome.digests().get("sha256"));
        all.put("etag", Outcome::etag);
        all.put("http", Outcome::http);
        all.put(
                "kind",
                outcome -> outcome.failure() == null
                        ? null
                        : outcome.failure().kind().label());
        all.put(
                "error",
                outcome -> outcome.failure() == null ? null : outcome.failure().detail());
        all.put("time_dns", outcome -> seconds(outcome.timings().dns()));
        all.put("time_connect", outcome -> seconds(outcome.timings().connect()));
        all.put("time_tls", outcome -> seconds(outcome.timings().tls()));
        all.put("time_first", outcome -> seconds(outcome.timings().firstByte()));
        all.put("time_total", outcome -> seconds(outcome.took()));
        all.put("json", JsonLines::of);
        return all;
    }

    /** The names of the variables, in the order in which they are documented. */
    public static List<String> names() {
        return List.copyOf(VARIABLES.keySet());
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it has a variable that is not known, or one without an end
     */
    public static WriteOut parse(String template) {
        List<Function<Outcome, @Nullable Object>> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < template.length()) {
            if (template.startsWith("%{", i)) {
                int end = template.indexOf('}', i);
                if (end < 0) {
                    throw new IllegalArgumentException("'" + template.substring(i) + "' has no }");
                }
                String before = text.toString();
                text.setLength(0);
                pieces.add(outcome -> before);
                pieces.add(variable(template.substring(i + 2, end)));
                i = end + 1;
            } else {
                i = plain(template, i, text);
            }
        }
        String rest = text.toString();
        pieces.add(outcome -> rest);
        return new WriteOut(List.copyOf(pieces));
    }

    private static Function<Outcome, @Nullable Object> variable(String name) {
        Function<Outcome, @Nullable Object> variable = VARIABLES.get(CURLS.getOrDefault(name, name));
        if (variable == null) {
            throw new IllegalArgumentException(
                    "there is no variable %{" + name + "}, only " + String.join(", ", VARIABLES.keySet()));
        }
        return variable;
    }

    /** Adds the character at an index, or what it and the next stand for. */
    private static int plain(String template, int i, StringBuilder text) {
        char c = template.charAt(i);
        char next = i + 1 < template.length() ? template.charAt(i + 1) : ' ';
        int at = c == '%' ? "%".indexOf(next) : c == '\\' ? "ntr\\".indexOf(next) : -1;
        if (at < 0) {
            text.append(c);
            return i + 1;
        }
        text.append(c == '%' ? '%' : "\n\t\r\\".charAt(at));
        return i + 2;
    }

    /** The text for a URL that has ended; what servers had a say in cannot paint on a terminal. */
    String of(Outcome outcome) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            Object value = pieces.get(i).apply(outcome);
            // Between the variables, which have the odd places, stands what the person wrote.
            out.append(value == null ? "" : i % 2 == 0 ? value : Printable.of(value.toString()));
        }
        return out.toString();
    }

    private static @Nullable Integer positive(int value) {
        return value > 0 ? value : null;
    }

    /** As curl has them: with six decimals. */
    private static @Nullable String seconds(@Nullable Duration time) {
        if (time == null) {
            return null;
        }
        long micros = time.toNanos() / 1000;
        String decimals = Long.toString(1_000_000 + micros % 1_000_000).substring(1);
        return micros / 1_000_000 + "." + decimals;
    }
}
