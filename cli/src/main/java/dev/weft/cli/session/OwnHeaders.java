package dev.weft.cli.session;

import dev.weft.cli.options.HeaderLine;
import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.http.ClientSession;
import dev.weft.http.message.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The header fields that the settings ask for. Immutable.
 *
 * @param sent those that are sent
 * @param left names, in lower case, that are not sent though the client would
 */
record OwnHeaders(Headers sent, List<String> left) {
    /** Of all that may be said of them; what is said by name comes before options for one header alone. */
    static OwnHeaders of(Settings settings) {
        Headers.Builder sent = Headers.builder();
        List<String> left = new ArrayList<>();
        List<HeaderLine> lines = settings.headers();
        for (HeaderLine line : lines) {
            String value = line.value();
            if (value == null) {
                left.add(line.name().toLowerCase(Locale.ROOT));
            } else {
                sent.add(line.name(), value);
            }
        }
        add("User-Agent", settings.text(Option.AGENT), lines, sent, left);
        add("Referer", settings.text(Option.REFERER), lines, sent, left);
        // A file is kept as it is: what is compressed on the server stays so, and its length is known.
        String coding = settings.flag(Option.COMPRESSED) ? null : "identity";
        add("Accept-Encoding", coding, lines, sent, left);
        return new OwnHeaders(sent.build(), left);
    }

    private static void add(
            String name, @Nullable String value, List<HeaderLine> lines, Headers.Builder sent, List<String> left) {
        if (value == null || isSaid(name, lines)) {
            return;
        }
        if (value.isEmpty()) {
            left.add(name.toLowerCase(Locale.ROOT));
        } else {
            sent.add(name, value);
        }
    }

    private static boolean isSaid(String name, List<HeaderLine> lines) {
        for (HeaderLine line : lines) {
            if (line.name().equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /** Makes them those of all requests of a session. */
    void addTo(ClientSession.Builder builder) {
        sent.forEach(field -> builder.header(field.getKey(), field.getValue()));
        if (!left.isEmpty()) {
            builder.skipAutoHeaders(left.toArray(String[]::new));
        }
    }
}
