package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.HttpUrl;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6265bis section 5.7, step by step. */
class AdmissionTest {
    private static final Instant NOW = TestClock.START;
    private static final String HTTPS = "https://a.example.com/p/q";

    private static Admission.Verdict judge(String setCookie, String url) {
        HttpUrl from = HttpUrl.parse(url);
        return Admission.judge(setCookie, from, from.isTls(), NOW);
    }

    private static Cookie taken(String setCookie, String url) {
        return assertInstanceOf(Admission.Taken.class, judge(setCookie, url)).cookie();
    }

    private static String ignored(String setCookie, String url) {
        return assertInstanceOf(Admission.Ignored.class, judge(setCookie, url)).reason();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "=", " = ;Path=/", "; Path=/"})
    void step2NeitherNameNorValue(String setCookie) {
        assertTrue(ignored(setCookie, HTTPS).contains("neither"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1\0", "a\n=1", "a=1\r\nEvil: x", "a=\u007f", "a=1; Path=/\u0001", "a=\u001f1"})
    void step3ControlCharactersAnywhere(String setCookie) {
        assertTrue(ignored(setCookie, HTTPS).contains("control"));
    }

    @Test
    void step3ATabInsideIsNone() {
        assertEquals("x\ty", taken("a=x\ty", HTTPS).value());
    }

    @Test
    void step4Size() {
        assertEquals(4095, taken("a=" + "x".repeat(4095), HTTPS).value().length());
        assertTrue(ignored("a=" + "x".repeat(4096), HTTPS).contains("4096"));
        assertTrue(ignored("é".repeat(2048) + "=x", HTTPS).contains("4096"));
        // Attributes do not count.
        assertEquals("1", taken("a=1; x=" + "x".repeat(9000), HTTPS).value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "session",
            value = {
                "a=1 | session",
                "a=1; Max-Age=abc | session",
                "a=1; Expires=never | session",
                "a=1; Max-Age=60 | 2026-01-01T00:01:00Z",
                "a=1; Expires=Fri, 02 Jan 2026 00:00:00 GMT | 2026-01-02T00:00:00Z",
                // Max-Age wins, wherever it stands; one that is none does not.
                "a=1; Max-Age=60; Expires=Fri, 02 Jan 2026 00:00:00 GMT | 2026-01-01T00:01:00Z",
                "a=1; Expires=Fri, 02 Jan 2026 00:00:00 GMT; Max-Age=60 | 2026-01-01T00:01:00Z",
                "a=1; Expires=Fri, 02 Jan 2026 00:00:00 GMT; Max-Age=x | 2026-01-02T00:00:00Z",
                // Section 5.5: 400 days at most.
                "a=1; Max-Age=34560000 | 2027-02-05T00:00:00Z",
                "a=1; Max-Age=34560001 | 2027-02-05T00:00:00Z",
                "a=1; Max-Age=99999999999999999999 | 2027-02-05T00:00:00Z",
                "a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT | 2027-02-05T00:00:00Z",
            })
    void step6Expiry(String setCookie, Instant expected) {
        assertEquals(expected, taken(setCookie, HTTPS).expires());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1; Max-Age=0",
                "a=1; Max-Age=-1",
                "a=1; Max-Age=-99999999999999999999",
                "a=1; Max-Age=0; Expires=Fri, 02 Jan 2026 00:00:00 GMT",
                "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "a=1; Expires=Mon, 01 Jan 1601 00:00:00 GMT",
                "a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT",
            })
    void step6ThePastDeletes(String setCookie) {
        assertTrue(taken(setCookie, HTTPS).isExpired(NOW));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1 | https://a.example.com/ | a.example.com",
                "a=1; Domain= | https://a.example.com/ | a.example.com",
                "a=1; Domain | https://a.example.com/ | a.example.com",
                "a=1; Domain=. | https://a.example.com/ | a.example.com",
                // H114
                "a=1; Domain=example.com. | https://a.example.com/ | a.example.com",
                "a=1; Domain=x.com; Domain= | https://a.example.com/ | a.example.com",
                "a=1; Domain=a.example.com | https://a.example.com/ | .a.example.com",
                "a=1; Domain=example.com | https://a.example.com/ | .example.com",
                "a=1; Domain=.EXAMPLE.com | https://a.example.com/ | .example.com",
                // Step 9: a public suffix may set cookies for itself.
                "a=1; Domain=github.io | https://github.io/ | github.io",
                "a=1; Domain=localhost | https://localhost/ | localhost",
                "a=1; Domain=127.0.0.1 | https://127.0.0.1/ | 127.0.0.1",
                "a=1 | https://[::1]/ | ::1",
            })
    void steps7To10Domain(String setCookie, String url, String expected) {
        Cookie cookie = taken(setCookie, url);
        assertEquals(expected, (cookie.hostOnly() ? "" : ".") + cookie.domain());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // H112
                "a=1; Domain=com | https://a.example.com/",
                "a=1; Domain=co.uk | https://a.example.co.uk/",
                "a=1; Domain=github.io | https://a.github.io/",
                "a=1; Domain=internal | https://a.internal/",
                "a=1; Domain=b.example.com | https://a.example.com/",
                "a=1; Domain=ample.com | https://a.example.com/",
                "a=1; Domain=x.a.example.com | https://a.example.com/",
                "a=1; Domain=..example.com | https://a.example.com/",
                "a=1; Domain=exämple.com | https://xn--exmple-cua.com/",
                "a=1; Domain=0.0.1 | https://127.0.0.1/",
                "a=1; Domain=1 | https://127.0.0.1/",
                "a=1; Domain=example.com | https://example.com./",
            })
    void steps8To10ForeignDomain(String setCookie, String url) {
        assertTrue(ignored(setCookie, url).contains("Domain"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1 | /p",
                "a=1; Path=/ | /",
                "a=1; Path=/other | /other",
                "a=1; Path= | /p",
                "a=1; Path=x | /p",
                "a=1; Path=/x; Path= | /p",
                "a=1; Path=/x; Path=/y | /y",
            })
    void step11Path(String setCookie, String expected) {
        assertEquals(expected, taken(setCookie, HTTPS).path());
    }

    @Test
    void step13SecureOverHttp() {
        assertTrue(taken("a=1; Secure", HTTPS).secure());
        assertTrue(ignored("a=1; Secure", "http://a.example.com/").contains("Secure"));
        assertTrue(ignored("a=1; Secure; Max-Age=0", "http://a.example.com/").contains("Secure"));
    }

    @Test
    void steps14To19FlagsAreKept() {
        Cookie cookie = taken("a=1; Secure; HttpOnly; SameSite=None; Partitioned", HTTPS);
        assertTrue(cookie.httpOnly());
        assertTrue(cookie.partitioned());
        assertEquals(SameSite.NONE, cookie.sameSite());
        assertEquals(SameSite.STRICT, taken("a=1; SameSite=Strict", "http://h/").sameSite());
        assertEquals(SameSite.LAX, taken("a=1; SameSite=LAX", "http://h/").sameSite());
        assertTrue(ignored("a=1; SameSite=None", HTTPS).contains("SameSite=None"));
        assertTrue(ignored("a=1; Partitioned", HTTPS).contains("Partitioned"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Section 5.4, and H121.
                "__Secure-SID=12345; Domain=example.com",
                "__secure-SID=12345; Domain=example.com",
                "__Host-SID=12345",
                "__host-SID=12345; Secure",
                "__host-SID=12345; Domain=example.com",
                "__HOST-SID=12345; Domain=example.com; Path=/",
                "__Host-SID=12345; Secure; Domain=example.com; Path=/",
                "__Host-SID=12345; Secure; Path=/x",
            })
    void steps20To21PrefixesRefused(String setCookie) {
        assertTrue(ignored(setCookie, "https://a.example.com/").contains("begins with __"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"__Host-SID", "=__Host-SID=1; Secure; Path=/", "=__secure-SID; Secure"})
    void step22ValuesThatPassForAName(String setCookie) {
        assertTrue(ignored(setCookie, "https://a.example.com/").contains("passes for a name"));
    }

    @Test
    void step21ThePathMustBeSaid() {
        assertTrue(ignored("__Host-a=1; Secure", "https://a.example.com/").contains("Path=/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__Secure-SID=12345; Domain=example.com; Secure",
                "__SECURE-SID=12345; Secure",
                "__Host-SID=12345; Secure; Path=/",
                "__host-SID=12345; Secure; Path=/",
            })
    void steps20To21PrefixesTaken(String setCookie) {
        assertEquals("12345", taken(setCookie, HTTPS).value());
    }

    @Test
    void reasonsTellNoValue() {
        assertTrue(!ignored("a=secret; Domain=com", HTTPS).contains("secret"));
        assertTrue(!ignored("a=secret; Secure", "http://h/").contains("secret"));
        assertTrue(!ignored("=__Host-secret", HTTPS).contains("secret"));
    }

    @Test
    void wasMadeNow() {
        assertEquals(NOW, taken("a=1", HTTPS).created());
        assertEquals(Duration.ofDays(400), Admission.MAX_AGE);
    }
}
