package dev.weft.http.middleware;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Keeps secrets out of what is logged or written to files: values are replaced by {@code REDACTED}, names stay. Immutable, any thread.
 *
 * <p>User information of a URL is never shown, whatever the rules. Bodies are not looked at.
 */
@CheckReturnValue
public final class Redaction {
    static final String MARK = "REDACTED";

    private static final Redaction NONE = new Redaction(Set.of(), Set.of());
    private static final Redaction STANDARD =
            NONE.headers("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Auth-Token");
    /** Headers that hold a URL. */
    private static final Set<String> URLS = Set.of("location", "content-location", "referer");

    private static final Pattern COOKIE_VALUE = Pattern.compile("=[^;]*");

    private final Set<String> headers;
    private final Set<String> params;
    private final Pattern secretParams;

    private Redaction(Set<String> headers, Set<String> params) {
        this.headers = headers;
        this.params = params;
        String names = params.stream().map(Pattern::quote).collect(Collectors.joining("|"));
        this.secretParams = Pattern.compile("(?<=[?&#])(" + names + ")=[^&#]*");
    }

    /**
     * The default: the headers {@code Authorization}, {@code Proxy-Authorization}, {@code Cookie}, {@code Set-Cookie}, {@code X-Api-Key} and
     * {@code X-Auth-Token}.
     */
    public static Redaction standard() {
        return STANDARD;
    }

    /** Everything is shown. */
    public static Redaction none() {
        return NONE;
    }

    /** The same, and these headers, in any case. */
    public Redaction headers(String... names) {
        return new Redaction(with(headers, names, true), params);
    }

    /** The same, and these parameters of a URL's query or fragment, as {@code access_token}, in headers that hold a URL too; case matters. */
    public Redaction params(String... names) {
        return new Redaction(headers, with(params, names, false));
    }

    private static Set<String> with(Set<String> known, String[] names, boolean lower) {
        Set<String> all = new HashSet<>(known);
        List.of(names).forEach(name -> all.add(lower ? name.toLowerCase(Locale.ROOT) : name));
        return Set.copyOf(all);
    }

    /** Whether a header's value is a secret. */
    public boolean hides(String headerName) {
        return headers.contains(headerName.toLowerCase(Locale.ROOT));
    }

    /** The value of a header as it may be shown. Of cookies the names stay, of credentials the scheme. */
    public String header(String name, String value) {
        if (!hides(name)) {
            return URLS.contains(name.toLowerCase(Locale.ROOT)) ? reference(value) : value;
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "cookie" -> COOKIE_VALUE.matcher(value).replaceAll("=" + MARK);
            case "set-cookie" -> COOKIE_VALUE.matcher(value).replaceFirst("=" + MARK);
            case "authorization", "proxy-authorization" -> {
                int space = value.indexOf(' ');
                yield space < 0 ? MARK : value.substring(0, space + 1) + MARK;
            }
            default -> MARK;
        };
    }

    /** Headers as they may be shown. */
    public Headers headers(Headers shown) {
        Headers.Builder all = Headers.builder();
        for (Map.Entry<String, String> field : shown) {
            all.add(field.getKey(), header(field.getKey(), field.getValue()));
        }
        return all.build();
    }

    /** A URL as it may be shown, without user information. */
    public String url(HttpUrl url) {
        return reference(url.toString());
    }

    /** A URL or a part of one, as headers have it. */
    private String reference(String text) {
        return params.isEmpty() ? text : secretParams.matcher(text).replaceAll("$1=" + MARK);
    }
}
