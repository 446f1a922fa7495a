package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieJarTest {
    private static final String URL = "http://a.example.com/p/q";

    private final TestClock clock = new TestClock();
    private final CookieJar jar = CookieJar.builder().clock(clock).build();

    private void update(String setCookie, String url) {
        jar.update(setCookie, HttpUrl.parse(url));
    }

    private String sent(String url) {
        return jar.headerFor(HttpUrl.parse(url));
    }

    @Test
    void anEmptyJarSendsNothing() {
        assertNull(sent(URL));
        assertEquals(List.of(), jar.filter(HttpUrl.parse(URL)));
        assertEquals(0, jar.size());
        assertEquals("<CookieJar with 0 cookies>", jar.toString());
    }

    /** H110. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "http://a.example.com/p, a=1",
                "http://a.example.com/p/x, a=1",
                "https://a.example.com:8443/p?q, a=1",
                "http://a.example.com/, -",
                "http://a.example.com/pq, -",
                "http://sub.a.example.com/p, -",
                "http://example.com/p, -",
            })
    void aCookieWithoutAttributesIsForItsHostAndFolder(String url, String expected) {
        update("a=1", URL);
        assertEquals(expected, sent(url));
    }

    /** H111. */
    @ParameterizedTest
    @ValueSource(strings = {"example.com", ".example.com", "EXAMPLE.com"})
    void aDomainIsForAllBelowIt(String domain) {
        update("a=1; Path=/; Domain=" + domain, URL);
        for (String host : List.of("example.com", "a.example.com", "x.y.example.com", "A.EXAMPLE.COM")) {
            assertEquals("a=1", sent("http://" + host + "/"));
        }
        for (String host : List.of("badexample.com", "example.com.evil.net", "com", "example.net", "example.com.")) {
            assertNull(sent("http://" + host + "/"));
        }
    }

    /** H112. */
    @Test
    void aPublicSuffixGetsNoCookie() {
        update("a=1; Domain=com", URL);
        update("a=1; Domain=co.uk", "http://example.co.uk/");
        assertEquals(0, jar.size());
    }

    /** H114. */
    @Test
    void aDomainWithADotBehindItIsTheHost() {
        update("a=1; Domain=example.com.; Path=/", URL);
        assertEquals("a=1", sent(URL));
        assertNull(sent("http://b.example.com/"));
    }

    /** H115. */
    @Test
    void secureCookiesNeedASecureConnection() {
        update("a=1; Secure", "http://h/");
        assertEquals(0, jar.size());
        update("a=1; Secure", "https://h/");
        assertEquals("a=1", sent("https://h/"));
        assertNull(sent("http://h/"));
    }

    @Test
    void anOriginCanBeTreatedAsSecure() {
        CookieJar trusting = CookieJar.builder()
                .treatAsSecure("http://localhost:8080")
                .treatAsSecure("http://127.0.0.1/")
                .build();
        HttpUrl local = HttpUrl.parse("http://localhost:8080/x");
        trusting.update("a=1; Secure; Path=/", local);
        assertEquals("a=1", trusting.headerFor(local));
        assertNull(trusting.headerFor(HttpUrl.parse("http://localhost:8081/x")));
        trusting.update("b=1; Secure; Path=/", HttpUrl.parse("http://localhost/"));
        assertEquals(1, trusting.size());
        trusting.update("__Host-c=1; Secure; Path=/", HttpUrl.parse("http://127.0.0.1:80/"));
        assertEquals(2, trusting.size());
        assertThrows(IllegalArgumentException.class, () -> CookieJar.builder().treatAsSecure("http://localhost/path"));
    }

    /** H116, H117, and finding 5: epoch 0 deletes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Max-Age=0",
                "Max-Age=-1",
                "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "Expires=Wed, 31 Dec 2025 23:59:59 GMT",
                "Max-Age=0; Expires=Fri, 01 Jan 2027 00:00:00 GMT",
            })
    void thePastDeletes(String attribute) {
        update("a=1; Path=/", URL);
        update("a=; Path=/x; " + attribute, URL);
        assertEquals("a=1", sent(URL));
        update("a=; Path=/; " + attribute, URL);
        assertNull(sent(URL));
        assertEquals(0, jar.size());
    }

    /** H117. */
    @Test
    void cookiesEndAtTheirTime() {
        update("session=1; Max-Age=abc", URL);
        update("short=1; Max-Age=10", URL);
        update("long=1; Expires=Fri, 02 Jan 2026 00:00:00 GMT", URL);
        update("both=1; Max-Age=20; Expires=Thu, 01 Jan 1970 00:00:00 GMT", URL);
        clock.advance(Duration.ofSeconds(10).minusNanos(1));
        assertEquals("session=1; short=1; long=1; both=1", sent(URL));
        clock.advance(Duration.ofNanos(1));
        assertEquals("session=1; long=1; both=1", sent(URL));
        assertEquals(3, jar.size());
        clock.advanceSeconds(86_400);
        assertEquals(1, jar.cookies().size());
        clock.advance(Duration.ofDays(100_000));
        assertEquals("session=1", sent(URL));
    }

    /** H119. */
    @Test
    void longerPathsComeFirstThenOlderCookies() {
        update("root=1; Path=/", URL);
        update("x=1; Path=/p", URL);
        clock.advanceSeconds(1);
        update("x=2; Path=/", URL);
        update("deep=1; Path=/p/q", URL);
        update("z=1; Path=/p", URL);
        assertEquals("deep=1; x=1; z=1; root=1; x=2", sent(URL));
    }

    @Test
    void anUpdateKeepsItsPlace() {
        update("a=1", URL);
        update("b=1", URL);
        clock.advanceSeconds(5);
        update("a=2; HttpOnly", URL);
        assertEquals("a=2; b=1", sent(URL));
        assertEquals(TestClock.START, jar.cookies().getFirst().created());
        assertTrue(jar.cookies().getFirst().httpOnly());
        update("a=; Max-Age=0", URL);
        update("a=3", URL);
        assertEquals("b=1; a=3", sent(URL));
    }

    @Test
    void nameDomainAndPathTellCookiesApart() {
        update("a=1; Domain=a.example.com; Path=/", URL);
        update("a=2; Path=/", URL);
        update("A=3; Path=/", URL);
        update("a=4; Domain=example.com; Path=/", URL);
        assertEquals("a=1; a=2; A=3; a=4", sent(URL));
    }

    /** H120, H122. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a=1; b=2 | a=1",
                "a=1, b=2 | a=1, b=2",
                "a=\"x y\" | a=\"x y\"",
                "a={\"j\":1} | a={\"j\":1}",
                "noeq | noeq",
                "=x | x",
                "a b=1 | a b=1",
                "a=é | a=é",
                "a= | a=",
                "a=%0d%0a | a=%0d%0a",
            })
    void sendsBackWhatCame(String setCookie, String expected) {
        update(setCookie, URL);
        assertEquals(expected, sent(URL));
    }

    @Test
    void thereIsOneCookieWithoutAName() {
        update("noeq", URL);
        update("=x", URL);
        assertEquals("x", sent(URL));
    }

    /** H121. */
    @Test
    void prefixesAreGuarded() {
        update("__Host-a=1; Path=/", "https://h/");
        update("__Secure-a=1", "http://h/");
        assertEquals(0, jar.size());
        update("__Host-a=1; Path=/; Secure", "https://h/");
        assertEquals("__Host-a=1", sent("https://h/x"));
    }

    /** RFC 6265bis section 5.7, step 16. */
    @ParameterizedTest
    @CsvSource({
        // The same cookie; below its path; the domain above; a host below.
        "a=2; Path=/login, http://example.com/, false",
        "a=; Path=/login; Max-Age=0, http://example.com/, false",
        "a=2; Path=/login/en, http://example.com/, false",
        "a=2; Path=/login, http://www.example.com/, false",
        "a=2; Path=/login; Domain=example.com, http://www.example.com/, false",
        // Another path, name or site.
        "a=2; Path=/, http://example.com/, true",
        "a=2; Path=/foo, http://example.com/, true",
        "b=2; Path=/login, http://example.com/, true",
        "a=2; Path=/login, http://badexample.com/, true",
        "a=2; Path=/login, http://example.com.net/, true",
        // A secure connection may.
        "a=2; Path=/login, https://example.com/, true",
    })
    void secureCookiesAreLeftAlone(String setCookie, String url, boolean stored) {
        update("a=1; Secure; Path=/login; Domain=example.com", "https://example.com/");
        update(setCookie, url);
        assertEquals(
                stored, jar.cookies().stream().anyMatch(cookie -> cookie.value().equals("2")));
        assertEquals(
                1, jar.cookies().stream().filter(c -> c.value().equals("1")).count());
    }

    @Test
    void secureCookiesBelowADomainAreLeftAlone() {
        update("a=1; Secure; Path=/", "https://x.y.example.com/");
        update("b=1; Path=/", "https://x.y.example.com/");
        update("a=2; Path=/; Domain=example.com", "http://www.example.com/");
        assertEquals(2, jar.size());
        update("b=2; Path=/; Domain=example.com", "http://www.example.com/");
        update("a=2; Path=/", "http://www.example.com/");
        assertEquals(4, jar.size());
    }

    @Test
    void addressesAndLocalhostWork() {
        for (String host : List.of("127.0.0.1:8080", "localhost:8080", "[::1]:8080", "intranet")) {
            update("a=1; Path=/", "http://" + host + "/");
            assertEquals("a=1", sent("http://" + host.replace("8080", "9090") + "/"), host);
        }
        assertNull(sent("http://x.localhost/"));
    }

    @Test
    void takesAllSetCookieFieldsOfAResponse() {
        Headers headers = Headers.builder()
                .add("Set-Cookie", "a=1")
                .add("Content-Type", "text/plain")
                .add("set-cookie", "b=2")
                .add("Set-Cookie2", "c=3")
                .build();
        jar.store(HttpUrl.parse(URL), headers);
        assertEquals("a=1; b=2", sent(URL));
    }

    @Test
    void theCallerAddsCookies() {
        HttpUrl url = HttpUrl.parse(URL);
        jar.add("a", "1", url);
        jar.set(Cookie.builder("b", "2")
                .domain("example.com")
                .path("/p")
                .created(clock.instant())
                .build());
        jar.set(Cookie.builder("c", "3").domain("com").created(clock.instant()).build());
        assertEquals("a=1; b=2; c=3", sent(URL));
        assertEquals("c=3", sent("http://other.com/"));
        jar.set(jar.cookies().get(1).toBuilder().expires(clock.instant()).build());
        assertEquals("a=1; c=3", sent(URL));
        assertThrows(IllegalArgumentException.class, () -> jar.add("a", "1\r\nEvil: 2", url));
        assertThrows(IllegalArgumentException.class, () -> jar.shared("a;b", "1"));
    }

    @Test
    void sharedCookiesGoEverywhereUnlessTheHostHasItsOwn() {
        jar.shared("lang", "de");
        jar.shared("x", "1");
        update("lang=en; Path=/p", URL);
        assertEquals("lang=de; x=1", sent("http://127.0.0.1/"));
        assertEquals("lang=en; x=1", sent(URL));
        assertEquals("lang=de; x=1", sent("http://a.example.com./"));
        jar.shared("x", "2");
        assertEquals("lang=de; x=2", sent("http://h/"));
    }

    @Test
    void clears() {
        HttpUrl url = HttpUrl.parse("http://a.example.com/");
        for (String name : List.of("a", "b", "c")) {
            jar.add(name, "1", url);
        }
        jar.add("a", "1", HttpUrl.parse("http://example.com/"));
        jar.add("a", "1", HttpUrl.parse("http://example.net/"));
        jar.clear(cookie -> cookie.name().equals("b"));
        assertEquals("a=1; c=1", sent("http://a.example.com/"));
        jar.clearDomain(".Example.com");
        assertEquals(1, jar.size());
        jar.clearDomain("net");
        assertEquals(0, jar.size());
        jar.add("a", "1", url);
        jar.clear();
        assertNull(sent("http://a.example.com/"));
        jar.add("a", "2", url);
        assertEquals("a=2", sent("http://a.example.com/"));
    }

    @Test
    void aPredicateMayUseTheJar() {
        jar.add("a", "1", HttpUrl.parse(URL));
        jar.clear(cookie -> {
            update("a=2", URL);
            return true;
        });
        assertEquals("a=2", sent(URL), "what was not asked about was removed");
    }

    @Test
    void iteratesOverACopy() {
        update("a=1", URL);
        update("b=1", URL);
        List<String> names = new ArrayList<>();
        for (Cookie cookie : jar) {
            names.add(cookie.name());
            jar.clear();
        }
        assertEquals(List.of("a", "b"), names);
        assertThrows(UnsupportedOperationException.class, () -> jar.cookies().clear());
    }

    @Test
    void noneKeepsNothing() {
        CookieJar none = CookieJar.none();
        HttpUrl url = HttpUrl.parse(URL);
        none.update("a=1", url);
        none.add("a", "1", url);
        none.shared("a", "1");
        assertEquals(0, none.size());
        assertNull(none.headerFor(url));
        assertSame(none, CookieJar.none());
    }

    @Test
    void limitsTheCookiesOfADomain() {
        update("secure=1; Secure; Path=/", "https://h/");
        for (int i = 0; i < 50; i++) {
            update("c" + i + "=1; Path=/", "http://h/");
        }
        assertEquals(50, jar.size());
        assertNull(jar.cookies().stream()
                .filter(c -> c.name().equals("c0"))
                .findAny()
                .orElse(null));
        assertEquals("secure", jar.cookies().getFirst().name());
        // What is used stays.
        update("deep=1; Path=/deep", "http://h/");
        assertNotNull(sent("http://h/"));
        update("new=1; Path=/", "http://h/");
        assertTrue(jar.cookies().stream().noneMatch(c -> c.name().equals("deep")));
        // Other domains have limits of their own.
        update("a=1", "http://sub.h/");
        assertEquals(51, jar.size());
    }

    @Test
    void anInsecureCookieDoesNotPushOutASecureOne() {
        CookieJar small = CookieJar.builder().limitPerDomain(2).build();
        HttpUrl https = HttpUrl.parse("https://h/");
        small.update("a=1; Secure", https);
        small.update("b=1; Secure", https);
        small.update("c=1", HttpUrl.parse("http://h/"));
        assertEquals("a=1; b=1", small.headerFor(https));
        small.update("c=1; Secure", https);
        assertEquals("b=1; c=1", small.headerFor(https));
    }

    @Test
    void limitsAllCookies() {
        CookieJar small = CookieJar.builder().limit(3).clock(clock).build();
        for (String host : List.of("a", "b", "c")) {
            small.update("x=1", HttpUrl.parse("http://" + host + "/"));
        }
        assertNotNull(small.headerFor(HttpUrl.parse("http://a/")));
        small.update("x=1", HttpUrl.parse("http://d/"));
        assertEquals(
                List.of("a", "c", "d"),
                small.cookies().stream().map(Cookie::domain).toList());
        // Expired ones go before any other.
        small.update("x=1; Max-Age=1", HttpUrl.parse("http://a/"));
        clock.advanceSeconds(1);
        small.update("x=1", HttpUrl.parse("http://e/"));
        assertEquals(
                List.of("c", "d", "e"),
                small.cookies().stream().map(Cookie::domain).toList());
    }

    @Test
    void theDefaultLimitIs3000() {
        for (int i = 0; i < 3010; i++) {
            update("a=1", "http://h" + i + ".example.com/");
        }
        assertEquals(3000, jar.size());
        assertNull(sent("http://h9.example.com/"));
        assertEquals("a=1", sent("http://h10.example.com/"));
    }

    @Test
    void refusesNegativeLimits() {
        assertThrows(IllegalArgumentException.class, () -> CookieJar.builder().limit(-1));
        assertThrows(IllegalArgumentException.class, () -> CookieJar.builder().limitPerDomain(-1));
    }
}
