package dev.weft.http.middleware;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the dates of header fields in their three forms; the day of the week is not looked at. Pure. Source: RFC 9110 section 5.6.7. */
final class HttpDate {
    private static final DateTimeFormatter IMF = strict("dd MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = strict("MMM ppd HH:mm:ss uuuu");

    private HttpDate() {}

    /**
     * The moment a date says, null if it is none.
     *
     * @param now what a year of two digits is near to: at most 50 years later
     */
    static @Nullable Instant parse(String text, Instant now) {
        int comma = text.indexOf(',');
        int day = comma < 0 ? text.indexOf(' ') : comma + 1;
        if (day < 0) {
            return null;
        }
        String rest = text.substring(day).strip();
        for (DateTimeFormatter form : comma < 0 ? List.of(ASCTIME) : List.of(IMF, rfc850(now))) {
            try {
                return LocalDateTime.parse(rest, form).toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException e) {
                // Perhaps it has the next form.
            }
        }
        return null;
    }

    private static DateTimeFormatter strict(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }

    private static DateTimeFormatter rfc850(Instant now) {
        int firstYear = now.atOffset(ZoneOffset.UTC).getYear() - 49;
        return new DateTimeFormatterBuilder()
                .appendPattern("dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, firstYear)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH)
                .withChronology(IsoChronology.INSTANCE)
                .withResolverStyle(ResolverStyle.STRICT);
    }
}
