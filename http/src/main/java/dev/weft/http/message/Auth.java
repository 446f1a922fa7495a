package dev.weft.http.message;

/**
 * Credentials of a request or a session: a middleware that adds what proves who asks. It runs inside the exchange ring, for each hop that
 * it {@linkplain #appliesTo applies to}, and for no other: credentials never reach an origin they were not given for.
 */
@FunctionalInterface
public interface Auth extends Middleware {
    /**
     * Whether it is for this URL.
     *
     * @param first where the caller sent the request, or the base URL of the session it is a setting of
     * @param now where the request goes now, after redirects
     * @return by default, whether both have the same scheme, host and port
     */
    default boolean appliesTo(HttpUrl first, HttpUrl now) {
        return first.isSameOrigin(now);
    }

    /** Whether it knows itself where it is for, whatever request it is a setting of; default false. */
    default boolean isScoped() {
        return false;
    }
}
