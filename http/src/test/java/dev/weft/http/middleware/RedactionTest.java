package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is shown of headers and URLs. */
class RedactionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Authorization       | Bearer abc              | Bearer REDACTED
            authorization       | abc                     | REDACTED
            Proxy-Authorization | Basic dTpw              | Basic REDACTED
            Cookie              | a=1; b=2=3;c            | a=REDACTED; b=REDACTED;c
            Set-Cookie          | a=1; Path=/; Secure     | a=REDACTED; Path=/; Secure
            X-Api-Key           | 12345                   | REDACTED
            X-Mine              | secret                  | REDACTED
            Accept              | a=1; q=2                | a=1; q=2
            Location            | /p?token=1&x=token#t=1  | /p?token=REDACTED&x=token#t=1
            Referer             | http://h/?a&token=1&b=  | http://h/?a&token=REDACTED&b=
            Content-Location    | ?token=                 | ?token=REDACTED
            """)
    void headers(String name, String value, String shown) {
        Redaction redaction = Redaction.standard().headers("x-mine").params("token");
        assertEquals(shown, redaction.header(name, value));
        assertEquals(value, Redaction.none().header(name, value));
        Headers all = Headers.builder().add(name, value).add("X-B", "1").build();
        assertEquals(Headers.builder().add(name, shown).add("X-B", "1").build(), redaction.headers(all));
    }

    @ParameterizedTest
    @CsvSource({
        "http://u:p@h/a?token=1,http://h/a?token=REDACTED",
        "http://h/a?b=1&token=2&token=3&c,http://h/a?b=1&token=REDACTED&token=REDACTED&c",
        "http://h/a?Token=1&token,http://h/a?Token=1&token",
        "http://h/a,http://h/a",
        "http://h/a?,http://h/a?",
        "http://h/a?&&token=1#token=2,http://h/a?&&token=REDACTED#token=REDACTED",
        "http://h/a#?token=1,http://h/a#?token=REDACTED",
    })
    void urls(String url, String shown) {
        assertEquals(shown, Redaction.none().params("token").url(HttpUrl.parse(url)));
        assertFalse(Redaction.none().url(HttpUrl.parse(url)).contains("@"));
    }

    @Test
    void whatIsHidden() {
        assertTrue(Redaction.standard().hides("set-cookie"));
        assertFalse(Redaction.none().hides("Set-Cookie"));
    }
}
