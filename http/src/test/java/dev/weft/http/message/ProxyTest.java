package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Proxy.Kind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ProxyTest {
    @ParameterizedTest
    @CsvSource({
        "http://proxy:3128, HTTP, proxy, 3128",
        "http://proxy:3128/, HTTP, proxy, 3128",
        "HTTP://Proxy.Example., HTTP, proxy.example., 80",
        "https://proxy, HTTPS, proxy, 443",
        "https://proxy:, HTTPS, proxy, 443",
        "socks4://proxy, SOCKS4, proxy, 1080",
        "socks4a://proxy:9050, SOCKS4, proxy, 9050",
        "socks5://proxy, SOCKS5, proxy, 1080",
        "socks5h://127.1:9050, SOCKS5H, 127.0.0.1, 9050",
        "proxy, HTTP, proxy, 80",
        "proxy:8080, HTTP, proxy, 8080",
        "http://[::1]:3128, HTTP, ::1, 3128",
        "[0:0::1], HTTP, ::1, 80",
        "http://bücher.example:1, HTTP, xn--bcher-kva.example, 1",
    })
    void parse(String text, Kind kind, String host, int port) {
        assertEquals(new Proxy(kind, host, port, null, null, Headers.empty()), Proxy.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "http://u:p@proxy:1|u|p",
                "u:p@proxy|u|p",
                "http://u@proxy|u|",
                "http://u:@proxy|u|~~",
                "http://:p@proxy|~~|p",
                "http://a%40b:c%3Ad%25+@proxy|a@b|c:d%+",
                "http://u:a@b@proxy|u|a@b",
                "http://u:a/b?c#d@proxy|u|a/b?c#d",
                "http://%C3%BC:é@proxy|ü|é",
                "socks5://a%3Ab:p@proxy|a:b|p",
                "socks4://u@proxy|u|",
            })
    void userAndPassword(String text, String user, String password) {
        Proxy proxy = Proxy.parse(text);
        assertEquals(user, proxy.user());
        assertEquals(password, proxy.password());
        assertEquals("proxy", proxy.host());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|no host",
                "http://|no host",
                "http://:3128|no host",
                "http://u:secret@|no host",
                "ftp://u:secret@proxy|its scheme \"ftp\" is none of http, https, socks4",
                "://proxy|its scheme \"\" is none of",
                "http://proxy:0|port \"0\" is not a number from 1 to 65535",
                "http://proxy:65536|port \"65536\"",
                "http://proxy:x|port \"x\"",
                "http://proxy:1:2|port \"1:2\"",
                "http://proxy/path|more than a host and a port",
                "http://proxy?q|more than a host and a port",
                "http://proxy:1/?|more than a host and a port",
                "http://[::1|no closing bracket",
                "http://[::1]x:3|no closing bracket",
                "http://::1|no host",
                "http://a b|character ' '",
                "http://1.2.3.4.5|no IPv4 address",
                "http://a%3Ab:secret@proxy|user name \"a:b\" holds a ':'",
                "http://u:secret%0D%0A@proxy|password holds the control character U+000D",
                "socks5://u%00:secret@proxy|user name holds the control character U+0000",
                "socks4://u:secret@proxy|a SOCKS 4 proxy takes a user, but no password",
                "http://%E9:secret@proxy|not UTF-8",
                "http://u:secret/@proxy:0|port \"0\"",
            })
    void saysWhatIsWrongAndShowsNoPassword(String text, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> Proxy.parse(text))
                .getMessage();
        assertTrue(message.contains(reason) && message.contains(" is no proxy: "), message);
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void made() {
        Proxy proxy = Proxy.http("PROXY", 3128);
        assertEquals(Proxy.parse("http://proxy:3128"), proxy);
        assertEquals(Proxy.parse("https://proxy:3128"), Proxy.https("proxy", 3128));
        assertEquals(Proxy.parse("socks5h://[::1]:3128"), Proxy.socks("::1", 3128));
        assertEquals("http://[::1]:3128", Proxy.http("[::1]", 3128).toString());
        Proxy whole = proxy.withCredentials("u", "p").withHeader("X-A", "1").withHeader("X-B", "2");
        assertEquals("u", whole.user());
        assertEquals("p", whole.password());
        assertEquals(Headers.builder().add("X-A", "1").add("X-B", "2").build(), whole.headers());
        assertEquals("http://proxy:3128", whole.toString());
        assertNull(proxy.user(), "immutable");
    }

    @Test
    void whatNoProxyCanBe() {
        assertThrows(IllegalArgumentException.class, () -> Proxy.http("a b", 1));
        assertThrows(IllegalArgumentException.class, () -> Proxy.http("http://proxy", 1));
        assertThrows(IllegalArgumentException.class, () -> Proxy.http("proxy", 0));
        assertThrows(IllegalArgumentException.class, () -> Proxy.http("proxy", 65536));
        assertThrows(
                IllegalArgumentException.class, () -> Proxy.http("proxy", 1).withHeader("X", "a\r\nb"));
        assertThrows(
                IllegalArgumentException.class, () -> Proxy.http("proxy", 1).withCredentials("a:b", "p"));
        assertThrows(
                IllegalArgumentException.class, () -> Proxy.socks("proxy", 1).withHeader("X", "a"));
        assertThrows(
                IllegalArgumentException.class, () -> Proxy.socks("proxy", 1).withCredentials("é".repeat(128), "p"));
        assertEquals(
                127,
                Objects.requireNonNull(Proxy.socks("p", 1)
                                .withCredentials("é".repeat(127), "p")
                                .user())
                        .length());
        assertThrows(
                IllegalArgumentException.class, () -> new Proxy(Kind.HTTP, "proxy", 1, null, "p", Headers.empty()));
    }

    @Test
    void whatIsSentUnasked() {
        assertEquals("Basic dTpw", Proxy.parse("http://u:p@proxy").authorization());
        assertEquals("Basic dTo=", Proxy.parse("https://u@proxy").authorization());
        assertNull(Proxy.parse("http://proxy").authorization());
        assertNull(Proxy.parse("socks5://a%3Ab:p@proxy").authorization());
    }

    /** H177. */
    @Test
    void whatAnswersA407() {
        Headers refusal = Headers.builder()
                .add(
                        "Proxy-Authenticate",
                        "Basic realm=x, Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256")
                .build();
        Proxy proxy = Proxy.parse("http://u:p@proxy");
        String answer = Objects.requireNonNull(proxy.answer(refusal, "CONNECT", "h:443"));
        Map<String, String> given = Challenge.parse(List.of(answer)).getFirst().parameters();
        assertEquals("h:443", given.get("uri"));
        DigestAlgorithm sha = DigestAlgorithm.SHA_256;
        assertEquals(
                sha.hash(sha.hash("u:r:p") + ":n:00000001:" + given.get("cnonce") + ":auth:"
                        + sha.hash("CONNECT:h:443")),
                given.get("response"));
        assertNull(Proxy.parse("http://proxy").answer(refusal, "CONNECT", "h:443"));
        for (String useless : new String[] {"Basic realm=x", "Digest realm=r, nonce=n, qop=auth-int", "@"}) {
            assertNull(proxy.answer(
                    Headers.builder().add("Proxy-Authenticate", useless).build(), "CONNECT", "h:443"));
        }
        assertNull(proxy.answer(Headers.empty(), "CONNECT", "h:443"));
    }

    @Test
    void anythingIsAProxyOrRefused() {
        Random random = new Random(19);
        int proxies = 0;
        for (int i = 0; i < 100_000; i++) {
            String text = random.nextBoolean()
                    ? RandomText.of(random, 20, "htps:/@%[]1.a2é")
                    : RandomText.of(
                            random, 8, "http", "socks5", "://", "u", ":", "p%40", "@", "h", "[::1]", "80", "/", "%0A");
            try {
                Proxy proxy = Proxy.parse(text);
                proxies++;
                assertEquals(proxy.toString(), Proxy.parse(proxy.toString()).toString(), text);
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().contains(" is no proxy: "), text);
            }
        }
        assertTrue(proxies > 1000, "only " + proxies);
    }
}
