package dev.weft.http.middleware;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpDate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How old a stored answer is, how old it may become, and so whether it may be used. Pure. Source: RFC 9111 sections 4.2 and 5.2, RFC 5861,
 * RFC 8246; for a private cache.
 *
 * @param age how old it is: section 4.2.3
 * @param lifetime up to which age it is fresh: section 4.2.1
 * @param given the answer's directives
 */
record Freshness(Duration age, Duration lifetime, Directives given) {
    /** What may be kept for a while though its sender did not say how long: RFC 9110 section 15.1; 206 is never stored. */
    static final Set<Integer> HEURISTIC_STATUSES = Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

    private static final Duration LONGEST_HEURISTIC = Duration.ofDays(7);

    /** What a request may do with a stored answer. */
    enum Use {
        /** It is fresh enough: the answer. */
        FRESH,
        /** It is stale, but the request takes stale ones: {@code max-stale}. */
        STALE,
        /** It is stale but the answer, while a new one is fetched: RFC 5861 section 3. */
        STALE_WHILE_REVALIDATE,
        /** It has to be validated first. */
        VALIDATE
    }

    /** Of an entry, at a moment. */
    static Freshness of(CacheEntry entry, Instant now) {
        Headers headers = entry.head().headers();
        Instant received = entry.received();
        Instant parsed = date(headers.first("Date"), received);
        Instant date = parsed == null ? received : parsed;

        Duration apparent = notNegative(Duration.between(date, received));
        Duration delay = notNegative(Duration.between(entry.requested(), received));
        Duration corrected = announcedAge(headers).plus(delay);
        Duration initial = apparent.compareTo(corrected) > 0 ? apparent : corrected;
        // A clock that was set back makes nothing younger than it came.
        Duration resident = notNegative(Duration.between(received, now));
        Directives given = Directives.ofResponse(headers);
        return new Freshness(initial.plus(resident), lifetime(entry.head().status(), headers, given, date), given);
    }

    private static @Nullable Instant date(@Nullable String text, Instant now) {
        return text == null ? null : HttpDate.parse(text.strip(), now);
    }

    private static Duration announcedAge(Headers headers) {
        String age = headers.first("Age");
        if (age == null) {
            return Duration.ZERO;
        }
        String first = age.split(",", 2)[0].strip();
        boolean number =
                !first.isEmpty() && first.length() <= 10 && first.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Duration.ofSeconds(Long.parseLong(first)) : Duration.ZERO;
    }

    private static Duration lifetime(int status, Headers headers, Directives given, Instant date) {
        OptionalLong maxAge = given.seconds("max-age");
        if (maxAge.isPresent()) {
            return Duration.ofSeconds(maxAge.getAsLong());
        }
        List<String> expires = headers.all("Expires");
        if (!expires.isEmpty()) {
            // What is no date, as "0", has expired: section 5.3.
            Instant until = date(expires.getFirst(), date);
            return until == null ? Duration.ZERO : notNegative(Duration.between(date, until));
        }
        if (!HEURISTIC_STATUSES.contains(status) && !given.has("public")) {
            return Duration.ZERO;
        }
        Instant modified = date(headers.first("Last-Modified"), date);
        Duration tenth = modified == null
                ? Duration.ZERO
                : notNegative(Duration.between(modified, date)).dividedBy(10);
        return tenth.compareTo(LONGEST_HEURISTIC) > 0 ? LONGEST_HEURISTIC : tenth;
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** Whether it is fresh. */
    boolean isFresh() {
        return lifetime.compareTo(age) > 0;
    }

    /** What a request with these directives may do with it. */
    Use use(Directives asked) {
        if (asked.has("no-cache") || given.has("no-cache")) {
            return Use.VALIDATE;
        }
        OptionalLong maxAge = asked.seconds("max-age");
        boolean young = maxAge.isEmpty() || within(age, maxAge.getAsLong());
        if (isFresh()) {
            // RFC 8246: what never changes while it is fresh is not asked for again by a reload, which is max-age=0.
            boolean accepted = young || given.has("immutable");
            return accepted && freshLongEnough(asked) ? Use.FRESH : Use.VALIDATE;
        }
        if (given.has("must-revalidate") || asked.has("min-fresh")) {
            return Use.VALIDATE;
        }
        if (asked.has("max-stale")) {
            return young && takesStale(asked) ? Use.STALE : Use.VALIDATE;
        }
        // A request that limits the age does not take what is stale: section 5.2.1.1.
        boolean meanwhile = maxAge.isEmpty() && within(staleness(), seconds(given, "stale-while-revalidate"));
        return meanwhile ? Use.STALE_WHILE_REVALIDATE : Use.VALIDATE;
    }

    private boolean freshLongEnough(Directives asked) {
        OptionalLong minFresh = asked.seconds("min-fresh");
        return minFresh.isEmpty() || lifetime.minus(age).compareTo(Duration.ofSeconds(minFresh.getAsLong())) >= 0;
    }

    private boolean takesStale(Directives asked) {
        return asked.isBare("max-stale") || within(staleness(), seconds(asked, "max-stale"));
    }

    /**
     * Whether it may stand in for an answer that could not be had: RFC 5861 section 4, RFC 9111 section 4.2.4.
     *
     * @param always how stale it may be where neither side says anything
     */
    boolean mayReplaceFailure(Directives asked, Duration always) {
        if (given.has("must-revalidate") || given.has("no-cache") || asked.has("no-cache")) {
            return false;
        }
        long seconds = Math.max(seconds(given, "stale-if-error"), seconds(asked, "stale-if-error"));
        return within(staleness(), seconds) || (!always.isZero() && staleness().compareTo(always) <= 0);
    }

    private Duration staleness() {
        return age.minus(lifetime);
    }

    /** -1 if it is not there: nothing is within that. */
    private static long seconds(Directives directives, String name) {
        return directives.seconds(name).orElse(-1);
    }

    private static boolean within(Duration duration, long seconds) {
        return seconds >= 0 && duration.compareTo(Duration.ofSeconds(seconds)) <= 0;
    }
}
