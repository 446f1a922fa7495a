package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A proxy. Immutable.
 *
 * @param kind how it is spoken to
 * @param host its host, in lower case and ASCII; an IPv6 address without brackets
 * @param port its port
 * @param user who asks, null for nobody
 * @param password the password; null for none
 * @param headers sent to an HTTP proxy, beside its own {@code Proxy-Authorization}
 */
@CheckReturnValue
public record Proxy(
        Kind kind,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        Headers headers) {
    private static final int MOST_SOCKS_BYTES = 255;

    /** How a proxy is spoken to. */
    public enum Kind {
        /** HTTP: absolute URLs for {@code http}, CONNECT for {@code https}. */
        HTTP,
        /** The same through TLS to the proxy. */
        HTTPS,
        /** SOCKS 4a: the proxy looks the name up. */
        SOCKS4,
        /** SOCKS 5, RFC 1928; names are looked up here. */
        SOCKS5,
        /** SOCKS 5; the proxy looks the name up. */
        SOCKS5H;

        /** Whether it speaks HTTP, so that headers and Basic or Digest credentials have a place. */
        public boolean isHttp() {
            return this == HTTP || this == HTTPS;
        }
    }

    /**
     * Checks it, and writes the host in its one form.
     *
     * @throws IllegalArgumentException if the host is none, the port is not 1 to 65535, or this kind of proxy cannot take the credentials or
     *     the headers
     */
    public Proxy {
        host = canonical(host);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("the proxy's port " + port + " is not a number from 1 to 65535");
        }
        if (!kind.isHttp() && headers.size() > 0) {
            throw new IllegalArgumentException("a SOCKS proxy takes no headers");
        }
        if (user == null && password != null) {
            throw new IllegalArgumentException("the proxy has a password, but no user");
        }
        if (user != null) {
            checkCredentials(kind, user, password == null ? "" : password);
        }
    }

    private static String canonical(String host) {
        try {
            boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
            return HostParser.parse(bare ? "[" + host + "]" : host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no proxy at " + Fields.quote(host) + ": " + e.getMessage(), e);
        }
    }

    private static void checkCredentials(Kind kind, String user, String password) {
        if (kind.isHttp()) {
            BasicCredentials.check(user, password);
            return;
        }
        BasicCredentials.rejectControls("user name", user);
        BasicCredentials.rejectControls("password", password);
        if (kind == Kind.SOCKS4 && !password.isEmpty()) {
            throw new IllegalArgumentException("a SOCKS 4 proxy takes a user, but no password");
        }
        if (PercentCoding.utf8Length(user) > MOST_SOCKS_BYTES
                || PercentCoding.utf8Length(password) > MOST_SOCKS_BYTES) {
            throw new IllegalArgumentException(
                    "a SOCKS proxy takes no user or password of more than 255 bytes: RFC 1929");
        }
    }

    /** An HTTP proxy. */
    public static Proxy http(String host, int port) {
        return new Proxy(Kind.HTTP, host, port, null, null, Headers.empty());
    }

    /** An HTTP proxy that is spoken to through TLS. */
    public static Proxy https(String host, int port) {
        return new Proxy(Kind.HTTPS, host, port, null, null, Headers.empty());
    }

    /** A SOCKS 5 proxy that looks names up: {@code socks5h}. */
    public static Proxy socks(String host, int port) {
        return new Proxy(Kind.SOCKS5H, host, port, null, null, Headers.empty());
    }

    /**
     * Reads a proxy as {@code curl -x} has it: {@code scheme://user:password@host:port}. Schemes are {@code http} (also where there is
     * none), {@code https}, {@code socks4} and {@code socks4a}, {@code socks5}, {@code socks5h}. Percent-encoding in user and password is
     * undone. Without a port it is the scheme's own as in other URLs, 80 and 443, and 1080 for SOCKS; curl takes 1080 for {@code http},
     * too.
     *
     * @throws IllegalArgumentException if it is none: says what is wrong, and shows no password
     */
    public static Proxy parse(String url) {
        return ProxyParser.parse(url);
    }

    /** The same with user and password. */
    public Proxy withCredentials(String newUser, String newPassword) {
        return new Proxy(kind, host, port, newUser, newPassword, headers);
    }

    /**
     * The same with one more header, which is sent to the proxy alone.
     *
     * @throws IllegalArgumentException if name or value hold what no header may, or it is a SOCKS proxy
     */
    public Proxy withHeader(String name, String value) {
        return new Proxy(
                kind,
                host,
                port,
                user,
                password,
                headers.toBuilder().add(name, value).build());
    }

    /** The {@code Proxy-Authorization} to send unasked: Basic, RFC 7617; null without a user, and for SOCKS. */
    public @Nullable String authorization() {
        return user == null || !kind.isHttp() ? null : BasicCredentials.encode(user, password == null ? "" : password);
    }

    /**
     * The {@code Proxy-Authorization} to try once more with after a 407: Digest, for its strongest challenge. Null if there is no user, or the
     * proxy asks for nothing but Basic, which it had.
     *
     * @param refusal the headers of the 407
     * @param method the request's method, {@code CONNECT} for a tunnel
     * @param target what its request line asks for: host and port for a tunnel, else the URL
     */
    public @Nullable String answer(Headers refusal, String method, String target) {
        DigestChallenge challenge = DigestChallenge.strongest(refusal.all("Proxy-Authenticate"));
        if (user == null || challenge == null || challenge.qop() == DigestChallenge.Qop.AUTH_INT) {
            return null;
        }
        return DigestSession.start(challenge, user, password == null ? "" : password)
                .answer(method, target, null);
    }

    /** Kind, host and port, without the password. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                + port;
    }
}
