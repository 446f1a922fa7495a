package dev.weft.http.cookie;

/**
 * The {@code SameSite} attribute. It is kept, and holds nothing back: a client that shows no pages has no other site a request could
 * come from, so each request is same-site. Source: RFC 6265bis sections 5.2 and 5.6.7.
 */
public enum SameSite {
    /** The server said nothing, or nothing that is known. */
    DEFAULT,
    /** {@code SameSite=Strict}. */
    STRICT,
    /** {@code SameSite=Lax}. */
    LAX,
    /** {@code SameSite=None}; such a cookie is Secure. */
    NONE
}
