package dev.weft.http.message;

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
public record Proxy(
        Kind kind,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        Headers headers) {
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
        SOCKS5H
    }

    /** Kind, host and port, without the password. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + "://"
                + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
