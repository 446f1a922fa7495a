package dev.weft.http.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The dates of header fields. All three forms are read, one is written; the day of the week is not looked at. The form of today is read by
 * hand, because nearly every answer has one, and the JDK's formatters cost a tool that runs for a moment more than its request. Pure; any
 * thread. Source: RFC 9110 section 5.6.7.
 */
public final class HttpDate {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String TODAYS = "dd MMM yyyy HH:mm:ss GMT";

    private HttpDate() {}

    /**
     * The moment a date says, null if it is none.
     *
     * @param now what a year of two digits is near to: at most 50 years later
     */
    public static @Nullable Instant parse(String text, Instant now) {
        int comma = text.indexOf(',');
        int day = comma < 0 ? text.indexOf(' ') : comma + 1;
        if (day < 0) {
            return null;
        }
        String rest = text.substring(day).strip();
        try {
            if (comma < 0) {
                return Obsolete.ASCTIME.parse(rest, LocalDateTime::from).toInstant(ZoneOffset.UTC);
            }
            return rest.length() == TODAYS.length()
                    ? todays(rest)
                    : Obsolete.rfc850(now).parse(rest, LocalDateTime::from).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The date as a header field has it, {@code Sun, 06 Nov 1994 08:49:37 GMT}; what is below a second is left out. */
    public static String format(Instant moment) {
        LocalDateTime time = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(29);
        text.append(
                DAYS, 3 * time.getDayOfWeek().ordinal(), 3 * time.getDayOfWeek().ordinal() + 3);
        digits(text.append(", "), time.getDayOfMonth()).append(' ');
        text.append(MONTHS, 3 * time.getMonthValue() - 3, 3 * time.getMonthValue());
        digits(digits(text.append(' '), time.getYear() / 100), time.getYear() % 100);
        digits(text.append(' '), time.getHour());
        digits(text.append(':'), time.getMinute());
        return digits(text.append(':'), time.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder digits(StringBuilder text, int two) {
        return text.append((char) ('0' + two / 10)).append((char) ('0' + two % 10));
    }

    private static @Nullable Instant todays(String text) {
        int month = MONTHS.indexOf(text.substring(3, 6));
        boolean separators = text.charAt(2) == ' '
                && text.charAt(6) == ' '
                && text.charAt(11) == ' '
                && text.charAt(14) == ':'
                && text.charAt(17) == ':'
                && text.endsWith(" GMT");
        int day = two(text, 0);
        int century = two(text, 7);
        int year = two(text, 9);
        int hour = two(text, 12);
        int minute = two(text, 15);
        int second = two(text, 18);
        if (!separators || month < 0 || month % 3 != 0 || (day | century | year | hour | minute | second) < 0) {
            return null;
        }
        return LocalDateTime.of(100 * century + year, month / 3 + 1, day, hour, minute, second)
                .toInstant(ZoneOffset.UTC);
    }

    /** A number of two digits, negative if it is none. */
    private static int two(String text, int at) {
        int tens = text.charAt(at) - '0';
        int ones = text.charAt(at + 1) - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : 10 * tens + ones;
    }

    /** Loaded only for who still sends them. */
    private static final class Obsolete {
        static final DateTimeFormatter ASCTIME = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);

        static DateTimeFormatter rfc850(Instant now) {
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
