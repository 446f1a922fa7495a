package dev.weft.http.connect;

import dev.weft.http.message.Headers;
import dev.weft.http.message.Proxy;

/** What an HTTP proxy is told beside the request, and nobody else. Pure. */
public final class ProxyHeaders {
    private static final String AUTHORIZATION = "Proxy-Authorization";

    private ProxyHeaders() {}

    /** Its own headers, and its credentials unless it has them among those. Source: RFC 9110 section 11.7.2, RFC 7617. */
    public static Headers of(Proxy proxy) {
        String value = proxy.authorization();
        return value == null || proxy.headers().contains(AUTHORIZATION)
                ? proxy.headers()
                : proxy.headers().toBuilder().set(AUTHORIZATION, value).build();
    }
}
