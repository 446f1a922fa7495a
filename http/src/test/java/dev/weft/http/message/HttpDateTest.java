package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 9110 section 5.6.7, years of two digits, and what is no date. */
class HttpDateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "none",
            value = {
                "Sun, 06 Nov 1994 08:49:37 GMT; 1994-11-06T08:49:37Z",
                "Sunday, 06-Nov-94 08:49:37 GMT; 1994-11-06T08:49:37Z",
                "Sun Nov  6 08:49:37 1994; 1994-11-06T08:49:37Z",
                "Wed Nov 16 08:49:37 1994; 1994-11-16T08:49:37Z",
                "Thursday, 01-Jan-76 00:00:00 GMT; 2076-01-01T00:00:00Z",
                "Saturday, 01-Jan-77 00:00:00 GMT; 1977-01-01T00:00:00Z",
                "Mon, 06 Nov 1994 08:49:37 GMT; 1994-11-06T08:49:37Z",
                "Thu, 29 Feb 2024 00:00:00 GMT; 2024-02-29T00:00:00Z",
                "Wed, 29 Feb 2023 00:00:00 GMT; none",
                "Sun, 06 Nov 1994 24:00:00 GMT; none",
                "Sun, 06 Nov 1994 08:49:37 CET; none",
                "Sun, 06 Nov 1994 08:49:37; none",
                "Sun, 06 nov 1994 08:49:37 GMT; none",
                "Sun, 06 anF 1994 08:49:37 GMT; none",
                "Sun, 06 Nov 1994 08:49:60 GMT; none",
                "Sun, 06 Nov 1994 08:4:037 GMT; none",
                "Sun, 06 Nov 1994 08:49:+7 GMT; none",
                "Sun, 06 Nov; none",
                "1994-11-06T08:49:37Z; none",
                "120; none",
                "'';none",
                "', ';none",
            })
    void reads(String text, Instant expected) {
        assertEquals(expected, HttpDate.parse(text, NOW));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1994-11-06T08:49:37.999Z; Sun, 06 Nov 1994 08:49:37 GMT",
                "2024-02-29T23:00:09Z; Thu, 29 Feb 2024 23:00:09 GMT",
                "1970-01-01T00:00:00Z; Thu, 01 Jan 1970 00:00:00 GMT",
            })
    void writes(Instant moment, String text) {
        assertEquals(text, HttpDate.format(moment));
    }
}
