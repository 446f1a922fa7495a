package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6265bis section 5.6. */
class SetCookieTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                "a=1|a|1",
                "a=1; b=2|a|1",
                "a=1, b=2|a|1, b=2",
                " \ta\t =\t 1 \t; Path=/|a|1",
                "a b=1 2|a b|1 2",
                "a=b=c|a|b=c",
                "a=\"x y\"|a|\"x y\"",
                "a={\"j\":1}|a|{\"j\":1}",
                "a=%3b%0a|a|%3b%0a",
                "a=é€|a|é€",
                "a=|a|``",
                "noeq|``|noeq",
                "noeq; Secure|``|noeq",
                "=x|``|x",
                "==x|``|=x",
                "=|``|``",
                "``|``|``",
                ";a=1|``|``",
                "\u00a0a=1|\u00a0a|1",
            })
    void splitsNameAndValue(String text, String name, String value) {
        SetCookie cookie = SetCookie.parse(text);
        assertEquals(name, cookie.name);
        assertEquals(value, cookie.value);
    }

    @Test
    void readsAttributesInAnyCase() {
        SetCookie cookie =
                SetCookie.parse("a=1; DOMAIN=.Example.COM ;path = /P; sEcUrE=no; HttpOnly; partitioned;SameSite=lAx"
                        + ";expires=Thu, 01 Jan 1970 00:00:00 GMT;max-age=7");
        assertEquals("example.com", cookie.domain);
        assertEquals("/P", cookie.path);
        assertTrue(cookie.secure);
        assertTrue(cookie.httpOnly);
        assertTrue(cookie.partitioned);
        assertEquals(SameSite.LAX, cookie.sameSite);
        assertEquals(Instant.EPOCH, cookie.expires);
        assertEquals(7L, cookie.maxAge);
    }

    @Test
    void withoutAttributes() {
        for (String text : new String[] {"a=1", "a=1;", "a=1;;; ;=;x=y;Secured; Domain2=b"}) {
            SetCookie cookie = SetCookie.parse(text);
            assertNull(cookie.domain);
            assertNull(cookie.path);
            assertFalse(cookie.secure || cookie.httpOnly || cookie.partitioned);
            assertEquals(SameSite.DEFAULT, cookie.sameSite);
            assertNull(cookie.expires);
            assertNull(cookie.maxAge);
        }
    }

    @Test
    void theLastOfAnAttributeCounts() {
        SetCookie cookie = SetCookie.parse("a=1; Domain=a.com; Domain=b.com; Path=/a; Path=/b; Max-Age=1; Max-Age=2"
                + "; SameSite=Strict; SameSite=None; Expires=1 Jan 2001 00:00:00; Expires=1 Jan 2002 00:00:00");
        assertEquals("b.com", cookie.domain);
        assertEquals("/b", cookie.path);
        assertEquals(2L, cookie.maxAge);
        assertEquals(SameSite.NONE, cookie.sameSite);
        assertEquals(Instant.parse("2002-01-01T00:00:00Z"), cookie.expires);
    }

    @Test
    void whatIsMalformedIsNotThere() {
        SetCookie cookie = SetCookie.parse("a=1; Max-Age=5; Max-Age=x; Expires=1 Jan 2001 00:00:00; Expires=never");
        assertEquals(5L, cookie.maxAge);
        assertEquals(Instant.parse("2001-01-01T00:00:00Z"), cookie.expires);
        assertEquals(SameSite.DEFAULT, SetCookie.parse("a=1; SameSite=Strict; SameSite=Sometimes").sameSite);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-1, -1",
        "-0, 0",
        "007, 7",
        "99999999999999999999, 9223372036854775807",
        "-99999999999999999999, -9223372036854775808",
    })
    void maxAge(String text, long seconds) {
        assertEquals(seconds, SetCookie.parse("a=1; Max-Age=" + text).maxAge);
    }

    @ParameterizedTest
    @CsvSource({"''", "abc", "+5", "-", "1.5", "1 2", "5s", "٣"})
    void noMaxAge(String text) {
        assertNull(SetCookie.parse("a=1; Max-Age=" + text).maxAge);
    }

    @Test
    void attributesOfMoreThan1024OctetsAreNotThere() {
        String longest = "/" + "x".repeat(1023);
        assertEquals(longest, SetCookie.parse("a=1; Path=" + longest).path);
        assertEquals("/b", SetCookie.parse("a=1; Path=/b; Path=" + longest + "x").path);
        assertNull(SetCookie.parse("a=1; Domain=" + "d".repeat(1025)).domain);
        assertEquals("/" + "é".repeat(511), SetCookie.parse("a=1; Path=/" + "é".repeat(511)).path);
        assertNull(SetCookie.parse("a=1; Path=/" + "é".repeat(512)).path);
    }
}
