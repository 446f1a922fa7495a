package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6265bis sections 5.1.3 and 5.1.4, and the list of public suffixes. */
class MatchingTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, true",
        "a.example.com, example.com, true",
        "a.b.example.com, example.com, true",
        "badexample.com, example.com, false",
        "example.com, a.example.com, false",
        "example.com., example.com, false",
        "com, example.com, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 0.0.1, false",
        "127.0.0.1, 1, false",
        "::1, ::1, true",
        "::ffff:1.2.3.4, 3.4, false",
        "localhost, localhost, true",
        "a.localhost, localhost, true",
    })
    void domains(String host, String domain, boolean expected) {
        assertEquals(expected, Matching.domainMatches(host, domain));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "1.2.3.4., true",
        "127.1, true",
        "2130706433, true",
        "0x7f.1, true",
        "1.0x7f, true",
        "::1, true",
        "fe80::1, true",
        "example.com, false",
        "1.example.com, false",
        "1.2.3.4a, false",
        "a.0xg, false",
        "localhost, false",
    })
    void addresses(String host, boolean expected) {
        assertEquals(expected, Matching.isAddress(host));
    }

    @ParameterizedTest
    @CsvSource({
        "/, /, true",
        "/a, /, true",
        "/a, /a, true",
        "/a/, /a, true",
        "/a/b, /a, true",
        "/a/b, /a/, true",
        "/a, /a/, false",
        "/ab, /a, false",
        "/A, /a, false",
        "/a%2fb, /a, false",
        "/, /a, false",
    })
    void paths(String request, String cookie, boolean expected) {
        assertEquals(expected, Matching.pathMatches(request, cookie));
    }

    @ParameterizedTest
    @CsvSource({"/, /", "/a, /", "/a/, /a", "/a/b, /a", "/a/b/c, /a/b", "//, /", "//a, /", "'', /", "x/y, /"})
    void defaultPaths(String request, String expected) {
        assertEquals(expected, Matching.defaultPath(request));
    }

    @ParameterizedTest
    @CsvSource({
        "com, true",
        "co.uk, true",
        "github.io, true",
        "any.ck, true",
        "www.ck, false",
        "xn--fiqs8s, true",
        "local, true",
        "example.com, false",
        "a.co.uk, false",
        "corp.internal, false",
        "-a.example.com, true",
    })
    void publicSuffixes(String domain, boolean expected) {
        assertEquals(expected, PublicSuffixes.contains(domain));
    }
}
