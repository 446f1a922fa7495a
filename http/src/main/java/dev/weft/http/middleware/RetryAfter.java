package dev.weft.http.middleware;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpDate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long a server wants to be left alone. Pure. Source: RFC 9110 section 10.2.3. */
public final class RetryAfter {
    private static final int MOST_DIGITS = 9;

    /** What more digits than that mean. */
    private static final Duration FOR_EVER = Duration.ofSeconds(999_999_999);

    private RetryAfter() {}

    /**
     * The wait that {@code Retry-After} asks for, zero for a date that has passed; null if there is none, or it is malformed. A date is
     * compared with the server's own {@code Date}, so that no difference of clocks comes in, else with {@code now}.
     */
    public static @Nullable Duration of(Headers headers, Instant now) {
        String value = headers.first("Retry-After");
        if (value == null) {
            return null;
        }
        String text = value.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > MOST_DIGITS ? FOR_EVER : Duration.ofSeconds(Long.parseLong(text));
        }
        Instant until = HttpDate.parse(text, now);
        if (until == null) {
            return null;
        }
        String date = headers.first("Date");
        Instant sent = date == null ? null : HttpDate.parse(date, now);
        Duration wait = Duration.between(sent == null ? now : sent, until);
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
