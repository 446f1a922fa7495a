package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookieHeaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "null | null | null",
                "a=1 | null | a=1",
                "null | a=1 | a=1",
                // H155: cookies of the request, then what its Cookie header has besides.
                "a=2 | z=1 | a=2; z=1",
                "a=2 | a=1; z=1 | a=2; z=1",
                "a=2 | z=1; a=1 | a=2; z=1",
                "a=1; b=2 | a=3; a=4; c=5 | a=1; b=2; c=5",
                "a=1 | A=2 | a=1; A=2",
                "a=1;;  b=2 ; | c=3;d=4; | a=1; b=2; c=3; d=4",
                "x | y; a=1 | x; a=1",
                "; | ; | null",
            })
    void merges(String first, String second, String expected) {
        assertEquals(expected, CookieHeader.merge(first, second));
    }
}
