package dev.weft.cli.name;

import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.http.message.SafeFileName;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parts of URLs and of names from outside as path elements, each safe as {@link SafeFileName} has it. Paths here are such elements
 * with {@code /} between them: they are neither empty nor absolute, and nothing in them leads upwards. Pure; any thread.
 */
final class SafeParts {
    /** What file systems take of one element. */
    static final int MAX_BYTES = 255;

    /** The name of a file whose URL names none. */
    static final String FALLBACK = "index";

    private SafeParts() {}

    /** One element; null if nothing is left of it. */
    static @Nullable String element(String text) {
        return SafeFileName.of(text, MAX_BYTES);
    }

    /** The last element of a URL's path, percent-decoded once; {@link #FALLBACK} if there is none. The text need not be a valid URL. */
    static String nameOf(String url) {
        String name = lastElement(url);
        return name == null ? FALLBACK : name;
    }

    /** The same; null if there is none. */
    static @Nullable String lastElement(String url) {
        int end = endOfPath(url);
        int slash = url.lastIndexOf('/', end - 1);
        return slash < startOfPath(url, end) ? null : element(decodePercent(url.substring(slash + 1, end)));
    }

    /** The directories of a URL's path, percent-decoded once; empty if there are none. */
    static String directoriesOf(String url) {
        int end = endOfPath(url);
        int start = startOfPath(url, end);
        int slash = url.lastIndexOf('/', end - 1);
        return slash <= start ? "" : path(url.substring(start, slash), true);
    }

    /** The host of a URL, with its port if that is not the scheme's own. */
    static String hostOf(String url) {
        String host;
        try {
            host = element(HttpUrl.parse(url).authority());
        } catch (InvalidUrlException e) {
            host = null;
        }
        return host == null ? "host" : host;
    }

    /** A path from outside: of its elements, those that are left; empty if none is. */
    static String path(String text) {
        return path(text, false);
    }

    private static String path(String text, boolean encoded) {
        StringBuilder path = new StringBuilder(text.length());
        int from = 0;
        while (from <= text.length()) {
            int slash = text.indexOf('/', from);
            int end = slash < 0 ? text.length() : slash;
            String part = text.substring(from, end);
            String safe = part.isEmpty() ? null : element(encoded ? decodePercent(part) : part);
            if (safe != null) {
                path.append(path.isEmpty() ? "" : "/").append(safe);
            }
            from = end + 1;
        }
        return path.toString();
    }

    /** Both one behind the other; either may be empty. */
    static String join(String directory, String rest) {
        return directory.isEmpty() || rest.isEmpty() ? directory + rest : directory + "/" + rest;
    }

    private static int endOfPath(String url) {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '?' || c == '#') {
                return i;
            }
        }
        return url.length();
    }

    /** The place of the slash that begins the path; the end if there is none. */
    private static int startOfPath(String url, int end) {
        int scheme = url.indexOf("://");
        int slash = url.indexOf('/', scheme >= 0 && scheme < end ? scheme + 3 : 0);
        return slash < 0 || slash > end ? end : slash;
    }

    private static String decodePercent(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
            if (low >= 0) {
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[length++] = in[i];
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }
}
