package dev.weft.http.cookie;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Key;
import dev.weft.loop.Awaitable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the cookies that servers set, and gives each URL those that go to it. Sessions may share one.
 *
 * <p>Servers may set what RFC 6265bis lets them: nothing for a public suffix as {@code co.uk}, no {@code Secure} cookie over plain
 * {@code http}, no insecure one over a Secure one, at most 4096 octets, for at most 400 days. What is refused is logged, without its
 * value, at debug level. What the caller puts in with {@link #set}, {@link #add}, {@link #shared} or from a file is taken as it is.
 *
 * <p>Values go back as they came, quotes and percent signs included. Only the bytes of a value that is no UTF-8 change: header fields
 * are read as ISO-8859-1 then, and written as UTF-8.
 *
 * <p>Any thread, sessions of several loops too: it has a lock, held for moments. Nothing in it suspends a task but {@link #save},
 * {@link #load}, {@link #saveNetscape} and {@link #loadNetscape}. Source: aiohttp's {@code CookieJar}.
 */
// The file is long because each way to put cookies in, to take them out and to keep them has its documentation.
@CheckReturnValue
public final class CookieJar implements Iterable<Cookie> {
    private static final Logger LOG = LoggerFactory.getLogger(CookieJar.class);
    private static final CookieJar NONE = builder().limit(0).build();

    /** The jar of a session, or of a request; none where neither sets one. */
    public static final Key<CookieJar> OPTION = Key.of("cookieJar", NONE);

    private final CookieStore store;
    private final InstantSource clock;
    private final Set<String> treatedAsSecure;
    private final boolean keepsNone;

    private CookieJar(Builder settings) {
        store = new CookieStore(settings.clock, settings.limit, settings.limitPerDomain);
        clock = settings.clock;
        treatedAsSecure = Set.copyOf(settings.treatedAsSecure);
        keepsNone = settings.limit == 0;
    }

    /** An empty jar with the defaults. */
    public static CookieJar create() {
        return builder().build();
    }

    /** A jar that stays empty whatever is put in. Source: aiohttp's {@code DummyCookieJar}. */
    public static CookieJar none() {
        return NONE;
    }

    /** A jar with other settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings of a {@link CookieJar}. */
    public static final class Builder {
        private int limit = 3000;
        private int limitPerDomain = 50;
        private InstantSource clock = InstantSource.system();
        private final Set<String> treatedAsSecure = new HashSet<>();

        private Builder() {}

        /**
         * How many cookies there are at most; default 3000. Beyond that, the one that was sent or set the longest time ago goes.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder limit(int cookies) {
            limit = notNegative("limit", cookies);
            return this;
        }

        /**
         * How many cookies with the same {@link Cookie#domain()} there are at most; default 50. Beyond that, one that is not Secure goes,
         * or if all are, one that is; of these the one that was sent or set the longest time ago.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder limitPerDomain(int cookies) {
            limitPerDomain = notNegative("limitPerDomain", cookies);
            return this;
        }

        private static int notNegative(String name, int value) {
            if (value < 0) {
                throw new IllegalArgumentException(name + " is " + value + ": it must be 0 (keep none) or more");
            }
            return value;
        }

        /**
         * Treats a plain {@code http} origin as secure, so that it can set and gets Secure cookies; for servers on this machine. May be
         * called for several. Source: aiohttp's {@code treat_as_secure_origin}.
         *
         * @param origin as {@code http://localhost:8080}
         * @throws dev.weft.http.message.InvalidUrlException if that is no URL
         * @throws IllegalArgumentException if there is more in it than scheme, host and port
         */
        @CanIgnoreReturnValue
        public Builder treatAsSecure(String origin) {
            HttpUrl url = HttpUrl.parse(origin);
            if (!url.target().equals("/") || url.fragment() != null || url.userInfo() != null) {
                throw new IllegalArgumentException(origin + " is no origin: it must be scheme, host and port alone");
            }
            treatedAsSecure.add(origin(url));
            return this;
        }

        /** What time it is; for tests. Default the system's clock. */
        @CanIgnoreReturnValue
        public Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        /** The jar, empty. */
        public CookieJar build() {
            return new CookieJar(this);
        }
    }

    private static String origin(HttpUrl url) {
        return url.scheme() + "://" + url.authority();
    }

    private boolean isSecure(HttpUrl url) {
        return url.isTls() || (!treatedAsSecure.isEmpty() && treatedAsSecure.contains(origin(url)));
    }

    /**
     * Takes the cookies of all {@code Set-Cookie} fields of a response from this URL, be it a redirect, an error or any other; those of
     * 1xx responses are best left alone (RFC 6265bis section 5.3). Source: aiohttp's {@code update_cookies_from_headers}.
     */
    public void store(HttpUrl url, Headers responseHeaders) {
        for (String value : responseHeaders.all("Set-Cookie")) {
            update(value, url);
        }
    }

    /**
     * Takes the cookie of one {@code Set-Cookie} field, or leaves it if a server at this URL may not set it.
     *
     * @param setCookie the value of the field
     */
    public void update(String setCookie, HttpUrl url) {
        if (keepsNone) {
            return;
        }
        boolean secure = isSecure(url);
        switch (Admission.judge(setCookie, url, secure, clock.instant())) {
            case Admission.Ignored(String reason) -> LOG.debug("Cookie of {} ignored: {}", url.host(), reason);
            case Admission.Taken(Cookie cookie) -> {
                if (secure) {
                    store.put(cookie);
                } else if (!store.putInsecure(cookie)) {
                    LOG.debug("Cookie of {} ignored: {}: there is a Secure one", url.host(), cookie.name());
                }
            }
        }
    }

    /** The value of the {@code Cookie} header of a request to this URL; null if no cookie goes there. Source: RFC 6265bis section 5.8.3. */
    public @Nullable String headerFor(HttpUrl url) {
        List<Cookie> cookies = filter(url);
        if (cookies.isEmpty()) {
            return null;
        }
        if (cookies.size() == 1) {
            return cookies.getFirst().pair();
        }
        StringJoiner header = new StringJoiner("; ");
        cookies.forEach(cookie -> header.add(cookie.pair()));
        return header.toString();
    }

    /**
     * The cookies that go to this URL, in the order they are sent in: longer paths first, then older ones. They count as used. A
     * {@linkplain #shared shared} one gives way to one of the same name. Source: {@code filter_cookies}.
     */
    public List<Cookie> filter(HttpUrl url) {
        return store.matching(url, isSecure(url));
    }

    /**
     * Puts a cookie in, for whatever host it is made. One with the same name, domain and path is replaced, and leaves its creation
     * time behind; an expired one only removes.
     */
    public void set(Cookie cookie) {
        store.put(cookie);
    }

    /**
     * Puts a cookie in as if the server at this URL had set it without attributes: for that host alone, for the URL's path without
     * its last segment, for the time of the session. Source: {@code update_cookies}.
     *
     * @throws IllegalArgumentException if there can be no such cookie; see {@link Cookie.Builder#build()}
     */
    public void add(String name, String value, HttpUrl url) {
        set(Cookie.builder(name, value)
                .scope(url.host(), true)
                .path(Matching.defaultPath(url.path()))
                .created(clock.instant())
                .build());
    }

    /**
     * Puts a cookie in that goes to every host, for the time of the session. Source: aiohttp's {@code update_cookies} without a URL.
     *
     * @throws IllegalArgumentException if there can be no such cookie; see {@link Cookie.Builder#build()}
     */
    public void shared(String name, String value) {
        set(Cookie.builder(name, value).shared().created(clock.instant()).build());
    }

    /** Removes all cookies. */
    public void clear() {
        store.clear();
    }

    /** Removes the cookies for which this is true; it is asked once for each. */
    public void clear(Predicate<? super Cookie> which) {
        // The caller's code does not run under the lock.
        store.removeAll(cookies().stream().filter(which).toList());
    }

    /** Removes the cookies of a domain, and of those below it. */
    public void clearDomain(String domain) {
        String name = (domain.startsWith(".") ? domain.substring(1) : domain).toLowerCase(Locale.ROOT);
        clear(cookie -> Matching.domainMatches(cookie.domain(), name));
    }

    /** The cookies as they are now, the oldest first; a copy that stays as it is. */
    public List<Cookie> cookies() {
        return store.all();
    }

    /** Over the cookies as they are now; see {@link #cookies()}. */
    @Override
    public Iterator<Cookie> iterator() {
        return cookies().iterator();
    }

    /** How many cookies there are. */
    public int size() {
        return store.size();
    }

    /**
     * Writes all cookies to a file, as JSON: session cookies too, with all that a cookie has. The file is replaced as a whole or not at
     * all, and only its owner may read it (mode 0600 where there are modes). Within a loop, the task waits while another thread writes;
     * elsewhere this thread does. Awaiting throws {@link IOException}, as {@link java.nio.file.Files} does.
     */
    public Awaitable<@Nullable Void, IOException> save(Path file) {
        return () -> CookieFiles.save(file, JsonFormat.INSTANCE, cookies());
    }

    /**
     * Puts the cookies of a file that {@link #save} wrote in the place of all that are here; those that have expired meanwhile are left
     * out. If it fails, nothing changes. Within a loop, the task waits while another thread reads; elsewhere this thread does.
     * Awaiting throws {@link CookieFileException} if there is something else in the file, and {@link IOException}, as
     * {@link java.nio.file.Files} does.
     */
    public Awaitable<@Nullable Void, IOException> load(Path file) {
        return () -> replace(CookieFiles.load(file, JsonFormat.INSTANCE, clock.instant()));
    }

    /**
     * Writes the cookies to a file as curl and wget do ({@code cookies.txt}), in the manner of {@link #save}. This form knows no
     * {@link SameSite}, no {@code Partitioned} and no creation time; what it can not hold, shared cookies and those with a tab in
     * them, is left out with a warning in the log.
     */
    public Awaitable<@Nullable Void, IOException> saveNetscape(Path file) {
        return () -> CookieFiles.save(file, NetscapeFormat.INSTANCE, cookies());
    }

    /**
     * Puts the cookies of a {@code cookies.txt} of curl, wget, a browser or {@link #saveNetscape} in the place of all that are here, in
     * the manner of {@link #load}. Comments, blank lines and {@code #HttpOnly_} are understood; a line that is no cookie is a
     * {@link CookieFileException} with its number.
     */
    public Awaitable<@Nullable Void, IOException> loadNetscape(Path file) {
        return () -> replace(CookieFiles.load(file, NetscapeFormat.INSTANCE, clock.instant()));
    }

    private @Nullable Void replace(List<Cookie> cookies) {
        store.replaceAll(cookies);
        return null;
    }

    /** How many cookies there are, without any value. */
    @Override
    public String toString() {
        return "<CookieJar with " + size() + " cookies>";
    }
}
