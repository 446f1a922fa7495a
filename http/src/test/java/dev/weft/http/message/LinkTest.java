package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8288. */
class LinkTest {
    private static final HttpUrl BASE = HttpUrl.parse("http://h/api/list?page=1");

    private static List<Link> parse(String... values) {
        return Link.parse(BASE, List.of(values));
    }

    /** What is read, as rel=url, several separated by spaces. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "<http://x/2>; rel=\"next\"|next=http://x/2",
                "<?page=2>;rel=next, <?page=9>;rel=last|next=http://h/api/list?page=2 last=http://h/api/list?page=9",
                "<a,b;c>; rel=next|next=http://h/api/a,b;c",
                "</x>; title=\"a, <b>; c\"; rel=prev|prev=http://h/x",
                "</x> ; REL = Next|next=http://h/x",
                "</x>; rel=\"start http://example.net/rel/other\"|start,http://example.net/rel/other=http://h/x",
                "</x>; rel=a; rel=b|a=http://h/x",
                "</x>|=http://h/x",
                "<>; rel=self|self=http://h/api/list?page=1",
                ",,</x>; rel=a,, </y>;rel=b,|a=http://h/x b=http://h/y",
                "garbage, </x>; rel=a|a=http://h/x",
                "</x>; rel=a garbage; x=y, </y>; rel=b|a,garbage=http://h/x b=http://h/y",
                "</x>; rel=\"a\" garbage, </y>; rel=b|a=http://h/x b=http://h/y",
                "<mailto:me@h>; rel=a, </y>; rel=b|b=http://h/y",
                "</x; rel=a|''",
                "''|''",
                "< /x >; rel=a|a=http://h/x",
                "<http://[>; rel=a|''",
            })
    void table(String value, String expected) {
        StringBuilder read = new StringBuilder();
        for (Link link : parse(value)) {
            read.append(read.isEmpty() ? "" : " ")
                    .append(String.join(",", link.rels()))
                    .append('=')
                    .append(link.url());
        }
        assertEquals("''".equals(expected) ? "" : expected, read.toString());
    }

    @Test
    void severalHeadersAndParameters() {
        List<Link> links =
                parse("</a>; rel=next; title=\"plain\"; title*=UTF-8'de'n%c3%a4chste", "</b>; rel=NEXT; anchor=\"#x\"");
        assertEquals(2, links.size());
        assertEquals(Map.of("rel", "next", "title", "nächste"), links.get(0).parameters());
        assertEquals("nächste", links.get(0).title());
        assertNull(links.get(1).title());
        assertTrue(links.get(0).isRel("Next"));
        assertFalse(links.get(0).isRel("prev"));
        assertFalse(links.get(1).isRel("next"), "it is about something else than the answer");
        assertEquals(Set.of("next"), links.get(1).rels());
    }

    @Test
    void ofAResponse() {
        Headers headers = Headers.builder()
                .add("Link", "<?page=2>; rel=next")
                .add("link", "<?page=0>; rel=prev")
                .add("Set-Cookie", "a=1; Path=/")
                .add("Set-Cookie", "b=\"x=y\"; Secure")
                .add("Set-Cookie", "a=2")
                .add("Set-Cookie", "nothing")
                .add("Set-Cookie", "=x; Path=/")
                .add("Content-Disposition", "attachment; filename=x.txt")
                .build();
        ClientResponse response =
                ClientResponse.of(ClientRequest.of("GET", HttpUrl.parse("http://h/l#f")), 200, headers, new byte[0]);
        assertEquals("http://h/l?page=2", response.link("next").url().toString());
        assertEquals(2, response.links().size());
        assertNull(response.link("last"));
        assertEquals(Map.of("a", "2", "b", "\"x=y\""), response.cookies());
        assertEquals("x.txt", response.contentDisposition().filename());
    }

    @Test
    void noValueBreaksIt() {
        String alphabet = "<>;=\", \\*'%2arel";
        Random random = new Random(11);
        for (int i = 0; i < 50_000; i++) {
            char[] value = new char[random.nextInt(30)];
            for (int n = 0; n < value.length; n++) {
                value[n] = alphabet.charAt(random.nextInt(alphabet.length()));
            }
            String text = new String(value);
            int marks =
                    (int) Arrays.stream(text.split("", -1)).filter("<"::equals).count();
            assertTrue(parse(text).size() <= marks, text);
            // What is broken does not take the next header with it.
            assertEquals(
                    1,
                    parse(text, "</x>; rel=next").stream()
                            .filter(link -> link.url().path().equals("/x") && link.isRel("next"))
                            .count());
        }
    }
}
