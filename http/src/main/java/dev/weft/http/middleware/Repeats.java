package dev.weft.http.middleware;

import dev.weft.http.message.ClientRequest;
import java.util.Set;

/** Which requests a server may see twice. Pure. Source: RFC 9110 section 9.2.2, RFC 10008 (QUERY), draft-ietf-httpapi-idempotency-key-header. */
final class Repeats {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY");

    private Repeats() {}

    /** Whether twice is as good as once: by its method, or because the server tells by a key that it has seen it before. */
    static boolean mayRepeat(ClientRequest request) {
        return IDEMPOTENT.contains(request.method()) || request.headers().contains(IDEMPOTENCY_KEY);
    }
}
