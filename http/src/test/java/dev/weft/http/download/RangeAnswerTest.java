package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.ResponseHead;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of answers to requests for a range, and what they mean. */
class RangeAnswerTest {
    private static final HttpUrl URL = HttpUrl.parse("http://h/f");
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final Origin KNOWN = new Origin(URL, "\"v1\"", DATE, true, null, 1000);
    private static final Origin DATED = new Origin(URL, null, DATE, true, null, 1000);
    private static final Origin UNKNOWN_LENGTH = KNOWN.withLength(-1);

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "bytes 0-0/1, 0 1 1",
                "bytes 500-999/1000, 500 1000 1000",
                "BYTES 5-9/*, 5 10 -1",
                "bytes */1000, -1 -1 1000",
                "bytes 0-9223372036854775806/9223372036854775807, 0 9223372036854775807 9223372036854775807",
                "bytes 0-9223372036854775807/*, none",
                "bytes 0-9223372036854775808/*, none",
                "bytes 0-99999999999999999999/*, none",
                "bytes 5-4/10, none",
                "bytes 5-10/10, none",
                "bytes -5-9/10, none",
                "bytes 5-9, none",
                "bytes=5-9/10, none",
                "bytes 5-9/10/11, none",
                "bytes 5-/10, none",
                "bytes -9/10, none",
                "bytes 5 - 9/10, none",
                "bytes +5-9/10, none",
                "bytes 5-9/0x10, none",
                "bytes 5-9/, none",
                "bytes */*, none",
                "lines 5-9/10, none",
                "bytes, none",
            })
    void contentRangeIsReadStrictly(String value, @Nullable String expected) {
        ContentRange range = ContentRange.parse(value);
        if (expected == null) {
            assertNull(range);
        } else {
            assertEquals(expected, range.start() + " " + range.end() + " " + range.total());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "none",
            value = {
                "right; 206; bytes 500-999/1000; \"v1\"; none; WriteAt 500-1000 of 1000",
                "shorter than asked; 206; bytes 500-599/1000; \"v1\"; none; WriteAt 500-600 of 1000",
                "total not told; 206; bytes 500-999/*; \"v1\"; none; WriteAt 500-1000 of -1",
                "tag and date; 206; bytes 500-999/1000; \"v1\"; Sun, 06 Nov 1994 08:49:37 GMT; WriteAt 500-1000 of 1000",
                "other tag; 206; bytes 500-999/1000; \"v2\"; none; Changed",
                "now weak; 206; bytes 500-999/1000; W/\"v1\"; none; Changed",
                "other date; 206; bytes 500-999/1000; \"v1\"; Mon, 07 Nov 1994 08:49:37 GMT; Changed",
                "other total; 206; bytes 500-999/1001; \"v1\"; none; Changed",
                "no validator; 206; bytes 500-999/1000; none; none; Refused",
                "date alone, of two known; 206; bytes 500-999/1000; none; Sun, 06 Nov 1994 08:49:37 GMT; WriteAt 500-1000 of 1000",
                "starts early; 206; bytes 0-999/1000; \"v1\"; none; Refused",
                "starts late; 206; bytes 501-999/1000; \"v1\"; none; Refused",
                "beyond the whole; 206; bytes 500-1000/*; \"v1\"; none; Refused",
                "no Content-Range; 206; none; \"v1\"; none; Refused",
                "malformed; 206; bytes 500-/1000; \"v1\"; none; Refused",
                "of a 416; 206; bytes */1000; \"v1\"; none; Refused",
                "whole, same; 200; none; \"v1\"; none; StartOver true",
                "whole, other; 200; none; \"v2\"; none; StartOver false",
                "whole, says nothing; 200; none; none; none; StartOver false",
                "unsatisfiable, other length; 416; bytes */400; none; none; Changed",
                "unsatisfiable, nonsense; 416; bytes */1000; none; none; Refused",
                "unsatisfiable, other tag; 416; bytes */1000; \"v2\"; none; Changed",
                "unsatisfiable, says nothing; 416; none; none; none; Refused",
            })
    void anAnswerToTheRest(
            String name,
            int status,
            @Nullable String range,
            @Nullable String etag,
            @Nullable String modified,
            String expected) {
        ResponseHead head = head(status, range, etag, modified);
        assertEquals(expected, text(RangeAnswer.judge(500, -1, KNOWN, Validators.origin(URL, head), head)), name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "500; 600; bytes 500-599/1000; WriteAt 500-600 of 1000",
                "500; 600; bytes 500-598/1000; WriteAt 500-599 of 1000",
                "500; 600; bytes 500-600/1000; Refused",
                "500; 600; bytes 500-999/1000; Refused",
            })
    void anAnswerToASegmentIsNotLongerThanIt(long from, long to, String range, String expected) {
        ResponseHead head = head(206, range, "\"v1\"", null);
        assertEquals(expected, text(RangeAnswer.judge(from, to, KNOWN, Validators.origin(URL, head), head)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"bytes */500; Complete 500", "bytes */499; Changed", "bytes */501; Refused"})
    void whereTheLengthWasNotKnownItIsLearned(String range, String expected) {
        ResponseHead head = head(416, range, null, null);
        assertEquals(expected, text(RangeAnswer.judge(500, -1, UNKNOWN_LENGTH, Validators.origin(URL, head), head)));
    }

    @Test
    void aDateAloneVouchesIfItIsStrong() {
        ResponseHead dated = head(206, "bytes 500-999/1000", null, DATE);
        assertEquals(
                "WriteAt 500-1000 of 1000",
                text(RangeAnswer.judge(500, -1, DATED, Validators.origin(URL, dated), dated)));
        Origin weak = new Origin(URL, null, DATE, false, null, 1000);
        assertEquals("Refused", text(RangeAnswer.judge(500, -1, weak, Validators.origin(URL, dated), dated)));
        ResponseHead bare = head(206, "bytes 500-999/1000", null, null);
        assertEquals("Refused", text(RangeAnswer.judge(500, -1, DATED, Validators.origin(URL, bare), bare)));
    }

    @Test
    void theFirstAnswerOfAllMayBeAPart() {
        ResponseHead head = head(206, "bytes 0-99/1000", "\"v1\"", null);
        assertEquals("WriteAt 0-100 of 1000", text(RangeAnswer.judge(0, -1, null, Validators.origin(URL, head), head)));
    }

    @Test
    void severalPartsAtOnceAreNotTaken() {
        ResponseHead head = with(head(206, null, "\"v1\"", null), "Content-Type", "Multipart/ByteRanges; boundary=x");
        assertEquals("Refused", judged(head));
    }

    @Test
    void theBodyMustBeAsLongAsItsRange() {
        ResponseHead head = head(206, "bytes 500-999/1000", "\"v1\"", null);
        assertEquals("WriteAt 500-1000 of 1000", judged(with(head, "Content-Length", "500")));
        assertEquals("Refused", judged(with(head, "Content-Length", "499")));
        assertEquals("Refused", judged(with(head, "Content-Length", "many")));
    }

    @Test
    void aPartOfAnotherCodingIsOfAnotherFile() {
        ResponseHead head = head(206, "bytes 500-999/1000", "\"v1\"", null);
        assertEquals("Changed", judged(with(head, "Content-Encoding", "gzip")));
        assertEquals("WriteAt 500-1000 of 1000", judged(with(head, "Content-Encoding", "identity")));
        Origin coded = new Origin(URL, "\"v1\"", null, false, "gzip", 1000);
        ResponseHead same = with(head, "Content-Encoding", "GZIP");
        assertEquals(
                "WriteAt 500-1000 of 1000",
                text(RangeAnswer.judge(500, -1, coded, Validators.origin(URL, same), same)));
        assertEquals("Changed", text(RangeAnswer.judge(500, -1, coded, Validators.origin(URL, head), head)));
    }

    @Test
    void twoDifferentValuesOfOneFieldAreNone() {
        ResponseHead head = head(206, "bytes 500-999/1000", "\"v1\"", null);
        assertEquals("Refused", judged(with(head, "Content-Range", "bytes 0-999/1000")));
        assertEquals("Refused", judged(with(head, "ETag", "\"v2\"")));
        assertEquals("WriteAt 500-1000 of 1000", judged(with(head, "ETag", "\"v1\"")));
    }

    @Test
    void otherStatusesAreNotJudged() {
        ResponseHead head = head(503, null, null, null);
        assertThrows(
                IllegalArgumentException.class,
                () -> RangeAnswer.judge(500, -1, KNOWN, Validators.origin(URL, head), head));
    }

    private static String judged(ResponseHead head) {
        return text(RangeAnswer.judge(500, -1, KNOWN, Validators.origin(URL, head), head));
    }

    private static String text(RangeAnswer answer) {
        return switch (answer) {
            case RangeAnswer.WriteAt at -> "WriteAt " + at.position() + "-" + at.end() + " of " + at.total();
            case RangeAnswer.StartOver over -> "StartOver " + over.same();
            case RangeAnswer.Changed changed -> "Changed";
            case RangeAnswer.Complete complete -> "Complete " + complete.length();
            case RangeAnswer.Refused refused -> "Refused";
        };
    }

    private static ResponseHead head(
            int status, @Nullable String range, @Nullable String etag, @Nullable String modified) {
        Headers.Builder headers = Headers.builder().add("Date", "Mon, 14 Nov 1994 00:00:00 GMT");
        if (range != null) {
            headers.add("Content-Range", range);
        }
        if (etag != null) {
            headers.add("ETag", etag);
        }
        if (modified != null) {
            headers.add("Last-Modified", modified);
        }
        return new ResponseHead(status, "", "HTTP/1.1", headers.build());
    }

    private static ResponseHead with(ResponseHead head, String name, String value) {
        Headers headers = head.headers().toBuilder().add(name, value).build();
        return new ResponseHead(head.status(), head.reason(), head.version(), headers);
    }
}
