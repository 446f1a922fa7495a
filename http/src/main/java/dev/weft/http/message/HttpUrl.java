package dev.weft.http.message;

import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An {@code http} or {@code https} URL. What is legal in it is kept byte for byte, never decoded and encoded again, so that
 * signed URLs stay valid; what is illegal is percent-encoded, {@code .} and {@code ..} segments are resolved.
 *
 * <p>The host is read as browsers read it: numbers in any form are IPv4 addresses, percent-encoding is undone, international names are mapped
 * to ASCII; see {@link #host()}.
 *
 * <p>Immutable. Unlike {@link URI} it takes spaces, {@code |}, non-ASCII letters, and hosts with an underscore. Source: RFC 3986.
 */
public final class HttpUrl {
    private final String scheme;
    private final Authority authority;
    private final String path;
    private final @Nullable String query;
    private final @Nullable String fragment;

    HttpUrl(String scheme, Authority authority, String path, @Nullable String query, @Nullable String fragment) {
        this.scheme = scheme;
        this.authority = authority;
        this.path = path;
        this.query = query;
        this.fragment = fragment;
    }

    /** What stands between {@code //} and the path; the port is the scheme's own where none is written. */
    record Authority(@Nullable String userInfo, String host, int port) {}

    /**
     * Reads a URL.
     *
     * @throws InvalidUrlException if it is none, says what is wrong with it
     */
    public static HttpUrl parse(String url) {
        return UrlParser.parse(url);
    }

    /**
     * Reads a URL that is encoded already: path, query and fragment are sent byte for byte as they stand here, {@code ..} and
     * {@code %zz} included. Source: yarl's {@code URL(encoded=True)}.
     *
     * @throws InvalidUrlException if it is none, or holds a space, a control character or one beyond ASCII
     */
    public static HttpUrl encoded(String url) {
        return UrlParser.encoded(url);
    }

    /** The URL that a {@link URI} holds, as it is written there. */
    public static HttpUrl of(URI uri) {
        return parse(uri.toString());
    }

    /** The URL with name and value added at the end of its query, both percent-encoded. */
    public HttpUrl withParam(String name, String value) {
        String pair = PercentCoding.parameter(name) + "=" + PercentCoding.parameter(value);
        String longer = query == null || query.isEmpty() ? pair : query + "&" + pair;
        return new HttpUrl(scheme, authority, path, longer, fragment);
    }

    /**
     * The same with another query: what is legal in it stays as it is, percent-encoding included, the rest is percent-encoded.
     *
     * @param raw without the {@code ?}; null for none
     */
    public HttpUrl withQuery(@Nullable String raw) {
        return new HttpUrl(scheme, authority, path, raw == null ? null : PercentCoding.query(raw), fragment);
    }

    /**
     * The URL that a reference means here: RFC 3986 section 5. What is legal in it is kept byte for byte.
     *
     * @param reference as {@code /a}, {@code ../b?x=1}, {@code //host/}, or a whole URL
     * @throws InvalidUrlException if what comes out is no {@code http} or {@code https} URL
     */
    public HttpUrl resolve(String reference) {
        UrlParser.rejectControls(reference);
        if (UrlParser.hasScheme(reference)) {
            return parse(reference);
        }
        if (reference.startsWith("//")) {
            return parse(scheme + ":" + reference);
        }
        UrlParser.Tail tail = UrlParser.Tail.of(reference, 0);
        String newFragment = tail.fragment() == null ? null : PercentCoding.fragment(tail.fragment());
        String newQuery = tail.query() == null ? null : PercentCoding.query(tail.query());
        if (tail.path().isEmpty()) {
            return new HttpUrl(scheme, authority, path, newQuery == null ? query : newQuery, newFragment);
        }
        String whole =
                tail.path().startsWith("/") ? tail.path() : path.substring(0, path.lastIndexOf('/') + 1) + tail.path();
        return new HttpUrl(scheme, authority, PercentCoding.path(whole), newQuery, newFragment);
    }

    /** The same with another fragment, as it stands in a URL; null for none. */
    public HttpUrl withFragment(@Nullable String encoded) {
        return new HttpUrl(scheme, authority, path, query, encoded == null ? null : PercentCoding.fragment(encoded));
    }

    /** The same without what stands before the {@code @}. */
    public HttpUrl withoutUserInfo() {
        return authority.userInfo == null
                ? this
                : new HttpUrl(scheme, new Authority(null, authority.host, authority.port), path, query, fragment);
    }

    /** Whether scheme, host and port are the same: RFC 6454. */
    public boolean isSameOrigin(HttpUrl other) {
        return authority.port == other.authority.port
                && authority.host.equals(other.authority.host)
                && scheme.equals(other.scheme);
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
        return authority.userInfo;
    }

    /** The {@code Authorization} that the user information stands for: Basic, RFC 7617, its percent-encoding undone; null without. */
    public @Nullable String authorization() {
        return authority.userInfo == null ? null : BasicCredentials.ofUserInfo(authority.userInfo);
    }

    /**
     * The host in lower case and ASCII, in one form for each host: an IPv4 address as {@code 127.0.0.1} whatever form it was written in, an
     * IPv6 address in its shortest form without brackets, a name with its final dot if it has one. International names are mapped by IDNA
     * 2003, as the JDK has it. Source: WHATWG URL, "host parsing".
     */
    public String host() {
        return authority.host;
    }

    /** The port, the scheme's own where none is written. */
    public int port() {
        return authority.port;
    }

    /** Host and port as the {@code Host} header has them: the port only if it is not the scheme's own. */
    public String authority() {
        String host = authority.host;
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return authority.port == UrlParser.defaultPort(scheme) ? name : name + ":" + authority.port;
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

    /** The same as a {@link URI}, without user information; what {@link #encoded} let through and no URI may hold is escaped. */
    public URI toUri() {
        return URI.create(origin()
                + PercentCoding.escapedPath(path)
                + (query == null ? "" : "?" + PercentCoding.query(query))
                + (fragment == null ? "" : "#" + PercentCoding.fragment(fragment)));
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
                && Objects.equals(userInfo(), that.userInfo());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
