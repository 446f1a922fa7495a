package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6265bis section 5.1.1. */
class CookieDateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The three dates of RFC 9110, and asctime.
                "Thu, 01 Jan 1970 00:00:00 GMT | 1970-01-01T00:00:00Z",
                "Sunday, 06-Nov-94 08:49:37 GMT | 1994-11-06T08:49:37Z",
                "Sun Nov  6 08:49:37 1994 | 1994-11-06T08:49:37Z",
                "Sun, 06 Nov 1994 08:49:37 GMT | 1994-11-06T08:49:37Z",
                // What servers write.
                "Wed, 09-Jun-2021 10:18:14 GMT | 2021-06-09T10:18:14Z",
                "2021 Jun 9 1:2:3 | 2021-06-09T01:02:03Z",
                "10:18:14 9 june 2021 | 2021-06-09T10:18:14Z",
                "9-JUN-2021-10:18:14 | 2021-06-09T10:18:14Z",
                "Wed, 09 Jun 2021 10:18:14 +0200 | 2021-06-09T10:18:14Z",
                "Mon, 10-Dec-2007 17:02:24 GMT; x | 2007-12-10T17:02:24Z",
                "1Jan; 09 Jun 2021 10:18:14 | 2009-06-01T10:18:14Z",
                // Years of two digits.
                "1 Jan 70 00:00:00 | 1970-01-01T00:00:00Z",
                "1 Jan 99 00:00:00 | 1999-01-01T00:00:00Z",
                "1 Jan 69 00:00:00 | 2069-01-01T00:00:00Z",
                "1 Jan 00 00:00:00 | 2000-01-01T00:00:00Z",
                "1 Jan 1601 00:00:00 | 1601-01-01T00:00:00Z",
                // Digits may be followed by other things.
                "9th Jun 2021AD 10:18:14.5Z | 2021-06-09T10:18:14Z",
                "29 Feb 2024 23:59:59 | 2024-02-29T23:59:59Z",
            })
    void reads(String text, Instant expected) {
        assertEquals(expected, CookieDate.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "never",
                "Thu, 01 Jan 1970",
                "01 Jan 00:00:00",
                "1970 00:00:00 Jan",
                "Jun 2021 10:18:14",
                "9 2021 10:18:14",
                "0 Jun 2021 10:18:14",
                "32 Jun 2021 10:18:14",
                "31 Jun 2021 10:18:14",
                "29 Feb 2023 10:18:14",
                "9 Jun 1600 10:18:14",
                "9 Jun 123 10:18:14",
                "9 Jun 20210 10:18:14",
                "9 Jun 2021 24:00:00",
                "9 Jun 2021 10:60:00",
                "9 Jun 2021 10:00:60",
                "9 Jun 2021 10:18",
                "9 Jun 2021 010:18:14",
                "1609459200",
            })
    void refuses(String text) {
        assertNull(CookieDate.parse(text));
    }
}
