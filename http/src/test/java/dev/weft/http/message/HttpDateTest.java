package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
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
                "Sun, 06 Nov; none",
                "1994-11-06T08:49:37Z; none",
                "120; none",
                "'';none",
                "', ';none",
            })
    void reads(String text, Instant expected) {
        assertEquals(expected, HttpDate.parse(text, NOW));
    }

    /** Every second of some days, and a day of every year there is in this form. */
    @Test
    void readsWhatItWrites() {
        for (long second = 0; second < 86_400; second += 37) {
            Instant moment = Instant.ofEpochSecond(784_111_777 + second);
            assertEquals(moment, HttpDate.parse(HttpDate.format(moment), NOW));
        }
        for (int year = 0; year <= 9999; year++) {
            Instant moment =
                    LocalDate.ofYearDay(year, 1 + year % 365).atStartOfDay().toInstant(ZoneOffset.UTC);
            assertEquals(moment, HttpDate.parse(HttpDate.format(moment), NOW));
        }
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.format(Instant.ofEpochSecond(784_111_777)));
    }
}
