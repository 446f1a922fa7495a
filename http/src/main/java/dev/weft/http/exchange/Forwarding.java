package dev.weft.http.exchange;

import dev.weft.http.connect.ProxyHeaders;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Proxy;

/** A request as an HTTP proxy gets it that is to send it on: RFC 9112 section 3.2.2. Pure. */
final class Forwarding {
    private Forwarding() {}

    /** The whole URL. */
    static String target(ClientRequest request) {
        return request.url().origin() + request.url().target();
    }

    /** The request with what the proxy alone is told; what the caller says for itself wins. */
    static ClientRequest request(ClientRequest request, Proxy proxy) {
        Headers own = request.headers();
        Headers.Builder all = own.toBuilder();
        ProxyHeaders.of(proxy).forEach(field -> {
            if (!own.contains(field.getKey())) {
                all.add(field.getKey(), field.getValue());
            }
        });
        return request.withHeaders(all.build());
    }
}
