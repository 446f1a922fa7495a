package dev.weft.http.cookie;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to a jar, its rules hold; what it sends is what a plain list would. */
class CookieJarPropertyTest {
    private static final int LIMIT = 40;
    private static final int LIMIT_PER_DOMAIN = 6;
    private static final List<String> HOSTS = List.of(
            "example.com",
            "a.example.com",
            "b.a.example.com",
            "a.example.co.uk",
            "example.co.uk",
            "127.0.0.1",
            "localhost");
    private static final List<String> PATHS = List.of("/", "/p", "/p/q", "/p/q/r", "/pq");
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "", "__Host-a", "__secure-b", "=");
    private static final List<String> ATTRIBUTES = List.of(
            "Secure",
            "HttpOnly",
            "SameSite=None",
            "SameSite=Lax",
            "Partitioned",
            "Max-Age=0",
            "Max-Age=5",
            "Max-Age=100",
            "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "Domain=example.com",
            "Domain=a.example.com",
            "Domain=com",
            "Path=/",
            "Path=/p",
            "Path=/p/q");

    private final TestClock clock = new TestClock();
    private final CookieJar jar = CookieJar.builder()
            .limit(LIMIT)
            .limitPerDomain(LIMIT_PER_DOMAIN)
            .clock(clock)
            .build();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void rulesHold(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < 2000; step++) {
            act(random);
            checkLimits();
            HttpUrl url = url(random);
            checkSent(url, jar.cookies());
        }
    }

    private void act(Random random) {
        switch (random.nextInt(20)) {
            case 0 -> clock.advanceSeconds(random.nextInt(10));
            case 1 -> jar.clear(cookie -> random.nextBoolean());
            case 2 -> jar.shared(pick(random, List.of("a", "s", "t")), "shared");
            case 3 -> jar.add("z" + random.nextInt(10), "1", url(random));
            default -> jar.update(setCookie(random), url(random));
        }
    }

    private static String setCookie(Random random) {
        StringBuilder text = new StringBuilder(pick(random, NAMES)).append('=').append(random.nextInt(1000));
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append("; ").append(pick(random, ATTRIBUTES));
        }
        return text.toString();
    }

    private static HttpUrl url(Random random) {
        return HttpUrl.parse(
                (random.nextBoolean() ? "https://" : "http://") + pick(random, HOSTS) + pick(random, PATHS));
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private void checkLimits() {
        List<Cookie> cookies = jar.cookies();
        assertTrue(cookies.size() <= LIMIT);
        assertEquals(cookies.size(), jar.size());
        Map<String, Long> perDomain =
                cookies.stream().collect(Collectors.groupingBy(Cookie::domain, Collectors.counting()));
        assertTrue(perDomain.values().stream().allMatch(count -> count <= LIMIT_PER_DOMAIN), perDomain::toString);
        Set<List<Object>> identities = new HashSet<>();
        for (Cookie cookie : cookies) {
            assertTrue(!cookie.isExpired(clock.instant()));
            assertTrue(identities.add(List.of(cookie.name(), cookie.domain(), cookie.hostOnly(), cookie.path())));
        }
    }

    /** The header beside the RFC's words over the list of all cookies. */
    private void checkSent(HttpUrl url, List<Cookie> all) {
        List<Cookie> expected = new ArrayList<>();
        for (Cookie cookie : all) {
            boolean domain = cookie.hostOnly()
                    ? cookie.domain().equals(url.host())
                    : Matching.domainMatches(url.host(), cookie.domain());
            if (domain && Matching.pathMatches(url.path(), cookie.path()) && (url.isTls() || !cookie.secure())) {
                expected.add(cookie);
            }
        }
        for (Cookie cookie : all) {
            if (cookie.isShared() && expected.stream().noneMatch(c -> c.name().equals(cookie.name()))) {
                expected.add(cookie);
            }
        }
        // The list is in the order of creation, and sorting keeps it among equals, shared ones aside.
        List<Cookie> sorted = all.stream()
                .filter(expected::contains)
                .sorted(Comparator.comparingInt((Cookie c) -> c.path().length()).reversed())
                .toList();
        assertEquals(sorted, jar.filter(url));
        String header = jar.headerFor(url);
        assertEquals(
                sorted.isEmpty() ? null : sorted.stream().map(Cookie::pair).collect(Collectors.joining("; ")), header);
    }

    /** Any text a server sends leaves a jar whose header is one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyTextIsSafe(long seed) {
        Random random = new Random(seed);
        String alphabet = "a=;, \t\r\n\0\u007f\"éđ€%,/.__Host-Secure-DomainPathMax-AgeExpires=0123456789:";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            HttpUrl url = url(random);
            jar.update(text.toString(), url);
            String header = jar.headerFor(url);
            if (header != null) {
                // It refuses what no header may hold.
                Headers.builder().add("Cookie", header);
                assertTrue(header.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0), header);
            }
        }
        checkLimits();
    }

    @Test
    void severalThreadsMayUseIt() throws InterruptedException {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    for (int step = 0; step < 5000; step++) {
                        jar.update(setCookie(random), url(random));
                        jar.headerFor(url(random));
                        jar.clear(cookie -> random.nextInt(20) == 0);
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
        checkLimits();
        HOSTS.forEach(host -> checkSent(HttpUrl.parse("https://" + host + "/p/q"), jar.cookies()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void datesNeverFailOtherwiseThanByNull(long seed) {
        Random random = new Random(seed);
        String alphabet = "0123456789:: ,-JanFebMarGMT/é\0";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Instant date = CookieDate.parse(text.toString());
            assertTrue(date == null || !date.isBefore(Instant.parse("1601-01-01T00:00:00Z")));
        }
    }
}
