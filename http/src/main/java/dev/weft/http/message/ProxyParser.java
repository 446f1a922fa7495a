package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads proxies as command lines and environment variables have them. Pure; its messages show no password. */
final class ProxyParser {
    private static final int SOCKS_PORT = 1080;

    private ProxyParser() {}

    /** See {@link Proxy#parse}. */
    static Proxy parse(String text) {
        try {
            return read(text);
        } catch (IllegalArgumentException e) {
            int at = text.lastIndexOf('@');
            String shown = at < 0 ? text : "***" + text.substring(at);
            throw new IllegalArgumentException(Fields.quote(shown) + " is no proxy: " + e.getMessage(), e);
        }
    }

    private static Proxy read(String text) {
        int slashes = text.indexOf("://");
        String scheme = slashes < 0 ? "http" : text.substring(0, slashes).toLowerCase(Locale.ROOT);
        Proxy.Kind kind = kind(scheme);
        String rest = slashes < 0 ? text : text.substring(slashes + 3);
        String authority = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
        int at = authority.lastIndexOf('@');
        String hostPort = authority.substring(at + 1);
        if (hostPort.chars().anyMatch(c -> "/?#".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("there is more than a host and a port in it");
        }
        int colon = UrlParser.portColon(hostPort);
        String host = HostParser.parse(colon < 0 ? hostPort : hostPort.substring(0, colon));
        String digits = colon < 0 ? "" : hostPort.substring(colon + 1);
        int port = digits.isEmpty() ? defaultPort(kind) : UrlParser.port(digits);
        if (port == 0) {
            throw new IllegalArgumentException("its port " + Fields.quote(digits) + " is not a number from 1 to 65535");
        }
        if (at < 0) {
            return new Proxy(kind, host, port, null, null, Headers.empty());
        }
        return withUserInfo(kind, host, port, authority.substring(0, at));
    }

    private static Proxy withUserInfo(Proxy.Kind kind, String host, int port, String userInfo) {
        int colon = userInfo.indexOf(':');
        String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
        String password = colon < 0 ? null : decoded(userInfo.substring(colon + 1));
        return new Proxy(kind, host, port, user, password, Headers.empty());
    }

    private static Proxy.Kind kind(String scheme) {
        return switch (scheme) {
            case "http" -> Proxy.Kind.HTTP;
            case "https" -> Proxy.Kind.HTTPS;
            case "socks4", "socks4a" -> Proxy.Kind.SOCKS4;
            case "socks5" -> Proxy.Kind.SOCKS5;
            case "socks5h" -> Proxy.Kind.SOCKS5H;
            default ->
                throw new IllegalArgumentException("its scheme " + Fields.quote(scheme)
                        + " is none of http, https, socks4, socks4a, socks5, socks5h");
        };
    }

    private static int defaultPort(Proxy.Kind kind) {
        return kind.isHttp() ? UrlParser.defaultPort(kind == Proxy.Kind.HTTPS ? "https" : "http") : SOCKS_PORT;
    }

    private static String decoded(String encoded) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(PercentCoding.decode(encoded)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("its user or password is not UTF-8", e);
        }
    }
}
