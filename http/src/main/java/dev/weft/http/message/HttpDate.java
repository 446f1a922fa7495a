package dev.weft.http.message;

import java.time.DateTimeException;
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

/**
 * Reads and writes the dates of header fields. They are read in their three forms, and the day of the week is not looked at. Pure; any thread.
 * Source: RFC 9110 section 5.6.7.
 */
public final class HttpDate {
    private static final String FIXED = "ddd, dd mmm yyyy hh:mm:ss GMT";
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private HttpDate() {}

    /**
     * The moment a date says, null if it is none.
     *
     * @param now what a year of two digits is near to: at most 50 years later
     */
    public static @Nullable Instant parse(String text, Instant now) {
        Instant usual = parseFixed(text);
        if (usual != null) {
            return usual;
        }
        int comma = text.indexOf(',');
        int day = comma < 0 ? text.indexOf(' ') : comma + 1;
        return day < 0 ? null : Forms.parse(text.substring(day).strip(), comma >= 0, now);
    }

    /** The date of a moment, as it is sent: to the second. */
    public static String format(Instant moment) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(moment.getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(FIXED.length());
        int day = 3 * (utc.getDayOfWeek().getValue() - 1);
        int month = 3 * (utc.getMonthValue() - 1);
        out.append(DAYS, day, day + 3).append(", ");
        two(out, utc.getDayOfMonth())
                .append(' ')
                .append(MONTHS, month, month + 3)
                .append(' ');
        two(out, utc.getYear() / 100);
        two(out, utc.getYear() % 100).append(' ');
        two(out, utc.getHour()).append(':');
        two(out, utc.getMinute()).append(':');
        return two(out, utc.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder two(StringBuilder out, int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** The form that everybody sends. Read by hand: the JDK's formatters take tens of milliseconds when they are first used. */
    private static @Nullable Instant parseFixed(String text) {
        if (text.length() != FIXED.length() || !text.endsWith(" GMT")) {
            return null;
        }
        for (int i = 3; i < text.length() - 3; i++) {
            boolean isText = Character.isLetter(FIXED.charAt(i));
            if (isText ? !Character.isLetterOrDigit(text.charAt(i)) : text.charAt(i) != FIXED.charAt(i)) {
                return null;
            }
        }
        int month = MONTHS.indexOf(text.substring(8, 11));
        int day = number(text, 5, 7);
        int year = number(text, 12, 16);
        int hour = number(text, 17, 19);
        int minute = number(text, 20, 22);
        int second = number(text, 23, 25);
        if (month < 0 || month % 3 != 0 || (day | year | hour | minute | second) < 0) {
            return null;
        }
        try {
            return LocalDateTime.of(year, month / 3 + 1, day, hour, minute, second)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    /** The forms of old servers, loaded when one of them comes. */
    private static final class Forms {
        private static final DateTimeFormatter IMF = strict("dd MMM uuuu HH:mm:ss 'GMT'");
        private static final DateTimeFormatter ASCTIME = strict("MMM ppd HH:mm:ss uuuu");

        private Forms() {}

        static @Nullable Instant parse(String rest, boolean comma, Instant now) {
            for (DateTimeFormatter form : comma ? List.of(IMF, rfc850(now)) : List.of(ASCTIME)) {
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
}
