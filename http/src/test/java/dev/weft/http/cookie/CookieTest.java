package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieTest {
    private static final Instant END = Instant.parse("2030-01-01T00:00:00Z");

    private static Cookie.Builder here(String name, String value) {
        return Cookie.builder(name, value).host("h");
    }

    @Test
    void hasDefaults() {
        Cookie cookie = here("a", "1").build();
        assertEquals("a=1", cookie.pair());
        assertEquals("/", cookie.path());
        assertNull(cookie.expires());
        assertFalse(cookie.secure() || cookie.httpOnly() || cookie.partitioned() || cookie.isShared());
        assertTrue(cookie.hostOnly());
        assertEquals(SameSite.DEFAULT, cookie.sameSite());
    }

    @Test
    void aCopyIsEqualAndKeepsEverything() {
        Cookie cookie = here("a", "1")
                .domain("Example.com")
                .path("/p")
                .expires(END)
                .secure(true)
                .httpOnly(true)
                .sameSite(SameSite.NONE)
                .partitioned(true)
                .created(Instant.EPOCH)
                .build();
        assertEquals("example.com", cookie.domain());
        assertFalse(cookie.hostOnly());
        assertEquals(cookie, cookie.toBuilder().build());
        assertEquals(cookie.hashCode(), cookie.toBuilder().build().hashCode());
        List<UnaryOperator<Cookie.Builder>> changes = List.of(
                b -> b.host("example.com"),
                b -> b.domain("example.net"),
                b -> b.path("/q"),
                b -> b.expires(null),
                b -> b.sameSite(SameSite.DEFAULT).partitioned(false).secure(false),
                b -> b.httpOnly(false),
                b -> b.sameSite(SameSite.LAX),
                b -> b.partitioned(false),
                b -> b.created(END));
        for (UnaryOperator<Cookie.Builder> change : changes) {
            assertNotEquals(cookie, change.apply(cookie.toBuilder()).build());
        }
        assertNotEquals(here("a", "1").build(), here("a", "2").build());
    }

    @Test
    void endsAtItsTime() {
        Cookie cookie = here("a", "1").expires(END).build();
        assertFalse(cookie.isExpired(END.minusNanos(1)));
        assertTrue(cookie.isExpired(END));
        assertFalse(here("a", "1").build().isExpired(Instant.MAX));
    }

    @Test
    void itsTextLeavesTheValueOut() {
        assertEquals("<Cookie sid for h/>", here("sid", "secret").build().toString());
        assertEquals(
                "<Cookie sid for .h/p>",
                here("sid", "secret").domain("h").path("/p").build().toString());
        assertEquals(
                "<Cookie sid for every host />",
                Cookie.builder("sid", "secret").shared().build().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "EXAMPLE.com, example.com",
        "münchen.example, xn--mnchen-3ya.example",
        "127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "[::1], ::1",
        "a_b, a_b",
    })
    void hosts(String host, String canonical) {
        assertEquals(canonical, Cookie.builder("a", "1").host(host).build().domain());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a/b", "a:80", "u@h", "a?b", "a#b", "a b", "a;b", "..a", "a\r\nb", "::x"})
    void noHosts(String host) {
        assertThrows(
                IllegalArgumentException.class, () -> Cookie.builder("a", "1").host(host));
        assertThrows(
                IllegalArgumentException.class, () -> Cookie.builder("a", "1").domain(host));
    }

    @Test
    void anAddressHasNothingBelowIt() {
        assertTrue(Cookie.builder("a", "1").domain("127.0.0.1").build().hostOnly());
        assertFalse(Cookie.builder("a", "1").domain(".example.com").build().hostOnly());
    }

    @Test
    void saysWhereItGoes() {
        assertTrue(refusal(Cookie.builder("a", "1")).contains("host()"));
        assertTrue(Cookie.builder("a", "1").shared().build().isShared());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                "``|``|neither name nor value",
                "a=b|1|its name holds a =",
                "a;b|1|its name holds a ;",
                "a|1;2|its value holds a ;",
                " a|1|its name begins or ends",
                "a|1\t|its value begins or ends",
                "__Secure-a|1|not Secure",
                "__HOST-a|1|__Host-",
                "``|__host-a=1|passes for a name",
                "``|__SECURE-a|passes for a name",
            })
    void refusesWhatNoClientStores(String name, String value, String reason) {
        String message = refusal(here(name, value));
        assertTrue(message.contains(reason), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "\0", "\u007f", "\u001f"})
    void refusesControls(String text) {
        assertTrue(refusal(here(text, "1")).contains("its name holds a control"));
        assertTrue(refusal(here("a", text)).contains("its value holds a control"));
        assertEquals("a=\u0080\tb", here("a", "\u0080\tb").build().pair());
    }

    @Test
    void refusesAttributesThatContradict() {
        assertTrue(refusal(here("a", "1").path("p")).contains("path"));
        assertTrue(refusal(here("a", "1").path("/\n")).contains("path"));
        assertTrue(refusal(here("a", "1").path("/;")).contains("path"));
        assertTrue(refusal(here("a", "1").path("/" + "x".repeat(1024))).contains("path"));
        assertTrue(refusal(here("a", "1").sameSite(SameSite.NONE)).contains("SameSite=None"));
        assertTrue(refusal(here("a", "1").partitioned(true)).contains("Partitioned"));
        assertTrue(refusal(here("__Host-a", "1").secure(true).path("/p")).contains("__Host-"));
        assertTrue(refusal(here("__Host-a", "1").secure(true).domain("h.x")).contains("__Host-"));
        assertEquals("__Host-a=1", here("__Host-a", "1").secure(true).build().pair());
        assertEquals(
                "__Secure-a=1", here("__Secure-a", "1").secure(true).build().pair());
    }

    @Test
    void limitsItsSize() {
        assertEquals(4096, here("a", "x".repeat(4095)).build().name().length() + 4095);
        assertTrue(refusal(here("a", "x".repeat(4096))).contains("4096"));
        assertTrue(refusal(here("", "€".repeat(1366))).contains("4096"));
        assertEquals(1365, here("", "€".repeat(1365)).build().value().length());
    }

    private static String refusal(Cookie.Builder cookie) {
        String message =
                assertThrows(IllegalArgumentException.class, cookie::build).getMessage();
        assertFalse(message.chars().anyMatch(c -> c < ' '), message);
        return message;
    }
}
