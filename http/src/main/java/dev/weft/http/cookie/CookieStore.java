package dev.weft.http.cookie;

import dev.weft.http.message.HttpUrl;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of a jar, found by domain, by last use and by expiry. Any thread: one lock, held for short computations only.
 *
 * <p>Invariant, whenever the lock is free: no two cookies have the same name, domain and path; the limits hold; every entry is in its
 * domain's list, in {@link #byUse} and, if it expires, in {@link #byExpiry}; no list is empty. Expired cookies leave before anything
 * is looked up. Source: RFC 6265bis sections 5.7 and 5.8.3.
 */
final class CookieStore {
    /** A cookie with its place in the order of creation, and the number of its last use. */
    private static final class Entry {
        final Cookie cookie;
        final long number;
        long lastUse;

        Entry(Cookie cookie, long number) {
            this.cookie = cookie;
            this.number = number;
        }

        private Instant expires() {
            return Objects.requireNonNull(cookie.expires());
        }
    }

    private static final Comparator<Entry> BY_CREATION = Comparator.<Entry, Instant>comparing(
                    entry -> entry.cookie.created())
            .thenComparingLong(entry -> entry.number);
    private static final Comparator<Entry> AS_SENT = Comparator.<Entry>comparingInt(
                    entry -> -entry.cookie.path().length())
            .thenComparing(BY_CREATION);
    private static final Comparator<Entry> SECURE_LAST = Comparator.<Entry, Boolean>comparing(
                    entry -> entry.cookie.secure())
            .thenComparingLong(entry -> entry.lastUse);

    private final InstantSource clock;
    private final int limit;
    private final int limitPerDomain;
    private final Map<String, List<Entry>> byDomain = new HashMap<>();
    /** The same lists under the domains' labels in reverse: those below a domain are neighbours. */
    private final NavigableMap<String, List<Entry>> byLabels = new TreeMap<>();

    private final SequencedSet<Entry> byUse = new LinkedHashSet<>();
    private final NavigableSet<Entry> byExpiry =
            new TreeSet<>(Comparator.comparing(Entry::expires).thenComparingLong(entry -> entry.number));
    private long made;
    private long uses;

    /** A store that keeps so many cookies at most; with a limit of 0 none. */
    CookieStore(InstantSource clock, int limit, int limitPerDomain) {
        this.clock = clock;
        this.limit = limit;
        this.limitPerDomain = limitPerDomain;
    }

    /** Stores a cookie in the place of the one with its name, domain and path; an expired one only removes that. */
    synchronized void put(Cookie cookie) {
        Instant now = clock.instant();
        removeExpired(now);
        Entry old = find(cookie);
        if (old != null) {
            unlink(old);
        }
        if (cookie.isExpired(now) || limit == 0) {
            return;
        }
        link(old == null ? new Entry(cookie, ++made) : new Entry(cookie.withCreated(old.cookie.created()), old.number));
        List<Entry> neighbours = listOf(cookie.domain());
        if (neighbours.size() > limitPerDomain) {
            unlink(neighbours.stream().min(SECURE_LAST).orElseThrow());
        }
        if (byUse.size() > limit) {
            unlink(byUse.getFirst());
        }
    }

    /**
     * Stores a cookie that came over an insecure connection, unless it would overlay a Secure one, which such a connection may neither
     * read nor change. Source: RFC 6265bis section 5.7, step 16.
     *
     * @return whether it was stored
     */
    synchronized boolean putInsecure(Cookie cookie) {
        removeExpired(clock.instant());
        for (String domain = cookie.domain(); !domain.isEmpty(); domain = Matching.parent(domain)) {
            if (overlays(cookie, listOf(domain))) {
                return false;
            }
        }
        String below = labels(cookie.domain()) + ".";
        for (Map.Entry<String, List<Entry>> domain : byLabels.tailMap(below).entrySet()) {
            if (!domain.getKey().startsWith(below)) {
                break;
            }
            if (overlays(cookie, domain.getValue())) {
                return false;
            }
        }
        put(cookie);
        return true;
    }

    private static boolean overlays(Cookie cookie, List<Entry> entries) {
        for (Entry entry : entries) {
            Cookie other = entry.cookie;
            if (other.secure()
                    && other.name().equals(cookie.name())
                    && Matching.pathMatches(cookie.path(), other.path())) {
                return true;
            }
        }
        return false;
    }

