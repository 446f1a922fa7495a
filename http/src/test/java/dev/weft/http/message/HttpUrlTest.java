package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpUrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '~',
            value = {
                "http://h http://h/",
                "HTTP://EXAMPLE.com:80/ http://example.com/",
                "https://h:443 https://h/",
                "https://h:80 https://h:80/",
                "http://h: http://h/",
                "http://h?a http://h/?a",
                "http://h#f http://h/#f",
                "~http://h/a b~ http://h/a%20b",
                "http://h/é http://h/%C3%A9",
                "http://h/%zz http://h/%25zz",
                "http://h/% http://h/%25",
                "http://h/[x] http://h/%5Bx%5D",
                "http://h/a|b^{}`\"<>\\ http://h/a%7Cb%5E%7B%7D%60%22%3C%3E%5C",
                "http://h/a/../b http://h/b",
                "http://h/a/./b/. http://h/a/b/",
                "http://h/../../b/.. http://h/",
                "http://h/a/%2e%2e/b http://h/a/%2e%2e/b",
                "http://h/.well-known/x http://h/.well-known/x",
                "http://h//x http://h//x",
                "http://h/?q=a+b http://h/?q=a+b",
                "http://h/?b=%26&c=%2f http://h/?b=%26&c=%2f",
                "http://h/?a?b/c http://h/?a?b/c",
                "http://h/%7Euser/%41 http://h/%7Euser/%41",
                "http://h/;a=1,2:@!$&'()*+,;= http://h/;a=1,2:@!$&'()*+,;=",
                "http://u:p@h/x http://h/x",
                "http://u@v:p@h/x http://h/x",
                "http://a_b.c/ http://a_b.c/",
                "http://bücher.example/ http://xn--bcher-kva.example/",
                "http://h./ http://h./",
                "http://[::1]:8080/ http://[::1]:8080/",
                "http://[2001:DB8::1]/ http://[2001:db8::1]/",
                "http://h/\uD83D\uDE00 http://h/%F0%9F%98%80",
            })
    void keepsWhatIsLegalAndEncodesTheRest(String text, String expected) {
        HttpUrl url = HttpUrl.parse(text);
        assertEquals(expected, url.toString());
        assertEquals(expected, url.toUri().toString());
        assertEquals(url.toString(), HttpUrl.parse(url.toString()).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|does not begin with",
                "foo|does not begin with",
                "/rel|does not begin with",
                "//h/x|does not begin with",
                "localhost:80/x|its scheme is localhost",
                "ftp://x/|its scheme is ftp",
                "http:/x|no //",
                "http:x|no //",
                "http://|no host",
                "http:///x|no host",
                "http://:80/|no host",
                "http://u:p@/|no host",
                "http://[::1/|closing bracket",
                "http://[::1]x/|closing bracket",
                "http://[zz]/|not an IPv6 address",
                "http://h:70000/|port 70000",
                "http://h:0/|port 0",
                "http://h:x/|port x",
                "http://h:-1/|port -1",
                "http://h:80:80/|port 80:80",
                "'http://a b/'|character ' '",
                "'http://a%20b/'|character ' '",
                "http://a\\b/|character '\\'",
                "http://a<b/|character '<'",
                "http://a..b/|empty part",
                "http://.a/|empty part",
            })
    void saysWhatIsWrong(String text, String reason) {
        InvalidUrlException e = assertThrows(InvalidUrlException.class, () -> HttpUrl.parse(text));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertEquals(text, e.url());
    }

    @Test
    void refusesControlCharactersEverywhere() {
        for (char c : new char[] {'\r', '\n', '\0', '\t', 0x7f}) {
            for (String url :
                    new String[] {"http://h/a%sb", "http://h%s/", "ht%stp://h/", "http://h/?q=%s", "%shttp://h/"}) {
                InvalidUrlException e =
                        assertThrows(InvalidUrlException.class, () -> HttpUrl.parse(url.replace("%s", "" + c)));
                assertFalse(e.getMessage().contains("" + c), "the message shows it");
            }
        }
    }

    @Test
    void parts() {
        HttpUrl url = HttpUrl.parse("https://user:pass@example.com:8443/a/b?q=1#top");
        assertEquals("https", url.scheme());
        assertTrue(url.isTls());
        assertEquals("user:pass", url.userInfo());
        assertEquals("example.com", url.host());
        assertEquals(8443, url.port());
        assertEquals("example.com:8443", url.authority());
        assertEquals("/a/b", url.path());
        assertEquals("q=1", url.query());
        assertEquals("top", url.fragment());
        assertEquals("/a/b?q=1", url.target());
        assertEquals("[::1]", HttpUrl.parse("http://[::1]/").authority());
        assertEquals("::1", HttpUrl.parse("http://[::1]/").host());
    }

    @Test
    void params() {
        HttpUrl url = HttpUrl.parse("http://h/p");
        assertEquals("/p?a=1", url.withParam("a", "1").target());
        assertEquals(
                "/p?a=1&b+c=%26%3D%2B%25%2F%3F%23",
                url.withParam("a", "1").withParam("b c", "&=+%/?#").target());
        assertEquals(
                "/p?x=%2f&%C3%A9=%E2%82%AC",
                HttpUrl.parse("http://h/p?x=%2f").withParam("é", "€").target());
        assertEquals("/p?a=1", HttpUrl.parse("http://h/p?").withParam("a", "1").target());
        assertEquals(
                "http://h/p?a=1#f",
                HttpUrl.parse("http://h/p#f").withParam("a", "1").toString());
    }

    @Test
    void ofUri() {
        assertEquals(
                "http://h/%7e?a=%2B",
                HttpUrl.of(URI.create("http://h/%7e?a=%2B")).toString());
        assertThrows(InvalidUrlException.class, () -> HttpUrl.of(URI.create("mailto:a@b")));
    }

    /** H147: the address policy then judges the host that is connected to. */
    @Test
    void oneFormForEachHost() {
        HttpUrl plain = HttpUrl.parse("http://127.0.0.1/");
        for (String host :
                new String[] {"127.1", "2130706433", "0x7f.1", "0177.1", "%31%32%37.1", "１２７.1", "127.0.0.1."}) {
            HttpUrl url = HttpUrl.parse("http://" + host + "/");
            assertEquals(plain, url, host);
            assertTrue(plain.isSameOrigin(url), host);
        }
        assertEquals(HttpUrl.parse("http://[::1]/"), HttpUrl.parse("http://[0:0::0:1]/"));
        for (String host : new String[] {"127.0.0.256", "1.2.3.4.5", "09.1"}) {
            InvalidUrlException e =
                    assertThrows(InvalidUrlException.class, () -> HttpUrl.parse("http://" + host + "/"));
            assertTrue(e.getMessage().contains("no IPv4 address"), e.getMessage());
        }
    }

    /** H151. */
    @Test
    void encodedIsSentByteForByte() {
        String text = "http://h/a/../b/./%zz/%2e|[x]^{}`\"<>\\?q=%27&a|b'%#f|g%";
        HttpUrl url = HttpUrl.encoded(text);
        assertEquals(text, url.toString());
        assertEquals("/a/../b/./%zz/%2e|[x]^{}`\"<>\\?q=%27&a|b'%", url.target());
        assertEquals(
                "http://h/a/../b/./%25zz/%2e%7C%5Bx%5D%5E%7B%7D%60%22%3C%3E%5C?q=%27&a%7Cb'%25#f%7Cg%25",
                url.toUri().toString());
        assertEquals("/?a", HttpUrl.encoded("http://h?a").target());
        assertEquals("http://h/", HttpUrl.encoded("HTTP://H:80").toString());
        assertEquals("127.0.0.1", HttpUrl.encoded("http://127.1/").host());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "http://h/a b|U+0020",
                "http://h/é|U+00E9",
                "http://h/?\u007f|U+007F",
                "~http://h/\r\nX: y~|U+000D",
                "http://h:0/|port 0",
                "/x|does not begin with",
            })
    void encodedStillRefusesWhatBreaksARequest(String text, String reason) {
        InvalidUrlException e = assertThrows(InvalidUrlException.class, () -> HttpUrl.encoded(text));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    /** H152. */
    @Test
    void aQueryIsNotQuotedAgain() {
        HttpUrl url = HttpUrl.parse("http://h/p?old#f");
        assertEquals(
                "http://h/p?a=%20+%2f&b='c'#f", url.withQuery("a=%20+%2f&b='c'").toString());
        assertEquals("http://h/p?a%20b%23%25#f", url.withQuery("a b#%").toString());
        assertEquals("http://h/p?#f", url.withQuery("").toString());
        assertEquals("http://h/p#f", url.withQuery(null).toString());
    }

    @Test
    void aPasswordIsInNoText() {
        HttpUrl url = HttpUrl.parse("http://user:secret@h/x");
        assertEquals("http://h/x", url.toString());
        assertEquals("http://h", url.origin());
        assertEquals("http://h/x", url.toUri().toString());
        for (String broken :
                new String[] {"http://user:secret@h:0/", "//user:secret@h/", "user:secret@h", "ftp://user:secret@h"}) {
            InvalidUrlException e = assertThrows(InvalidUrlException.class, () -> HttpUrl.parse(broken));
            assertFalse(e.getMessage().contains("secret"), e.getMessage());
            assertTrue(e.getMessage().contains("***@h"), e.getMessage());
        }
    }

    @Test
    void aBackslashIsNoUserName() {
        // Browsers would go to good.example.
        assertThrows(InvalidUrlException.class, () -> HttpUrl.parse("http://good.example\\@evil.example/"));
    }
}
