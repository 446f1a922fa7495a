package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9113 sections 8.2 and 8.3, without a connection. Fields are written as {@code name=value}, parted by bars. */
class FieldBlockTest {
    private static final HeaderLimits LIMITS = new HeaderLimits(100, 30, 3, 60);

    private static final ReceivedFields NONE = new ReceivedFields();

    private static ReceivedFields fields(String text) {
        ReceivedFields fields = new ReceivedFields();
        for (String field : text.split("\\|", -1)) {
            int equals = field.indexOf('=');
            if (equals >= 0) {
                fields.add(octets(field.substring(0, equals)), octets(field.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static AsciiString octets(String text) {
        String unescaped = text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\0", "\0")
                .replace("\\t", "\t");
        return new AsciiString(unescaped.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    @Test
    void aHead() {
        ResponseHead head = FieldBlock.head(fields(":status=200|b=2|a=|b=1"), LIMITS, NONE);
        assertEquals(200, head.status());
        assertEquals("", head.reason());
        assertEquals("HTTP/2", head.version());
        assertEquals("[b=2, a=, b=1]", head.headers().toString());
    }

    @Test
    void trailers() {
        assertEquals("[a=1]", FieldBlock.trailers(fields("a=1"), LIMITS).toString());
        assertEquals("[]", FieldBlock.trailers(fields(""), LIMITS).toString());
    }

    @Test
    void valuesThatAreUtf8AreReadAsSuch() {
        assertEquals(
                "é",
                FieldBlock.head(fields(":status=200|a=Ã©"), LIMITS, NONE)
                        .headers()
                        .first("a"));
        assertEquals(
                "é",
                FieldBlock.head(fields(":status=200|a=é"), LIMITS, NONE)
                        .headers()
                        .first("a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; it has no :status",
                "a=1; it has no :status",
                "a=1|:status=200; :status is not its first field",
                ":status=200|:status=200; the field :status has no place here",
                ":status=200|:path=/; the field :path has no place here",
                ":status=; no number of three digits",
                ":status=20; no number of three digits",
                ":status=0200; no number of three digits",
                ":status=2x0; no number of three digits",
                ":status=020; no number of three digits",
                ":status=200|A=1; not in lower case",
                ":status=200|aB=1; not in lower case",
                ":status=200|=1; name",
                ":status=200|a b=1; name",
                ":status=200|a:=1; name",
                ":status=200|connection=close; does not belong into HTTP/2",
                ":status=200|keep-alive=1; does not belong into HTTP/2",
                ":status=200|proxy-connection=1; does not belong into HTTP/2",
                ":status=200|transfer-encoding=chunked; does not belong into HTTP/2",
                ":status=200|upgrade=h2c; does not belong into HTTP/2",
                ":status=200|te=gzip; does not belong into HTTP/2",
                ":status=200|te=trailers, deflate; does not belong into HTTP/2",
                ":status=200|a=1\\r; value",
                ":status=200|a=1\\n2; value",
                ":status=200|a=\\0; value",
                ":status=200|a=1 ; begins or ends with white space",
                ":status=200|a= 1; begins or ends with white space",
                ":status=200|a=1\\t; begins or ends with white space",
                ":status=200|a=1|b=2|c=3|d=4; more than 3 header fields",
                ":status=200|a=123456789012345678901234567890; the limit is 30",
                ":status=200|a=12345678901234567890|b=12345678901234567890|c=12345678901234567890; more than 60 bytes",
            },
            ignoreLeadingAndTrailingWhitespace = false)
    void malformed(String text, String why) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> FieldBlock.head(fields(text), LIMITS, NONE));
        assertTrue(String.valueOf(e.getMessage()).contains(why.strip()), e.getMessage());
    }

    @Test
    void aPseudoFieldBehindABody() {
        assertThrows(IllegalArgumentException.class, () -> FieldBlock.trailers(fields(":status=200"), LIMITS));
    }

    @Test
    void moreFieldsThanThereIsRoomForAtFirst() {
        StringBuilder text = new StringBuilder(":status=200");
        for (int i = 0; i < 90; i++) {
            text.append("|a").append(i).append('=').append(i);
        }
        ResponseHead head = FieldBlock.head(fields(text.toString()), HeaderLimits.DEFAULT, NONE);
        assertEquals(90, head.headers().size());
        assertEquals("89", head.headers().first("a89"));
    }

    @Test
    void sizeCountsAsTheSettingDoes() {
        assertEquals(7 + 3 + 32 + 1 + 2 + 32, FieldBlock.size(fields(":status=200|a=12")));
    }

    /** What is taken from the answer before is the same text; a name alone in its place is no reason to take the value. */
    @Test
    void whatTheAnswerBeforeSaidToo() {
        ReceivedFields before = fields(":status=200|a=1|b=now|c=x");
        Headers last = FieldBlock.head(before, LIMITS, NONE).headers();
        Headers next = FieldBlock.head(fields(":status=404|a=1|b=then|c=x"), LIMITS, before)
                .headers();
        assertEquals("[a=1, b=then, c=x]", next.toString());
        assertSame(last.value(0), next.value(0));
        assertSame(
                last,
                FieldBlock.head(fields(":status=404|a=1|b=now|c=x"), LIMITS, before)
                        .headers());
        assertThrows(
                IllegalArgumentException.class, () -> FieldBlock.head(fields(":status=200|a=1|B=now"), LIMITS, before));
    }

    /** Octets may be what the text before was, and still mean another text. */
    @Test
    void octetsAreNotTakenForTheTextBefore() {
        ReceivedFields before = fields(":status=200|a=\u00c3\u0083\u00c2\u00a9");
        Headers last = FieldBlock.head(before, LIMITS, NONE).headers();
        assertEquals("\u00c3\u00a9", last.value(0));
        assertEquals(
                "\u00e9",
                FieldBlock.head(fields(":status=200|a=\u00c3\u00a9"), LIMITS, before)
                        .headers()
                        .value(0));
    }
}
