package dev.weft.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "12595, 12.3 KiB",
        "1048524, 1023.9 KiB",
        "1048575, 1.0 MiB",
        "1048576, 1.0 MiB",
        "658505728, 628.0 MiB",
        "4509715661, 4.2 GiB",
        "9223372036854775807, 8.0 EiB"
    })
    void bytes(long bytes, String words) {
        assertEquals(words, Sizes.bytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 100, 0/100 B",
        "512, 1024, 0.5/1.0 KiB",
        "1181116006, 2791728742, 1.1/2.6 GiB",
        "2048, 1024, 2.0/1.0 KiB",
        "0, 0, 0/0 B"
    })
    void part(long bytes, long total, String words) {
        assertEquals(words, Sizes.part(bytes, total));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.00 s",
        "40, 0.04 s",
        "994, 0.99 s",
        "995, 1.0 s",
        "44123, 44.1 s",
        "99949, 99.9 s",
        "99950, 1:40",
        "3723000, 1:02:03"
    })
    void elapsed(long millis, String words) {
        assertEquals(words, Sizes.elapsed(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0:00",
        "37, 0:37",
        "3599, 59:59",
        "3600, 1:00:00",
        "35999, 9:59:59",
        "36000, 10 h",
        "3599999, 999 h",
        "3600000, -:--"
    })
    void clock(long seconds, String words) {
        assertEquals(words, Sizes.clock(seconds));
    }

    @Test
    void rateAndCount() {
        assertEquals("97.5 MiB/s", Sizes.rate(97.5 * 1024 * 1024));
        assertEquals("0 B/s", Sizes.rate(0.4));
        assertEquals("1 file", Sizes.count(1, "file"));
        assertEquals("0 files", Sizes.count(0, "file"));
    }
}
