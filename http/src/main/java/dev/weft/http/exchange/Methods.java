package dev.weft.http.exchange;

import java.util.Set;

/** What methods mean: RFC 9110 section 9.2. Pure. */
final class Methods {
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY");

    private Methods() {}

    static boolean isIdempotent(String method) {
        return IDEMPOTENT.contains(method);
    }
}
