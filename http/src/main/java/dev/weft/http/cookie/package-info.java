/**
 * Cookies: {@link dev.weft.http.cookie.CookieJar} keeps what servers set and says what goes back to them. The rules are those of
 * RFC 6265bis (draft-ietf-httpbis-rfc6265bis) with the list of public suffixes; the names are aiohttp's.
 */
@NullMarked
package dev.weft.http.cookie;

import org.jspecify.annotations.NullMarked;
