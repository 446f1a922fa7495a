package dev.weft.http.cookie;

import dev.weft.http.message.HttpUrl;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a cookie that a server sets is taken, and as what. Pure: whether a Secure cookie stands in its way is the store's
 * question. Source: RFC 6265bis sections 5.5 and 5.7, steps 1 to 22.
 */
final class Admission {
    /** Nothing a server sets lives longer. */
    static final Duration MAX_AGE = Duration.ofDays(400);

    private Admission() {}

    /** What became of it. */
    sealed interface Verdict {}

    /** The cookie to be stored; an expired one deletes. */
    record Taken(Cookie cookie) implements Verdict {}

    /** No cookie; the reason can follow "ignored: ", and tells no value. */
    record Ignored(String reason) implements Verdict {}

    /**
     * Judges the value of one {@code Set-Cookie} field.
     *
     * @param secure whether the connection counts as secure
     */
    static Verdict judge(String setCookie, HttpUrl url, boolean secure, Instant now) {
        if (Octets.holdsControl(setCookie)) {
            return new Ignored("it holds a control character");
        }
        SetCookie received = SetCookie.parse(setCookie);
        if (received.secure && !secure) {
            return new Ignored(received.name + " is Secure, its connection was not");
        }
        Cookie.Builder cookie = Cookie.builder(received.name, received.value)
                .path(path(received, url))
                .expires(expires(received, now))
                .secure(received.secure)
                .httpOnly(received.httpOnly)
                .sameSite(received.sameSite)
                .partitioned(received.partitioned)
                .created(now);
        String wrong = scope(received, url.host(), cookie);
        if (wrong == null && received.path == null && Cookie.isHostPrefixed(received.name)) {
            wrong = "its name begins with __Host-, but there is no Path=/";
        }
        if (wrong == null) {
            wrong = cookie.wrong();
        }
        return wrong == null ? new Taken(cookie.build()) : new Ignored(received.name + ": " + wrong);
    }

    private static String path(SetCookie received, HttpUrl url) {
        String path = received.path;
        return path != null && path.startsWith("/") ? path : Matching.defaultPath(url.path());
    }

    private static @Nullable Instant expires(SetCookie received, Instant now) {
        Instant latest = now.plus(MAX_AGE);
        Long maxAge = received.maxAge;
        if (maxAge != null) {
            return maxAge <= 0 ? Instant.MIN : now.plusSeconds(Math.min(maxAge, MAX_AGE.toSeconds()));
        }
        Instant expires = received.expires;
        return expires != null && expires.isAfter(latest) ? latest : expires;
    }

    /** Sets where the cookie goes; says what is wrong if its Domain is none that this host may name. */
    private static @Nullable String scope(SetCookie received, String host, Cookie.Builder cookie) {
        String domain = received.domain;
        if (domain == null || domain.isEmpty() || domain.endsWith(".")) {
            // A dot behind the domain makes it no domain at all: browsers and aiohttp take the cookie for the host
            // alone.
            cookie.scope(host, true);
            return null;
        }
        if (!Matching.domainMatches(host, domain)) {
            return "its Domain is not that of " + host;
        }
        boolean alone = Matching.isAddress(host) || PublicSuffixes.contains(domain);
        if (alone && !domain.equals(host)) {
            return "its Domain " + domain + " is a public suffix";
        }
        cookie.scope(domain, alone);
        return null;
    }
}
