package dev.weft.http.message;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An {@code http} or {@code https} URL. What is legal in it is kept byte for byte, never decoded and encoded again, so that
 * signed URLs stay valid; what is illegal is percent-encoded, {@code .} and {@code ..} segments are resolved.
 *
 * <p>The file is long because a URL is one thing: what reads it and what tells of it belong together.
 *
 * <p>Immutable. Unlike {@link URI} it takes spaces, {@code |}, non-ASCII letters, and hosts with an underscore. Source: RFC 3986.
 */
public final class HttpUrl {
    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*:");

    private final String scheme;
    private final @Nullable String userInfo;
    private final String host;
    private final int port;
    private final String path;
    private final @Nullable String query;
    private final @Nullable String fragment;

    private HttpUrl(Parts parts, @Nullable String query) {
        this.scheme = parts.scheme;
        this.userInfo = parts.userInfo;
        this.host = parts.host;
        this.port = parts.port;
        this.path = parts.path;
        this.query = query;
        this.fragment = parts.fragment;
    }

    private record Parts(
            String scheme,
            @Nullable String userInfo,
            String host,
            int port,
            String path,
            @Nullable String fragment) {}

    /**
     * Reads a URL.
     *
     * @throws InvalidUrlException if it is none, says what is wrong with it
     */
    public static HttpUrl parse(String url) {
        rejectControls(url);
        int colon = url.indexOf(':');
        String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
        if (colon <= 0
                || !scheme.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "+-.".indexOf(c) >= 0))) {
            throw new InvalidUrlException(url, "it does not begin with http:// or https://");
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new InvalidUrlException(url, "its scheme is " + scheme + ", not http or https");
        }
        if (!url.startsWith("//", colon + 1)) {
            throw new InvalidUrlException(url, "there is no // behind " + scheme + ":");
        }
        int start = colon + 3;
        int end = endOfAuthority(url, start);
        String authority = url.substring(start, end);
        int at = authority.lastIndexOf('@');
        String userInfo = at < 0 ? null : authority.substring(0, at);
        String hostPort = authority.substring(at + 1);
        int portColon = portColon(url, hostPort);
        String host = host(url, portColon < 0 ? hostPort : hostPort.substring(0, portColon));
        int port = port(url, scheme, portColon < 0 ? "" : hostPort.substring(portColon + 1));

        int hash = url.indexOf('#', end);
        String fragment = hash < 0 ? null : PercentCoding.fragment(url.substring(hash + 1));
        String rest = hash < 0 ? url.substring(end) : url.substring(end, hash);
        int mark = rest.indexOf('?');
        String path = PercentCoding.path(mark < 0 ? rest : rest.substring(0, mark));
        String query = mark < 0 ? null : PercentCoding.query(rest.substring(mark + 1));
        return new HttpUrl(new Parts(scheme, userInfo, host, port, path, fragment), query);
    }

    /** The URL that a {@link URI} holds, as it is written there. */
    public static HttpUrl of(URI uri) {
        return parse(uri.toString());
    }

    private static void rejectControls(String url) {
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c < ' ' || c == 0x7f) {
                throw new InvalidUrlException(url, "it holds a control character at " + i);
            }
        }
    }

    private static int endOfAuthority(String url, int start) {
        int end = start;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static int portColon(String url, String hostPort) {
        if (!hostPort.startsWith("[")) {
            return hostPort.indexOf(':');
        }
        int close = hostPort.indexOf(']');
        if (close < 0 || (close + 1 < hostPort.length() && hostPort.charAt(close + 1) != ':')) {
            throw new InvalidUrlException(url, "its IPv6 address has no closing bracket before the port or path");
        }
        return close + 1 < hostPort.length() ? close + 1 : -1;
    }

    private static String host(String url, String host) {
        if (host.isEmpty()) {
            throw new InvalidUrlException(url, "it has no host");
        }
        if (host.startsWith("[")) {
            String address = host.substring(1, host.length() - 1);
            try {
                Inet6Address.ofLiteral(address);
            } catch (IllegalArgumentException e) {
                throw new InvalidUrlException(url, address + " is not an IPv6 address");
            }
            return address.toLowerCase(Locale.ROOT);
        }
        return hostName(url, host);
    }

    private static String hostName(String url, String host) {
        String ascii = host;
        if (host.chars().anyMatch(c -> c >= 128)) {
            try {
                ascii = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
            } catch (IllegalArgumentException e) {
                throw new InvalidUrlException(url, "its host is not a valid international name");
            }
        }
        for (int i = 0; i < ascii.length(); i++) {
            char c = ascii.charAt(i);
            if (!Fields.isAlphanumeric(c) && "-._".indexOf(c) < 0) {
                throw new InvalidUrlException(url, "its host holds the character '" + c + "'");
            }
        }
        for (String label : ascii.split("\\.", -1)) {
            if (label.length() > 63) {
                throw new InvalidUrlException(url, "a part of its host has more than 63 characters");
            }
        }
        if (ascii.startsWith(".") || ascii.contains("..") || ascii.length() > 254) {
            throw new InvalidUrlException(url, "its host has an empty part or more than 253 characters");
        }
        return ascii.toLowerCase(Locale.ROOT);
    }

    private static int port(String url, String scheme, String digits) {
        if (digits.isEmpty()) {
            return scheme.equals("https") ? 443 : 80;
        }
        int port = 0;
        if (digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            port = Integer.parseInt(digits);
        }
        if (port < 1 || port > 65535) {
            throw new InvalidUrlException(url, "its port " + digits + " is not a number from 1 to 65535");
        }
        return port;
    }

    /** The URL with name and value added at the end of its query, both percent-encoded. */
    public HttpUrl withParam(String name, String value) {
        String pair = PercentCoding.parameter(name) + "=" + PercentCoding.parameter(value);
        Parts parts = new Parts(scheme, userInfo, host, port, path, fragment);
        return new HttpUrl(parts, query == null || query.isEmpty() ? pair : query + "&" + pair);
    }

    /**
     * The URL that a reference means here: RFC 3986 section 5. What is legal in it is kept byte for byte.
     *
     * @param reference as {@code /a}, {@code ../b?x=1}, {@code //host/}, or a whole URL
     * @throws InvalidUrlException if what comes out is no {@code http} or {@code https} URL
     */
    public HttpUrl resolve(String reference) {
        rejectControls(reference);
        if (SCHEME.matcher(reference).find()) {
            return parse(reference);
        }
        if (reference.startsWith("//")) {
            return parse(scheme + ":" + reference);
        }
        int hash = reference.indexOf('#');
        String newFragment = hash < 0 ? null : PercentCoding.fragment(reference.substring(hash + 1));
        String rest = hash < 0 ? reference : reference.substring(0, hash);
        int mark = rest.indexOf('?');
        String given = mark < 0 ? rest : rest.substring(0, mark);
        String newQuery = mark < 0 ? null : PercentCoding.query(rest.substring(mark + 1));
        if (given.isEmpty()) {
            return new HttpUrl(new Parts(scheme, userInfo, host, port, path, newFragment), mark < 0 ? query : newQuery);
        }
        String whole = given.startsWith("/") ? given : path.substring(0, path.lastIndexOf('/') + 1) + given;
        return new HttpUrl(new Parts(scheme, userInfo, host, port, PercentCoding.path(whole), newFragment), newQuery);
    }

    /** The same with another fragment, as it stands in a URL; null for none. */
    public HttpUrl withFragment(@Nullable String encoded) {
        return new HttpUrl(
                new Parts(scheme, userInfo, host, port, path, encoded == null ? null : PercentCoding.fragment(encoded)),
                query);
    }

    /** The same without what stands before the {@code @}. */
    public HttpUrl withoutUserInfo() {
        return userInfo == null ? this : new HttpUrl(new Parts(scheme, null, host, port, path, fragment), query);
    }

    /** Whether scheme, host and port are the same: RFC 6454. */
    public boolean isSameOrigin(HttpUrl other) {
        return port == other.port && host.equals(other.host) && scheme.equals(other.scheme);
    }

    /** Scheme, host and port, as {@code https://example.com}. */
    public String origin() {
        return scheme + "://" + authority();
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return scheme;
    }

    /** Whether it is {@code https}. */
    public boolean isTls() {
        return scheme.equals("https");
    }

    /** What stands before the {@code @}, as it is written; null if nothing does. */
    public @Nullable String userInfo() {
        return userInfo;
    }

    /** The host in lower case and ASCII; an IPv6 address without brackets. */
    public String host() {
        return host;
    }

    /** The port, the scheme's own where none is written. */
    public int port() {
        return port;
    }

    /** Host and port as the {@code Host} header has them: the port only if it is not the scheme's own. */
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (isTls() ? 443 : 80) ? name : name + ":" + port;
    }

    /** The path, encoded; begins with {@code /}. */
    public String path() {
        return path;
    }

    /** What is behind the {@code ?}, encoded; null if there is none. */
    public @Nullable String query() {
        return query;
    }

    /** What is behind the {@code #}, encoded; null if there is none. It is never sent. */
    public @Nullable String fragment() {
        return fragment;
    }

    /** Path and query as the request line has them. */
    public String target() {
        return query == null ? path : path + "?" + query;
    }

    /** The same as a {@link URI}, without user information. */
    public URI toUri() {
        return URI.create(toString());
    }

    /** The URL, without user information: it may be a password. */
    @Override
    public String toString() {
        return scheme + "://" + authority() + target() + (fragment == null ? "" : "#" + fragment);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HttpUrl that
                && toString().equals(that.toString())
                && java.util.Objects.equals(userInfo, that.userInfo);
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
