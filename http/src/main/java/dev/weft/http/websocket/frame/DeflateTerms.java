package dev.weft.http.websocket.frame;

import dev.weft.http.websocket.PerMessageDeflate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed on about {@code permessage-deflate}: RFC 7692 section 7.1. Pure. Not by Netty's handshaker, which takes an answer that does
 * not keep to the offer for one without the extension.
 *
 * @param clientForgets whether this side compresses each message on its own
 * @param serverForgets whether the server does
 */
record DeflateTerms(boolean clientForgets, boolean serverForgets) {
    private static final String NAME = "permessage-deflate";
    private static final String CLIENT_FORGETS = "client_no_context_takeover";
    private static final String SERVER_FORGETS = "server_no_context_takeover";
    private static final String SERVER_BITS = "server_max_window_bits";
    private static final int MOST_BITS = 15;

    /** The offer, as it is written in {@code Sec-WebSocket-Extensions}. */
    static String offer(PerMessageDeflate offer) {
        StringBuilder text = new StringBuilder(NAME);
        if (offer.serverNoContextTakeover()) {
            text.append("; ").append(SERVER_FORGETS);
        }
        if (offer.clientNoContextTakeover()) {
            text.append("; ").append(CLIENT_FORGETS);
        }
        if (offer.serverMaxWindowBits() != MOST_BITS) {
            text.append("; ").append(SERVER_BITS).append('=').append(offer.serverMaxWindowBits());
        }
        return text.toString();
    }

    /**
     * What the server made of the offer.
     *
     * @param extensions what it answered, each with its parameters
     * @param offer what it was offered, null for nothing
     * @return null if it declined
     * @throws IllegalArgumentException if it answered something else than it was asked, says what
     */
    static @Nullable DeflateTerms of(List<String> extensions, @Nullable PerMessageDeflate offer) {
        DeflateTerms terms = null;
        for (String extension : extensions) {
            List<String> parts = split(extension, ';');
            if (offer == null || !parts.getFirst().equalsIgnoreCase(NAME)) {
                throw new IllegalArgumentException("it uses the extension " + extension + ", which was not offered");
            }
            if (terms != null) {
                throw new IllegalArgumentException("it names the extension " + NAME + " twice");
            }
            terms = terms(parts.subList(1, parts.size()), offer);
        }
        return terms;
    }

    private static DeflateTerms terms(List<String> parameters, PerMessageDeflate offer) {
        Set<String> seen = new HashSet<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            String name = (equals < 0 ? parameter : parameter.substring(0, equals))
                    .strip()
                    .toLowerCase(Locale.ROOT);
            String value =
                    equals < 0 ? null : unquoted(parameter.substring(equals + 1).strip());
            boolean fits = switch (name) {
                case CLIENT_FORGETS, SERVER_FORGETS -> value == null;
                case SERVER_BITS -> value != null && bits(value) <= offer.serverMaxWindowBits();
                default -> false;
            };
            if (!fits || !seen.add(name)) {
                throw new IllegalArgumentException("its parameter of " + NAME + ", " + parameter + ", was not offered");
            }
        }
        if (offer.serverNoContextTakeover() && !seen.contains(SERVER_FORGETS)) {
            throw new IllegalArgumentException("it takes " + NAME + " without " + SERVER_FORGETS);
        }
        if (offer.serverMaxWindowBits() != MOST_BITS && !seen.contains(SERVER_BITS)) {
            throw new IllegalArgumentException("it takes " + NAME + " without " + SERVER_BITS);
        }
        return new DeflateTerms(
                offer.clientNoContextTakeover() || seen.contains(CLIENT_FORGETS), seen.contains(SERVER_FORGETS));
    }

    /** The size of a window, 8 to 15; a number too large for any offer if it is none. */
    private static int bits(String digits) {
        return digits.matches("[89]|1[0-5]") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** The extensions of a header's values: RFC 6455 section 9.1. */
    static List<String> list(List<String> values) {
        List<String> all = new ArrayList<>();
        for (String value : values) {
            for (String extension : split(value, ',')) {
                if (!extension.isEmpty()) {
                    all.add(extension);
                }
            }
        }
        return all;
    }

    /** Splits a text at a mark that is not within quotes. */
    private static List<String> split(String text, char mark) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == mark && !quoted) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }
}
