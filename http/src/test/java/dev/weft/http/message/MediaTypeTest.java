package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
    /** Spec H159, H161. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "null",
            value = {
                "text/html; charset=iso-8859-1|text/html|ISO-8859-1",
                "Text/HTML;Charset=\"utf-8\"|text/html|UTF-8",
                "text/html; charset='utf-16'|text/html|UTF-16",
                "text/html; x=\"a;charset=utf-16\"; charset=utf-8|text/html|UTF-8",
                "text/html; charset = utf-8|text/html|UTF-8",
                "text/html; charset=foo|text/html|null",
                "text/html; charset=|text/html|null",
                "text/html; charset=\"a b\"|text/html|null",
                "text/html|text/html|null",
            })
    void charsets(String value, String type, String charset) {
        assertEquals(type, MediaType.of(value));
        Charset read = MediaType.charset(value);
        assertEquals(charset, read == null ? null : read.name());
    }

    @Test
    void theEncodingOfAResponse() {
        ClientRequest request = ClientRequest.of("GET", HttpUrl.parse("http://h/"))
                .with(Options.CHARSET_RESOLVER, (response, bytes) -> StandardCharsets.ISO_8859_1);
        byte[] marked = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 'a'};
        Headers named =
                Headers.builder().add("Content-Type", "a/b; charset=utf-16").build();
        assertEquals(
                StandardCharsets.UTF_16,
                ClientResponse.of(request, 200, named, marked).encoding());

        ClientResponse unnamed = ClientResponse.of(request, 200, Headers.empty(), new byte[] {'a'});
        assertThrows(IllegalStateException.class, unnamed::encoding);
        assertEquals("a", unnamed.text().await());
        assertEquals(StandardCharsets.ISO_8859_1, unnamed.encoding());

        ClientResponse withMark = ClientResponse.of(request, 200, Headers.empty(), marked);
        assertEquals("a", withMark.text().await());
        assertEquals(StandardCharsets.UTF_8, withMark.encoding());
    }
}
