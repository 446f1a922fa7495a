package dev.weft.cli.options;

import dev.weft.http.download.Checksum;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.ProxySelector;
import dev.weft.loop.net.dial.Pins;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** From what was said of an option to its value. Pure, but for files behind an {@code @}. Messages say what is allowed, and show no secret. */
final class Reading {
    private Reading() {}

    /**
     * The value, of the type that its kind has.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Object of(Option option, String text) {
        return switch (option.kind()) {
            case FLAG -> throw new IllegalArgumentException("it takes no value");
            case TEXT -> text;
            case PLACE -> option == Option.DATA ? text : notEmpty(text);
            case PLACES -> List.of(notEmpty(text));
            case FILE, DIRECTORY -> path(text);
            case COUNT -> Numbers.count(text, 1);
            case NUMBER -> Numbers.count(text, 0);
            case AUTO_COUNT -> text.equals("auto") ? 0 : Numbers.countOrAuto(text);
            case FREQUENCY -> Numbers.frequency(text);
            case RATE -> Numbers.rate(text);
            case TIME -> Numbers.time(text);
            case SPAN -> Numbers.span(text);
            case CHOICE -> choice(option, text);
            default -> rare(option.kind(), text);
        };
    }

    /** Apart, so that a plain start need not know the classes. */
    private static Object rare(Kind kind, String text) {
        return switch (kind) {
            case STATUSES -> Statuses.of(text);
            case SECRET -> new Secret(text.startsWith("@") ? SmallFile.line(text.substring(1)) : text);
            case HEADERS -> headers(text);
            case CHECKSUM -> Checksum.parse(text);
            case METHOD -> method(text);
            case PROXY -> proxy(text);
            case NO_PROXY -> noProxy(text);
            case PINS -> pins(text);
            case ADDRESSES -> List.of(addresses(text));
            default -> throw new IllegalStateException("no reading for " + kind);
        };
    }

    private static String notEmpty(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("its value is empty");
        }
        return text;
    }

    private static Path path(String text) {
        try {
            return Path.of(notEmpty(text));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("that is no path: " + e.getReason(), e);
        }
    }

    private static String choice(Option option, String text) {
        List<String> words = option.choices();
        if (!words.contains(text)) {
            throw new IllegalArgumentException("'" + text + "' is none of " + String.join(", ", words));
        }
        return text;
    }

    private static List<HeaderLine> headers(String text) {
        if (!text.startsWith("@")) {
            return List.of(HeaderLine.parse(text));
        }
        List<HeaderLine> all = new ArrayList<>();
        int number = 0;
        for (String line : SmallFile.text(text.substring(1)).split("\r?\n", -1)) {
            number++;
            try {
                if (!line.isBlank() && !line.startsWith("#")) {
                    all.add(HeaderLine.parse(line));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "line " + number + " of " + text.substring(1) + ": " + e.getMessage(), e);
            }
        }
        return all;
    }

    private static String method(String text) {
        boolean letters =
                !text.isEmpty() && text.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
        if (!letters) {
            throw new IllegalArgumentException("'" + text + "' is no method: GET, POST, PUT, ...");
        }
        String upper = text.toUpperCase(Locale.ROOT);
        if (upper.equals("CONNECT")) {
            throw new IllegalArgumentException("CONNECT is for proxies: --proxy");
        }
        if (upper.equals("HEAD")) {
            throw new IllegalArgumentException("what answers HEAD has no body to save");
        }
        return upper;
    }

    /** As it is: what is made of it depends on who is not to go through it. Empty for none. */
    private static String proxy(String text) {
        if (!text.isEmpty()) {
            var _ = Proxy.parse(text);
        }
        return text;
    }

    private static String noProxy(String text) {
        try {
            ProxySelector.environment(Map.of("no_proxy", text));
        } catch (IllegalArgumentException e) {
            Throwable cause = e.getCause();
            throw new IllegalArgumentException(cause == null ? e.getMessage() : cause.getMessage(), e);
        }
        return text;
    }

    private static List<String> pins(String text) {
        Pins checked = Pins.NONE;
        List<String> all = List.of(text.split(";", -1));
        for (String pin : all) {
            checked = checked.and(pin);
        }
        return all;
    }

    /** The host and its addresses, each behind a space: ports are all the same to it. */
    private static String addresses(String text) {
        String shape = "'" + text + "' is not HOST:PORT:ADDRESS, as example.com:443:127.0.0.1";
        int first = text.indexOf(':');
        int second = text.indexOf(':', first + 1);
        if (first < 1 || second < 0) {
            throw new IllegalArgumentException(shape);
        }
        String port = text.substring(first + 1, second);
        if (!port.equals("*")) {
            Numbers.count(port, 1);
        }
        StringBuilder pin = new StringBuilder(text.substring(0, first).toLowerCase(Locale.ROOT));
        for (String one : text.substring(second + 1).split(",", -1)) {
            String address = one.startsWith("[") && one.endsWith("]") ? one.substring(1, one.length() - 1) : one;
            try {
                pin.append(' ').append(InetAddress.ofLiteral(address).getHostAddress());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(shape + ": '" + one + "' is no address", e);
            }
        }
        return pin.toString();
    }
}
