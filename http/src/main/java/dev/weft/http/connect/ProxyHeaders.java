package dev.weft.http.connect;

import dev.weft.http.message.Headers;
import dev.weft.http.message.Proxy;
import org.jspecify.annotations.Nullable;

/** What an HTTP proxy is told beside the request, and nobody else. Pure. */
public final class ProxyHeaders {
    static final String AUTHORIZATION = "Proxy-Authorization";

    private ProxyHeaders() {}

    /** Its own headers, and its credentials unless it has them among those. Source: RFC 9110 section 11.7.2. */
    public static Headers of(Proxy proxy) {
        return proxy.headers().contains(AUTHORIZATION) ? proxy.headers() : with(proxy, proxy.authorization());
    }

    /** Its own headers, but with these credentials; null for none. */
    static Headers with(Proxy proxy, @Nullable String authorization) {
        return authorization == null
                ? proxy.headers()
                : proxy.headers().toBuilder().set(AUTHORIZATION, authorization).build();
    }
}
