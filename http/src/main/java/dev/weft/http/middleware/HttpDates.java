package dev.weft.http.middleware;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads an HTTP-date in its three forms: RFC 9110 section 5.6.7. Pure; the day of the week is not looked at. */
final class HttpDates {
    private static final DateTimeFormatter IMF_FIXDATE = of("d MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter RFC_850 = of("d-MMM-uu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = of("MMM d HH:mm:ss uuuu");

    private HttpDates() {}

    private static DateTimeFormatter of(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.ENGLISH);
    }

    /** The moment a text means, null if it is none. A year of two digits is never more than 50 years after now. */
    static @Nullable Instant parse(@Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        String date = text.strip();
        int comma = date.indexOf(',');
        try {
            if (comma < 0) {
                int space = date.indexOf(' ');
                return space < 0 ? null : instant(date.substring(space + 1).strip().replaceAll(" +", " "), ASCTIME);
            }
            String rest = date.substring(comma + 1).strip();
            if (rest.indexOf('-') < 0) {
                return instant(rest, IMF_FIXDATE);
            }
            LocalDateTime when = LocalDateTime.parse(rest, RFC_850);
            boolean farAhead = when.isAfter(LocalDateTime.ofInstant(now, ZoneOffset.UTC).plusYears(50));
            return (farAhead ? when.minusYears(100) : when).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Instant instant(String text, DateTimeFormatter form) {
        return LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
    }
}
