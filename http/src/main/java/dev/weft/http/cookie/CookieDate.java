package dev.weft.http.cookie;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dates of {@code Expires}, in whatever form servers write them: the parts are known by their shape, their order and what
 * stands between them are not looked at. Always UTC, whatever zone is written. Pure. Source: RFC 6265bis section 5.1.1.
 */
final class CookieDate {
    private static final Pattern DELIMITERS = Pattern.compile("[\\t\\x20-\\x2f\\x3b-\\x40\\x5b-\\x60\\x7b-\\x7e]+");
    private static final Pattern TIME =
            Pattern.compile("([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[^0-9].*)?", Pattern.DOTALL);
    private static final Pattern DAY = Pattern.compile("([0-9]{1,2})(?:[^0-9].*)?", Pattern.DOTALL);
    private static final Pattern YEAR = Pattern.compile("([0-9]{2,4})(?:[^0-9].*)?", Pattern.DOTALL);
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private @Nullable Matcher time;
    private int day;
    private int month;
    private int year = -1;

    private CookieDate() {}

    /** The date; null if it is none. */
    static @Nullable Instant parse(String text) {
        CookieDate date = new CookieDate();
        for (String token : DELIMITERS.split(text, -1)) {
            date.take(token);
        }
        return date.instant();
    }

    /** The first token of a shape is that part of the date; later ones of the same shape may be other parts. */
    private void take(String token) {
        if (time == null) {
            Matcher matcher = TIME.matcher(token);
            if (matcher.matches()) {
                time = matcher;
                return;
            }
        }
        if (day == 0) {
            Matcher matcher = DAY.matcher(token);
            if (matcher.matches()) {
                int number = number(matcher, 1);
                // A zero is a day found, and none that there is.
                day = number == 0 ? 32 : number;
                return;
            }
        }
        if (month == 0 && token.length() >= 3) {
            month = MONTHS.indexOf(token.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
            if (month > 0) {
                return;
            }
        }
        if (year < 0) {
            Matcher matcher = YEAR.matcher(token);
            if (matcher.matches()) {
                year = fullYear(number(matcher, 1));
            }
        }
    }

    private static int fullYear(int number) {
        if (number >= 100) {
            return number;
        }
        return number >= 70 ? number + 1900 : number + 2000;
    }

    private @Nullable Instant instant() {
        if (time == null || year < 1601) {
            return null;
        }
        try {
            return LocalDateTime.of(year, month, day, number(time, 1), number(time, 2), number(time, 3))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
