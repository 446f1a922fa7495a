package dev.weft.http.connect;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import dev.weft.http.message.Proxy;
import dev.weft.loop.net.dial.Tls;
import org.jspecify.annotations.Nullable;

/**
 * The way of a request: what has the same one may share a connection. Requests for plain {@code http} through one HTTP proxy have the same
 * one whatever their hosts are: the proxy is whom they are sent to. Source: aiohttp's {@code ConnectionKey}, but by the next hop.
 *
 * @param origin whom HTTP is spoken with: the server, or a forwarding proxy
 * @param proxy whom it leads through, null for nobody
 * @param tls how TLS is spoken with the origin, null if it is not; two are the same if they are the same object
 * @param serverName the name in the origin's certificate, and in SNI, if it is not the host; null if it is
 * @param version which version of HTTP is spoken, or that it is agreed on
 */
public record Route(
        Origin origin,
        @Nullable Proxy proxy,
        @Nullable Tls tls,
        @Nullable String serverName,
        HttpVersion version) {
    /** The way of a request, as its options have it. */
    static Route of(ClientRequest request) {
        return of(request, request.attribute(Options.PROXY).select(request.url()));
    }

    /** The way of a request through a proxy, or straight to its host. */
    static Route of(ClientRequest request, @Nullable Proxy proxy) {
        HttpUrl url = request.url();
        HttpVersion version = version(request);
        if (url.isTls()) {
            Tls tls = request.attribute(Options.TLS).offering(Negotiation.offer(version));
            return new Route(Origin.of(url), proxy, tls, request.attribute(Options.SERVER_NAME), version);
        }
        // Another protocol than HTTP/1.1 is spoken with the server itself: RFC 6455 section 4.1.
        return proxy != null && isHttp(proxy) && !request.isUpgrade() && version != HttpVersion.HTTP_2
                ? new Route(next(proxy), proxy, null, null, version)
                : new Route(Origin.of(url), proxy, null, null, version);
    }

    /** HTTP/1.0 and 1.1 share connections; in the clear, nothing is agreed on. */
    private static HttpVersion version(ClientRequest request) {
        return switch (request.attribute(Options.VERSION)) {
            case HTTP_1_0, HTTP_1_1 -> HttpVersion.HTTP_1_1;
            case HTTP_2 -> HttpVersion.HTTP_2;
            case AUTO -> request.url().isTls() ? HttpVersion.AUTO : HttpVersion.HTTP_1_1;
        };
    }

    private static Origin next(Proxy proxy) {
        return new Origin(false, proxy.host(), proxy.port());
    }

    private static boolean isHttp(Proxy proxy) {
        return proxy.kind() == Proxy.Kind.HTTP || proxy.kind() == Proxy.Kind.HTTPS;
    }

    /** Whether the proxy gets the requests as they are, with whole URLs; otherwise it passes bytes on, if there is one. */
    public boolean isForward() {
        return proxy != null && isHttp(proxy) && origin.equals(next(proxy));
    }

    /** The name in the certificate and in SNI: without the dot that a name in DNS may end with. */
    String certificateName() {
        String name = serverName == null ? origin.host() : serverName;
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** Where to, and through whom, for messages. */
    @Override
    public String toString() {
        return origin + (proxy == null || isForward() ? "" : " through " + proxy);
    }
}
