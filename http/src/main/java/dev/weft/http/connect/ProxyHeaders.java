package dev.weft.http.connect;

import dev.weft.http.message.Headers;
import dev.weft.http.message.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What an HTTP proxy is told beside the request, and nobody else. Pure. */
public final class ProxyHeaders {
    private static final String AUTHORIZATION = "Proxy-Authorization";

    private ProxyHeaders() {}

    /** Its own headers, and its credentials unless it has them among those. Source: RFC 9110 section 11.7.2, RFC 7617. */
    public static Headers of(Proxy proxy) {
        String user = proxy.user();
        if (user == null || proxy.headers().contains(AUTHORIZATION)) {
            return proxy.headers();
        }
        String both = user + ":" + (proxy.password() == null ? "" : proxy.password());
        return proxy.headers().toBuilder()
                .set(
                        AUTHORIZATION,
                        "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)))
                .build();
    }
}
