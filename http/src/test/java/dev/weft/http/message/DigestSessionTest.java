package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Digest answers. The figures that no RFC prints are those of Python's hashlib. */
class DigestSessionTest {
    private static final String NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    private static final String CLIENT_NONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    private static DigestChallenge challenge(String header) {
        return Objects.requireNonNull(DigestChallenge.strongest(List.of(header)), header);
    }

    private static Map<String, String> read(String answer) {
        return Challenge.parse(List.of(answer)).getFirst().parameters();
    }

    /** RFC 7616 section 3.9.1. */
    @Test
    void exampleOfTheRfc() {
        DigestChallenge challenge =
                challenge("Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
                        + "nonce=\"" + NONCE + "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
        DigestSession session = new DigestSession(challenge, "Mufasa", "Circle of Life", CLIENT_NONCE);
        assertEquals(
                "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", nonce=\"" + NONCE
                        + "\", uri=\"/dir/index.html\", algorithm=SHA-256, qop=auth, nc=00000001, cnonce=\""
                        + CLIENT_NONCE
                        + "\", response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\","
                        + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
                session.answer("GET", "/dir/index.html", null));
    }

    @ParameterizedTest
    @CsvSource({
        "MD5, auth, 8ca523f5e9506fed4657c9700eebdbec",
        "md5, auth, 8ca523f5e9506fed4657c9700eebdbec",
        "MD5-sess, auth, e783283f46242139c486a698fec7211d",
        "MD5, auth-int, 0d08c43b7b6342ec9e98e2131ea63eda",
        "MD5, , 7b2cc3b30e75b4777ea31027084363fd",
        ", auth, 8ca523f5e9506fed4657c9700eebdbec",
        "SHA, auth, e99f244f9069203415f7e8b7bd25b4b2ad3e2a7f",
        "SHA-sess, auth, 649077d815fe82c6a1bbc3e7330a9ec78d8f8c2c",
        "SHA-256, auth, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        "SHA-256-sess, auth, 2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7",
        "SHA-256, auth-int, e25cef5426343c3d7cd3fe208f19ec1b46e8108b1efc1488199b3288bbe7bca8",
        "SHA-512-256, auth, 430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0",
        "SHA-512-256-SESS, auth, 3f2a34f923c38b0fb26dce2fdfc2ce326c23cecf86fbb1444f3e51fbbc2cb92e",
        "SHA-512, auth, 27d9ebedb4e86595d8b99152ce456620c8e47c48afbd771dbc4468bb758ca66e7312383d49ad044219d4a2c5c218e66c584fa00b2728798bcff9435825eed0ad",
    })
    void algorithms(String algorithm, String qop, String response) {
        DigestChallenge challenge = challenge("Digest realm=\"http-auth@example.org\", nonce=\"" + NONCE + "\""
                + (algorithm == null ? "" : ", algorithm=" + algorithm)
                + (qop == null ? "" : ", qop=" + qop));
        DigestSession session = new DigestSession(challenge, "Mufasa", "Circle of Life", CLIENT_NONCE);
        Map<String, String> answer = read(
                session.answer("GET", "/dir/index.html", challenge.algorithm().hash("hi")));
        assertEquals(response, answer.get("response"));
        assertEquals(algorithm, answer.get("algorithm"));
        assertEquals(qop, answer.get("qop"));
        assertEquals(qop == null ? null : "00000001", answer.get("nc"));
    }

    /** RFC 7616 section 3.9.2 with erratum 4897. */
    @Test
    void userHashAndUtf8() {
        String header = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, "
                + "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
                + "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8";
        String response = "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5";
        String clientNonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v";
        Map<String, String> hashed = read(
                new DigestSession(challenge(header + ", userhash=true"), "Jäsøn Doe", "Secret, or not?", clientNonce)
                        .answer("GET", "/doe.json", null));
        assertEquals("793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b", hashed.get("username"));
        assertEquals("true", hashed.get("userhash"));
        assertEquals(response, hashed.get("response"));
        Map<String, String> plain =
                read(new DigestSession(challenge(header), "Jäsøn Doe", "Secret, or not?", clientNonce)
                        .answer("GET", "/doe.json", null));
        assertEquals("UTF-8''J%C3%A4s%C3%B8n%20Doe", plain.get("username*"));
        assertNull(plain.get("username"));
        assertNull(plain.get("userhash"));
        assertEquals(response, plain.get("response"));
    }

    /** RFC 2617 section 3.5, and the same by RFC 2069. */
    @Test
    void olderRfcs() {
        String header = "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
                + "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";
        Map<String, String> answer = read(
                new DigestSession(challenge(header + ", qop=\"auth,auth-int\""), "Mufasa", "Circle Of Life", "0a4f113b")
                        .answer("GET", "/dir/index.html", null));
        assertEquals("6629fae49393a05397450978507c4ef1", answer.get("response"));
        assertEquals("5ccc069c403ebaf9f0171e9517f40e41", answer.get("opaque"));
        Map<String, String> oldest = read(new DigestSession(challenge(header), "Mufasa", "Circle Of Life", "0a4f113b")
                .answer("GET", "/dir/index.html", null));
        assertEquals("670fd8c2df070c60b045671b8b24ff02", oldest.get("response"));
        assertEquals(Set.of("username", "realm", "nonce", "uri", "response", "opaque"), oldest.keySet());
    }

    @Test
    void aSessionWithoutQopStillNamesTheClientsNonce() {
        Map<String, String> answer =
                read(new DigestSession(challenge("Digest realm=r, nonce=n, algorithm=MD5-sess"), "u", "p", "c")
                        .answer("GET", "/", null));
        assertEquals("c", answer.get("cnonce"));
        assertNull(answer.get("nc"));
    }

    @Test
    void whatIsQuotedIsEscaped() {
        DigestChallenge challenge = challenge("Digest realm=\"a \\\"b\\\" \\\\c\", nonce=\"n\\\"\", opaque=\"\\\\\"");
        assertEquals("a \"b\" \\c", challenge.realm());
        String answer = new DigestSession(challenge, "u\"\\", "p", "c").answer("GET", "/", null);
        assertTrue(
                answer.startsWith("Digest username=\"u\\\"\\\\\", realm=\"a \\\"b\\\" \\\\c\", nonce=\"n\\\"\""),
                answer);
        assertTrue(answer.endsWith("opaque=\"\\\\\""), answer);
        assertEquals("u\"\\", read(answer).get("username"));
    }

    @Test
    void eachAnswerCountsOn() {
        DigestSession session = DigestSession.start(challenge("Digest realm=r, nonce=n, qop=auth"), "u", "p");
        Set<String> counts = new HashSet<>();
        Set<String> responses = new HashSet<>();
        IntStream.range(0, 1000)
                .parallel()
                .mapToObj(i -> session.answer("GET", "/", null))
                .toList()
                .forEach(answer -> {
                    counts.add(read(answer).get("nc"));
                    responses.add(read(answer).get("response"));
                });
        assertEquals(1000, counts.size());
        assertEquals(1000, responses.size());
        assertTrue(counts.contains("00000001") && counts.contains("000003e8"), "counted from 1");
    }

    @Test
    void theClientsNonceIsRandomAndThatOfItsNonce() {
        DigestChallenge challenge = challenge("Digest realm=r, nonce=n, qop=auth");
        DigestSession session = DigestSession.start(challenge, "u", "p");
        String first = read(session.answer("GET", "/", null)).get("cnonce");
        assertEquals(first, read(session.answer("GET", "/", null)).get("cnonce"));
        assertEquals(32, first.length());
        Map<String, String> next = read(session.next("m").answer("GET", "/", null));
        assertNotEquals(first, next.get("cnonce"));
        assertEquals("m", next.get("nonce"));
        assertEquals("00000001", next.get("nc"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Basic realm=x|~~",
                "Digest realm=x|~~",
                "Digest nonce=x|~~",
                "Digest|~~",
                "Digest realm=r, nonce=n, algorithm=MD6|~~",
                "Digest realm=r, nonce=n, algorithm=-sess|~~",
                "Digest realm=r, nonce=n, qop=zz|~~",
                "Digest realm=r, nonce=n, qop=\"zz, auth\"|MD5",
                "Digest realm=r, nonce=n, algorithm=MD5, Digest realm=r, nonce=n, algorithm=SHA-256|SHA_256",
                "Digest realm=r, nonce=n, algorithm=SHA-256, Digest realm=r, nonce=n, algorithm=MD5|SHA_256",
                "Digest realm=r, nonce=n, algorithm=SHA-512-256, Basic realm=x, Digest realm=r, nonce=n, algorithm=SHA-256|SHA_512_256",
                "Digest realm=r, nonce=n, algorithm=SHA-999, Digest realm=r, nonce=n, algorithm=MD5-sess|MD5",
                "Digest realm=r, nonce=n, algorithm=MD5, Digest realm=r, nonce=n, algorithm=SHA|SHA",
            })
    void theStrongestThatCanBeAnswered(String header, String algorithm) {
        DigestChallenge challenge = DigestChallenge.strongest(List.of(header));
        assertEquals(algorithm, challenge == null ? "" : challenge.algorithm().name());
    }

    @Test
    void ofEqualsTheFirstAndOfAllHeaders() {
        DigestChallenge challenge = Objects.requireNonNull(DigestChallenge.strongest(List.of(
                "Basic realm=b",
                "Digest realm=1, nonce=n, algorithm=MD5",
                "Digest realm=2, nonce=n, algorithm=SHA-256",
                "Digest realm=3, nonce=n, algorithm=SHA-256")));
        assertEquals("2", challenge.realm());
        assertNull(DigestChallenge.strongest(List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "'', /anything, true",
        "/a, /a, true",
        "/a, /a/b?c, true",
        "/a, /ab, false",
        "/a/, /a/b, true",
        "/a/, /a, false",
        "/, /x, true",
        "/b  /a, /a/x, true",
        "/b /c, /a, false",
        "http://h/a, /a/x, true",
        "http://h:80/a, /a/x, true",
        "http://other/a, /a/x, false",
        "https://h/a, /a/x, false",
        "http://other/ /a, /a, true",
        "mailto:x, /a, false",
        "http://[, /a, false",
    })
    void theSpaceThatAnAnswerIsGoodFor(String domain, String target, boolean covered) {
        DigestChallenge challenge = challenge("Digest realm=r, nonce=n, domain=\"" + domain + "\"");
        assertEquals(covered, challenge.covers(HttpUrl.parse("http://h" + target)));
    }

    @Test
    void flags() {
        DigestChallenge none = challenge("Digest realm=r, nonce=n, stale=no, charset=x, userhash=false");
        assertFalse(none.stale() || none.utf8() || none.userhash());
        DigestChallenge all = challenge("Digest realm=r, nonce=n, stale=TRUE, charset=utf-8, userhash=True");
        assertTrue(all.stale() && all.utf8() && all.userhash());
        assertFalse(all.withNonce("m").stale());
    }
}