    /** The cookies for a URL in the order they are sent in; they count as used. */
    synchronized List<Cookie> matching(HttpUrl url, boolean secure) {
        if (byUse.isEmpty()) {
            return List.of();
        }
        removeExpired(clock.instant());
        List<Entry> found = new ArrayList<>();
        String host = url.host();
        for (Entry entry : listOf(host)) {
            addIfSent(found, entry, url, secure);
        }
        if (!Matching.isAddress(host)) {
            for (String domain = Matching.parent(host); !domain.isEmpty(); domain = Matching.parent(domain)) {
                for (Entry entry : listOf(domain)) {
                    if (!entry.cookie.hostOnly()) {
                        addIfSent(found, entry, url, secure);
                    }
                }
            }
        }
        addShared(found, url, secure);
        return used(found);
    }

    private static void addIfSent(List<Entry> found, Entry entry, HttpUrl url, boolean secure) {
        Cookie cookie = entry.cookie;
        if ((secure || !cookie.secure()) && Matching.pathMatches(url.path(), cookie.path())) {
            found.add(entry);
        }
    }

    /** What the caller sends everywhere gives way where the host has set the same name itself. */
    private void addShared(List<Entry> found, HttpUrl url, boolean secure) {
        for (Entry entry : listOf("")) {
            String name = entry.cookie.name();
            if (found.stream().noneMatch(own -> own.cookie.name().equals(name))) {
                addIfSent(found, entry, url, secure);
            }
        }
    }

    private List<Cookie> used(List<Entry> found) {
        if (found.isEmpty()) {
            return List.of();
        }
        found.sort(AS_SENT);
        List<Cookie> cookies = new ArrayList<>(found.size());
        for (Entry entry : found) {
            use(entry);
            cookies.add(entry.cookie);
        }
        return cookies;
    }

    private void use(Entry entry) {
        entry.lastUse = ++uses;
        byUse.addLast(entry);
    }

    /** All cookies, the ones made first first. */
    synchronized List<Cookie> all() {
        removeExpired(clock.instant());
        return byUse.stream().sorted(BY_CREATION).map(entry -> entry.cookie).toList();
    }

    synchronized int size() {
        removeExpired(clock.instant());
        return byUse.size();
    }

    synchronized void clear() {
        byDomain.clear();
        byLabels.clear();
        byUse.clear();
        byExpiry.clear();
    }

    /** Removes those of these cookies that are still there as they are. */
    synchronized void removeAll(Collection<Cookie> cookies) {
        for (Cookie cookie : cookies) {
            Entry entry = find(cookie);
            if (entry != null && entry.cookie.equals(cookie)) {
                unlink(entry);
            }
        }
    }

    /** Keeps these cookies and no others. */
    synchronized void replaceAll(Collection<Cookie> cookies) {
        clear();
        cookies.forEach(this::put);
    }

    private void removeExpired(Instant now) {
        while (!byExpiry.isEmpty() && byExpiry.first().cookie.isExpired(now)) {
            unlink(byExpiry.first());
        }
    }

    private List<Entry> listOf(String domain) {
        return byDomain.getOrDefault(domain, List.of());
    }

    private @Nullable Entry find(Cookie cookie) {
        for (Entry entry : listOf(cookie.domain())) {
            if (entry.cookie.sameIdentity(cookie)) {
                return entry;
            }
        }
        return null;
    }

    private void link(Entry entry) {
        String domain = entry.cookie.domain();
        List<Entry> list = byDomain.get(domain);
        if (list == null) {
            list = new ArrayList<>(2);
            byDomain.put(domain, list);
            byLabels.put(labels(domain), list);
        }
        list.add(entry);
        use(entry);
        if (entry.cookie.expires() != null) {
            byExpiry.add(entry);
        }
    }

    private void unlink(Entry entry) {
        String domain = entry.cookie.domain();
        List<Entry> list = listOf(domain);
        list.remove(entry);
        if (list.isEmpty()) {
            byDomain.remove(domain);
            byLabels.remove(labels(domain));
        }
        byUse.remove(entry);
        if (entry.cookie.expires() != null) {
            byExpiry.remove(entry);
        }
    }

    /** The labels of a domain from the last to the first: {@code com.example.a}. */
    private static String labels(String domain) {
        return String.join(".", List.of(domain.split("\\.", -1)).reversed());
    }
}
