package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** References: RFC 3986 section 5.4, and what servers send as a Location. */
@Timeout(30)
class ResolveTest {
    private static final HttpUrl BASE = HttpUrl.parse("http://a/b/c/d;p?q");

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '~',
            value = {
                // 5.4.1, normal
                "g http://a/b/c/g",
                "./g http://a/b/c/g",
                "g/ http://a/b/c/g/",
                "/g http://a/g",
                "//g http://g/",
                "?y http://a/b/c/d;p?y",
                "g?y http://a/b/c/g?y",
                "#s http://a/b/c/d;p?q#s",
                "g#s http://a/b/c/g#s",
                "g?y#s http://a/b/c/g?y#s",
                ";x http://a/b/c/;x",
                "g;x http://a/b/c/g;x",
                "g;x?y#s http://a/b/c/g;x?y#s",
                "~~ http://a/b/c/d;p?q",
                ". http://a/b/c/",
                "./ http://a/b/c/",
                ".. http://a/b/",
                "../ http://a/b/",
                "../g http://a/b/g",
                "../.. http://a/",
                "../../ http://a/",
                "../../g http://a/g",
                // 5.4.2, abnormal
                "../../../g http://a/g",
                "../../../../g http://a/g",
                "/./g http://a/g",
                "/../g http://a/g",
                "g. http://a/b/c/g.",
                ".g http://a/b/c/.g",
                "g.. http://a/b/c/g..",
                "..g http://a/b/c/..g",
                "./../g http://a/b/g",
                "./g/. http://a/b/c/g/",
                "g/./h http://a/b/c/g/h",
                "g/../h http://a/b/c/h",
                "g;x=1/./y http://a/b/c/g;x=1/y",
                "g;x=1/../y http://a/b/c/y",
                "g?y/./x http://a/b/c/g?y/./x",
                "g?y/../x http://a/b/c/g?y/../x",
                "g#s/./x http://a/b/c/g#s/./x",
                "g#s/../x http://a/b/c/g#s/../x",
                // whole ones
                "https://H:443/x/../y https://h/y",
                "HTTP://h http://h/",
                "?a:b http://a/b/c/d;p?a:b",
                "./g:h http://a/b/c/g:h",
                "1:2 http://a/b/c/1:2",
            })
    void examplesOfTheRfc(String reference, String expected) {
        assertEquals(expected, BASE.resolve(reference).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g:h",
                "http:g",
                "//",
                "///x",
                "//:80",
                "http:",
                "http://",
                "mailto:a@b",
                "javascript:x",
                "data:,x",
                "file:///etc/passwd",
                "ws://h/",
                "ftp://x/",
                "//a b/",
                "//h:99999/",
                "//[::1",
                "/a\r\nb"
            })
    void whatLeadsNowhere(String reference) {
        assertThrows(InvalidUrlException.class, () -> BASE.resolve(reference));
    }

    /** H019. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "b|/x/b",
                "../c|/c",
                ".|/x/",
                "?x|/x/a?x",
                "#f|/x/a?q#f",
                "/a b|/a%20b",
                "/é|/%C3%A9",
                "/%E9|/%E9",
                "/%zz|/%25zz",
                "/a%2Fb%26?c=%2f|/a%2Fb%26?c=%2f",
            })
    void locations(String reference, String expected) {
        assertEquals(
                "http://h" + expected,
                HttpUrl.parse("http://h/x/a?q").resolve(reference).toString());
    }

    @Test
    void whatIsBeforeTheAtStaysOnlyWithinTheHost() {
        HttpUrl url = HttpUrl.parse("http://u:p@h/a");
        assertEquals("u:p", url.resolve("/b").userInfo());
        assertEquals("u:p", url.resolve("?b").userInfo());
        assertEquals(null, url.resolve("//h/b").userInfo());
        assertEquals("v:q", url.resolve("http://v:q@h/").userInfo());
    }

    @Test
    void anythingResolvesOrIsRefused() {
        Random random = new Random(11);
        int resolved = 0;
        for (int i = 0; i < 100_000; i++) {
            String reference = RandomText.of(random, 14, "ab:/?#.%@[]1é \\;=&htps");
            HttpUrl url;
            try {
                url = BASE.resolve(reference);
            } catch (InvalidUrlException e) {
                continue;
            }
            resolved++;
            String text = url.toString();
            assertTrue(text.chars().allMatch(c -> c > ' ' && c < 0x7f), reference);
            assertEquals(text, HttpUrl.parse(text).toString(), reference);
            assertEquals(text, BASE.resolve(text).toString(), reference);
            assertEquals(text, url.toUri().toString(), reference);
        }
        assertTrue(resolved > 1000, "only " + resolved);
    }
}
