package dev.weft.http.cookie;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cookie: name, value, and where and until when it is sent. What RFC 6265bis lets no client store can not be built, so each cookie
 * can stand in a {@code Cookie} header as it is.
 *
 * <p>Immutable; any thread. {@link #toString()} leaves the value out: it may be a password. Source: RFC 6265bis section 5.7.
 */
// The file is long because each of the eleven parts of a cookie has its setter and its accessor, with their
// documentation.
@CheckReturnValue
public final class Cookie {
    static final int MAX_PAIR_BYTES = 4096;
    private static final String SECURE_PREFIX = "__Secure-";
    private static final String HOST_PREFIX = "__Host-";

    private final String name;
    private final String value;
    private final String domain;
    private final boolean hostOnly;
    private final String path;
    private final @Nullable Instant expires;
    private final boolean secure;
    private final boolean httpOnly;
    private final SameSite sameSite;
    private final boolean partitioned;
    private final Instant created;

    private Cookie(Builder parts) {
        name = parts.name;
        value = parts.value;
        domain = parts.domain;
        hostOnly = parts.hostOnly;
        path = parts.path;
        expires = parts.expires;
        secure = parts.secure;
        httpOnly = parts.httpOnly;
        sameSite = parts.sameSite;
        partitioned = parts.partitioned;
        created = parts.created == null ? Instant.now() : parts.created;
    }

    /**
     * A cookie with this name and value, for the path {@code /} and the time of the session. Where it goes has to be said:
     * {@link Builder#host}, {@link Builder#domain} or {@link Builder#shared}.
     *
     * @param name may be empty; then the value alone is sent
     */
    public static Builder builder(String name, String value) {
        return new Builder(name, value);
    }

    /** The parts of a {@link Cookie}; they are checked when it is built. */
    public static final class Builder {
        private final String name;
        private final String value;
        private String domain = "";
        private boolean hostOnly;
        private boolean scoped;
        private String path = "/";
        private @Nullable Instant expires;
        private boolean secure;
        private boolean httpOnly;
        private SameSite sameSite = SameSite.DEFAULT;
        private boolean partitioned;
        private @Nullable Instant created;

        private Builder(String name, String value) {
            this.name = name;
            this.value = value;
        }

        /**
         * Sends it to this host alone.
         *
         * @param host a name, with letters of any script, or an IP address
         * @throws IllegalArgumentException if it is neither
         */
        @CanIgnoreReturnValue
        public Builder host(String host) {
            return scope(Hosts.canonical(host), true);
        }

        /**
         * Sends it to this domain and all below it; a dot before it is ignored. The list of public suffixes is not asked. An IP
         * address has nothing below it: for one this is the same as {@link #host}.
         *
         * @throws IllegalArgumentException if it is no name of a host
         */
        @CanIgnoreReturnValue
        public Builder domain(String domain) {
            String canonical = Hosts.canonical(domain.startsWith(".") ? domain.substring(1) : domain);
            return scope(canonical, Matching.isAddress(canonical));
        }

        /** Sends it to every host there is. Source: aiohttp's cookies of a session without a URL. */
        @CanIgnoreReturnValue
        public Builder shared() {
            return scope("", false);
        }

        /** As {@link #host} or {@link #domain}, with what is known to be canonical; an empty domain is {@link #shared}. */
        @CanIgnoreReturnValue
        Builder scope(String canonical, boolean alone) {
            domain = canonical;
            hostOnly = alone;
            scoped = true;
            return this;
        }

        /** Sends it to this path and those below it only; encoded as in a URL, default {@code /}. */
        @CanIgnoreReturnValue
        public Builder path(String prefix) {
            path = prefix;
            return this;
        }

        /** When it ends; default null, with the session. */
        @CanIgnoreReturnValue
        public Builder expires(@Nullable Instant end) {
            expires = end;
            return this;
        }

        /** Whether it is sent over secure connections only; default false. */
        @CanIgnoreReturnValue
        public Builder secure(boolean only) {
            secure = only;
            return this;
        }

        /** Whether scripts of a page may not see it; kept, without effect here. Default false. */
        @CanIgnoreReturnValue
        public Builder httpOnly(boolean only) {
            httpOnly = only;
            return this;
        }

        /** The {@code SameSite} attribute; default {@link SameSite#DEFAULT}. */
        @CanIgnoreReturnValue
        public Builder sameSite(SameSite enforcement) {
            sameSite = enforcement;
            return this;
        }

        /** The {@code Partitioned} attribute of CHIPS; kept, without effect here, as there are no sites in sites. Default false. */
        @CanIgnoreReturnValue
        public Builder partitioned(boolean flag) {
            partitioned = flag;
            return this;
        }

        /** When it was made, which orders the {@code Cookie} header; default the time of {@link #build()}. */
        @CanIgnoreReturnValue
        public Builder created(Instant time) {
            created = time;
            return this;
        }

        /**
         * The cookie.
         *
         * @throws IllegalArgumentException if it can not be: name and value are both empty, have more than 4096 octets together, begin or
         *     end with a blank, or hold a control character, {@code ;} or, the name, {@code =}; the path does not begin with
         *     {@code /}; a name with the prefix {@code __Secure-} or {@code __Host-} without what that demands; {@code SameSite=None} or
         *     {@code Partitioned} without {@code Secure}; nothing says where it goes
         */
        public Cookie build() {
            String wrong = scoped ? wrong() : "say where it goes: host(), domain() or shared()";
            if (wrong != null) {
                throw new IllegalArgumentException(
                        (Octets.holdsControl(name) ? "a cookie" : "cookie " + name) + ": " + wrong);
            }
            return new Cookie(this);
        }

        /** What speaks against the cookie, where it goes left aside; null if nothing does. */
        @Nullable
        String wrong() {
            String bad = CookieText.wrong(name, value, path);
            return bad == null ? wrongAttributes() : bad;
        }

        private @Nullable String wrongAttributes() {
            if (!secure && sameSite == SameSite.NONE) {
                return "SameSite=None is for Secure cookies only";
            }
            if (!secure && partitioned) {
                return "Partitioned is for Secure cookies only";
            }
            if (!secure && hasPrefix(name, SECURE_PREFIX)) {
                return "its name begins with __Secure-, but it is not Secure";
            }
            if (isHostPrefixed(name) && !(secure && hostOnly && path.equals("/"))) {
                return "its name begins with __Host-, but it is not Secure, for one host, and for the path /";
            }
            if (name.isEmpty() && (hasPrefix(value, SECURE_PREFIX) || isHostPrefixed(value))) {
                return "it has no name, and its value passes for a name with a prefix";
            }
            return null;
        }
    }

    /** Servers may compare names in any case, so the prefixes count in any case. */
    static boolean isHostPrefixed(String name) {
        return hasPrefix(name, HOST_PREFIX);
    }

    private static boolean hasPrefix(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** A builder with all that this cookie has, its creation time too. */
    public Builder toBuilder() {
        return new Builder(name, value)
                .scope(domain, hostOnly)
                .path(path)
                .expires(expires)
                .secure(secure)
                .httpOnly(httpOnly)
                .sameSite(sameSite)
                .partitioned(partitioned)
                .created(created);
    }

    /** The same cookie, made at another time. */
    Cookie withCreated(Instant time) {
        return created.equals(time) ? this : new Cookie(toBuilder().created(time));
    }

    /** The name; empty if it has none. */
    public String name() {
        return name;
    }

    /** The value as it came, quotes included, nothing decoded. */
    public String value() {
        return value;
    }

    /** The host or domain it goes to, in lower case and ASCII; empty if it is {@linkplain #isShared() shared}. */
    public String domain() {
        return domain;
    }

    /** Whether it goes to the host {@link #domain()} alone, and not to those below it. */
    public boolean hostOnly() {
        return hostOnly;
    }

    /** Whether it goes to every host. */
    public boolean isShared() {
        return domain.isEmpty();
    }

    /** The path it goes to, encoded, with all below it. */
    public String path() {
        return path;
    }

    /** When it ends; null for a session cookie. */
    public @Nullable Instant expires() {
        return expires;
    }

    /** Whether it has ended at that time. */
    public boolean isExpired(Instant now) {
        return expires != null && !expires.isAfter(now);
    }

    /** Whether it goes over secure connections only. */
    public boolean secure() {
        return secure;
    }

    /** Whether it had the {@code HttpOnly} attribute. */
    public boolean httpOnly() {
        return httpOnly;
    }

    /** Its {@code SameSite} attribute. */
    public SameSite sameSite() {
        return sameSite;
    }

    /** Whether it had the {@code Partitioned} attribute. */
    public boolean partitioned() {
        return partitioned;
    }

    /** When a cookie of this name, domain and path was set first. */
    public Instant created() {
        return created;
    }

    /** As it stands in a {@code Cookie} header: {@code name=value}, or the value alone if there is no name. */
    public String pair() {
        return name.isEmpty() ? value : name + "=" + value;
    }

    /** Whether there can be only one of the two in a jar: name, domain and path are the same. */
    boolean sameIdentity(Cookie that) {
        return name.equals(that.name)
                && hostOnly == that.hostOnly
                && domain.equals(that.domain)
                && path.equals(that.path);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cookie that
                && sameIdentity(that)
                && value.equals(that.value)
                && Objects.equals(expires, that.expires)
                && secure == that.secure
                && httpOnly == that.httpOnly
                && sameSite == that.sameSite
                && partitioned == that.partitioned
                && created.equals(that.created);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, domain, path);
    }

    /** Name, domain and path, without the value. */
    @Override
    public String toString() {
        String where = isShared() ? "every host " : (hostOnly ? "" : ".") + domain;
        return String.format(Locale.ROOT, "<Cookie %s for %s%s>", name, where, path);
    }
}
