package dev.weft.http.message;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Which redirects are followed, and what goes along. Immutable.
 *
 * <p>Whatever the policy: on 301 and 302 a POST becomes a GET, on 303 everything but HEAD does, without its body and what describes it; 307 and
 * 308 keep method and body. When the origin changes, credentials ({@code Authorization}, {@code Cookie}, {@code Proxy-Authorization},
 * {@link Auth}, the cookies of the request) and the headers named sensitive stay behind for the rest of the chain. Source: RFC 9110 section
 * 15.4, aiohttp's {@code allow_redirects} and {@code max_redirects}.
 */
public final class RedirectPolicy {
    private static final RedirectPolicy DEFAULT = new RedirectPolicy(10, Set.of(), false, (from, to) -> true);
    private static final RedirectPolicy NONE = new RedirectPolicy(0, Set.of(), false, (from, to) -> true);

    private final int max;
    private final Set<String> sensitive;
    private final boolean allowDowngrade;
    private final BiPredicate<ClientResponse, HttpUrl> rule;

    private RedirectPolicy(
            int max, Set<String> sensitive, boolean allowDowngrade, BiPredicate<ClientResponse, HttpUrl> rule) {
        this.max = max;
        this.sensitive = sensitive;
        this.allowDowngrade = allowDowngrade;
        this.rule = rule;
    }

    /** Up to 10: the default of a session. */
    public static RedirectPolicy standard() {
        return DEFAULT;
    }

    /**
     * Up to so many; one more ends the request with {@link TooManyRedirectsException}. 0 does not follow: the 3xx is the answer.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static RedirectPolicy follow(int max) {
        if (max < 0) {
            throw new IllegalArgumentException("max redirects is " + max + ": it must be 0 (none) or more");
        }
        return max == 0 ? NONE : new RedirectPolicy(max, Set.of(), false, (from, to) -> true);
    }

    /** Does not follow: the 3xx is the answer. */
    public static RedirectPolicy none() {
        return NONE;
    }

    /** As many as come. A loop still ends, by the total timeout. */
    public static RedirectPolicy unlimited() {
        return follow(Integer.MAX_VALUE);
    }

    /** This policy, but only within an origin: a redirect that leaves it is the answer. */
    public RedirectPolicy sameOrigin() {
        return when((from, to) -> from.url().isSameOrigin(to));
    }

    /**
     * This policy, but only if the rule says so: a redirect that is not followed is the answer.
     *
     * @param more gets the 3xx, whose body it must not read, and where it leads
     */
    public RedirectPolicy when(BiPredicate<ClientResponse, HttpUrl> more) {
        return new RedirectPolicy(max, sensitive, allowDowngrade, rule.and(more));
    }

    /** This policy, with headers that must not cross an origin, as {@code X-Api-Key}; besides those that never do. */
    public RedirectPolicy sensitive(String... headerNames) {
        Set<String> all = new HashSet<>(sensitive);
        List.of(headerNames).forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        return new RedirectPolicy(max, Set.copyOf(all), allowDowngrade, rule);
    }

    /** This policy, but from {@code https} to {@code http} too; without it that ends the request with {@link RedirectException}. */
    public RedirectPolicy allowDowngrade() {
        return new RedirectPolicy(max, sensitive, true, rule);
    }

    /** How many are followed at most. */
    public int max() {
        return max;
    }

    /** Whether a header stays behind when the origin changes, besides those that always do. */
    public boolean isSensitive(String headerName) {
        return !sensitive.isEmpty() && sensitive.contains(headerName.toLowerCase(Locale.ROOT));
    }

    /** Whether {@code https} may lead to {@code http}. */
    public boolean allowsDowngrade() {
        return allowDowngrade;
    }

    /** Whether this redirect is followed, as far as the rules given to {@link #when} go. */
    public boolean allows(ClientResponse from, HttpUrl to) {
        return rule.test(from, to);
    }
}
