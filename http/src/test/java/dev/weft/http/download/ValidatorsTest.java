package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.ResponseHead;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorsTest {
    private static final HttpUrl URL = HttpUrl.parse("http://h/f");
    private static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String LATER = "Sun, 06 Nov 1994 08:49:38 GMT";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "none",
            value = {
                "strong tag; \"x\"; none; none; \"x\"",
                "strong tag and date; \"x\"; Sun, 06 Nov 1994 08:49:37 GMT; Sun, 06 Nov 1994 09:00:00 GMT; \"x\"",
                "weak tag; W/\"x\"; none; none; none",
                "weak tag, strong date; W/\"x\"; Sun, 06 Nov 1994 08:49:37 GMT; Sun, 06 Nov 1994 08:49:38 GMT; Sun, 06 Nov 1994 08:49:37 GMT",
                "malformed tag; x; none; none; none",
                "half a tag; \"; none; none; none",
                "tag with a quote in it; \"a\"b\"; none; none; none",
                "tag with a space in it; \"a b\"; none; none; none",
                "empty tag; \"\"; none; none; \"\"",
                "date of the same second; none; Sun, 06 Nov 1994 08:49:37 GMT; Sun, 06 Nov 1994 08:49:37 GMT; none",
                "date of the future; none; Sun, 06 Nov 1994 08:49:37 GMT; Sun, 06 Nov 1994 08:00:00 GMT; none",
                "no Date to compare with; none; Sun, 06 Nov 1994 08:49:37 GMT; none; none",
                "no date at all; none; yesterday; Sun, 06 Nov 1994 08:49:38 GMT; none",
                "nothing; none; none; none; none",
            })
    void whatARestIsAskedForWith(
            String name,
            @Nullable String etag,
            @Nullable String modified,
            @Nullable String date,
            @Nullable String expected) {
        Origin origin = Validators.origin(URL, head(200, etag, modified, date));
        assertEquals(expected, Validators.ifRange(origin), name);
    }

    @Test
    void theDateIsThereToFallBackOn() {
        Origin origin = Validators.origin(URL, head(200, "\"x\"", MODIFIED, LATER));
        assertEquals("\"x\"", Validators.ifRange(origin));
        assertEquals(MODIFIED, Validators.ifRangeDate(origin));
        assertNull(Validators.ifRangeDate(Validators.origin(URL, head(200, "\"x\"", MODIFIED, MODIFIED))));
    }

    @Test
    void aFileGetsTheTimeOfTheServerOnlyIfItIsStrong() {
        assertEquals(
                Instant.parse("1994-11-06T08:49:37Z"),
                Validators.strongTime(head(200, null, MODIFIED, LATER).headers()));
        assertNull(Validators.strongTime(head(200, null, MODIFIED, MODIFIED).headers()));
    }

    @Test
    void theLengthIsThatOfTheWhole() {
        Headers length = Headers.builder()
                .add("Content-Length", "12")
                .add("Content-Range", "bytes 0-11/99")
                .build();
        assertEquals(
                12,
                Validators.origin(URL, new ResponseHead(200, "", "", length)).length());
        assertEquals(
                99,
                Validators.origin(URL, new ResponseHead(206, "", "", length)).length());
        Headers wrong = Headers.builder().add("Content-Length", "-1").build();
        assertEquals(
                -1, Validators.origin(URL, new ResponseHead(200, "", "", wrong)).length());
        assertEquals(
                -1, Validators.origin(URL, new ResponseHead(206, "", "", wrong)).length());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "none",
            value = {
                "equal strong tags; \"x\"; none; 5; \"x\"; none; 5; true",
                "length not told; \"x\"; none; 5; \"x\"; none; -1; true",
                "other length; \"x\"; none; 5; \"x\"; none; 6; false",
                "other tag; \"x\"; none; 5; \"y\"; none; 5; false",
                "equal weak tags; W/\"x\"; none; 5; W/\"x\"; none; 5; false",
                "weak and strong; W/\"x\"; none; 5; \"x\"; none; 5; false",
                "one tag only; \"x\"; none; 5; none; none; 5; false",
                "equal dates; none; Sun, 06 Nov 1994 08:49:37 GMT; 5; none; Sun, 06 Nov 1994 08:49:37 GMT; 5; true",
                "equal dates, length not told; none; Sun, 06 Nov 1994 08:49:37 GMT; 5; none; Sun, 06 Nov 1994 08:49:37 GMT; -1; false",
                "other date; \"x\"; Sun, 06 Nov 1994 08:49:37 GMT; 5; \"x\"; Sun, 06 Nov 1994 08:49:36 GMT; 5; false",
                "nothing but length; none; none; 5; none; none; 5; false",
            })
    void whatIsTheSame(
            String name,
            @Nullable String etag,
            @Nullable String modified,
            long length,
            @Nullable String otherEtag,
            @Nullable String otherModified,
            long otherLength,
            boolean same) {
        Origin one = new Origin(URL, etag, modified, modified != null, null, length);
        Origin other = new Origin(URL, otherEtag, otherModified, otherModified != null, null, otherLength);
        assertEquals(same, Validators.sameRepresentation(one, other), name);
        assertEquals(same, Validators.sameRepresentation(other, one), name);
    }

    @Test
    void aWeakDateProvesNothing() {
        Origin one = new Origin(URL, null, MODIFIED, true, null, 5);
        Origin other = new Origin(URL, null, MODIFIED, false, null, 5);
        assertFalse(Validators.sameRepresentation(one, other));
        assertFalse(Validators.sameRepresentation(other, one));
    }

    @Test
    void theCodingBelongsToIt() {
        Origin one = new Origin(URL, "\"x\"", null, false, "gzip", 5);
        assertTrue(Validators.sameRepresentation(one, one));
        assertFalse(Validators.sameRepresentation(one, new Origin(URL, "\"x\"", null, false, null, 5)));
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/f?sig=1, http://h/f?sig=2, true",
        "http://h/f#a, http://u:p@h/f, true",
        "http://h/f, http://h/g, false",
        "http://h/f, https://h/f, false",
        "http://h/f, http://i/f, false",
        "http://h/f, http://h:81/f, false",
    })
    void aPlaceIsAUrlWithoutItsQuery(String one, String other, boolean same) {
        assertEquals(same, Validators.samePlace(HttpUrl.parse(one), HttpUrl.parse(other)));
    }

    private static ResponseHead head(
            int status, @Nullable String etag, @Nullable String modified, @Nullable String date) {
        Headers.Builder headers = Headers.builder();
        if (etag != null) {
            headers.add("ETag", etag);
        }
        if (modified != null) {
            headers.add("Last-Modified", modified);
        }
        if (date != null) {
            headers.add("Date", date);
        }
        return new ResponseHead(status, "", "HTTP/1.1", headers.build());
    }
}
