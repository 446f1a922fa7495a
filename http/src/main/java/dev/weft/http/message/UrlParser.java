package dev.weft.http.message;

import dev.weft.http.message.HttpUrl.Authority;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@link HttpUrl}s. Pure; says of what is none what is wrong with it. Source: RFC 3986, with WHATWG's hosts. */
final class UrlParser {
    private static final AsciiSet SCHEME = AsciiSet.alphanumericAnd("+.-");

    private UrlParser() {}

    /** A URL as people write it: what is illegal is encoded, dots are resolved. */
    static HttpUrl parse(String url) {
        rejectControls(url);
        String scheme = scheme(url);
        int end = endOfAuthority(url, scheme);
        Tail tail = Tail.of(url, end);
        return new HttpUrl(
                scheme,
                authority(url, scheme, end),
                PercentCoding.path(tail.path),
                tail.query == null ? null : PercentCoding.query(tail.query),
                tail.fragment == null ? null : PercentCoding.fragment(tail.fragment));
    }

    /** A URL whose path, query and fragment stay byte for byte what they are. */
    static HttpUrl encoded(String url) {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw new InvalidUrlException(
                        url, String.format("it is not encoded: it holds the character U+%04X at %d", (int) c, i));
            }
        }
        String scheme = scheme(url);
        int end = endOfAuthority(url, scheme);
        Tail tail = Tail.of(url, end);
        String path = tail.path.isEmpty() ? "/" : tail.path;
        return new HttpUrl(scheme, authority(url, scheme, end), path, tail.query, tail.fragment);
    }

    /** What comes behind the authority, as it is written. */
    record Tail(
            String path, @Nullable String query, @Nullable String fragment) {
        static Tail of(String text, int from) {
            int hash = text.indexOf('#', from);
            int end = hash < 0 ? text.length() : hash;
            int mark = text.indexOf('?', from, end);
            return new Tail(
                    text.substring(from, mark < 0 ? end : mark),
                    mark < 0 ? null : text.substring(mark + 1, end),
                    hash < 0 ? null : text.substring(hash + 1));
        }
    }

    static void rejectControls(String url) {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c < ' ' || c == 0x7f) {
                throw new InvalidUrlException(url, "it holds a control character at " + i);
            }
        }
    }

    /** Whether a reference is a whole URL: RFC 3986 section 4.1. */
    static boolean hasScheme(String reference) {
        int colon = reference.indexOf(':');
        if (colon < 1 || !isLetter(reference.charAt(0))) {
            return false;
        }
        for (int i = 1; i < colon; i++) {
            char c = reference.charAt(i);
            if (!SCHEME.contains(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    private static String scheme(String url) {
        if (url.startsWith("https://")) {
            return "https";
        }
        if (url.startsWith("http://")) {
            return "http";
        }
        if (!hasScheme(url)) {
            throw new InvalidUrlException(url, "it does not begin with http:// or https://");
        }
        String scheme = httpScheme(url);
        if (!url.startsWith("//", scheme.length() + 1)) {
            throw new InvalidUrlException(url, "there is no // behind " + scheme + ":");
        }
        return scheme;
    }

    private static String httpScheme(String url) {
        if (url.regionMatches(true, 0, "https:", 0, 6)) {
            return "https";
        }
        if (url.regionMatches(true, 0, "http:", 0, 5)) {
            return "http";
        }
        String scheme = url.substring(0, url.indexOf(':')).toLowerCase(Locale.ROOT);
        throw new InvalidUrlException(url, "its scheme is " + scheme + ", not http or https");
    }

    private static int endOfAuthority(String url, String scheme) {
        int end = scheme.length() + 3;
        while (end < url.length() && !isEnd(url.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isEnd(char c) {
        return c == '/' || c == '?' || c == '#';
    }

    private static Authority authority(String url, String scheme, int end) {
        int start = scheme.length() + 3;
        int at = url.lastIndexOf('@', end - 1);
        String userInfo = at < start ? null : url.substring(start, at);
        if (userInfo != null && userInfo.indexOf('\\') >= 0) {
            // Browsers read it as a slash, and what is in front of it as the host.
            throw new InvalidUrlException(url, "there is a backslash in front of its host");
        }
        int from = userInfo == null ? start : at + 1;
        int colon = portColon(url, from, end);
        try {
            String host = HostParser.parse(url.substring(from, colon < 0 ? end : colon));
            return new Authority(userInfo, host, port(url, scheme, colon < 0 ? "" : url.substring(colon + 1, end)));
        } catch (IllegalArgumentException e) {
            throw new InvalidUrlException(url, String.valueOf(e.getMessage()));
        }
    }

    /** Where the colon before the port is; -1 if there is none. */
    static int portColon(String hostPort) {
        return portColon(hostPort, 0, hostPort.length());
    }

    private static int portColon(String text, int from, int to) {
        int host = text.startsWith("[", from) ? text.indexOf(']', from, to) : from;
        return text.indexOf(':', Math.max(from, host), to);
    }

    private static int port(String url, String scheme, String digits) {
        if (digits.isEmpty()) {
            return defaultPort(scheme);
        }
        int port = port(digits);
        if (port < 1) {
            throw new InvalidUrlException(url, "its port " + digits + " is not a number from 1 to 65535");
        }
        return port;
    }

    /** The port that digits stand for; 0 if they are none from 1 to 65535. */
    static int port(String digits) {
        boolean number = digits.length() <= 5 && Fields.isDigits(digits);
        int port = number && !digits.isEmpty() ? Integer.parseInt(digits) : 0;
        return port > 65535 ? 0 : port;
    }
}
