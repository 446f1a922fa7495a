package dev.weft.http.middleware;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.http.message.ResponseHead;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a private cache may store, and what of it: RFC 9111 section 3. Pure. */
final class Storing {
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** Fields of a request that ask for a part, or have a condition of their own: the cache leaves them alone. */
    private static final List<String> CALLERS_CONDITIONS =
            List.of("Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range");

    /** Statuses whose meaning is known here: what {@code must-understand} asks for. */
    private static final Set<Integer> UNDERSTOOD = Set.of(302, 303, 307);

    /** Not stored: section 3.1, and what would be applied a second time. A cookie is set when its answer comes, not when it is reused. */
    private static final Set<String> DROPPED = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "set-cookie",
            "set-cookie2");

    /**
     * Not taken from a 304, beside those: section 3.2. They tell of the body that is stored, which is the one that came then.
     */
    private static final Set<String> OF_THE_BODY =
            Set.of("content-encoding", "content-length", "content-range", "content-type");

    private Storing() {}

    /** Whether a method changes nothing: RFC 9110 section 9.2.1. One that is not known may change anything. */
    static boolean isSafe(String method) {
        return SAFE_METHODS.contains(method);
    }

    /** Whether a request is one that the cache answers or whose answer it stores. */
    static boolean isForCache(ClientRequest request, Directives asked) {
        boolean read = request.method().equals("GET") || request.method().equals("HEAD");
        return read
                && request.body() == null
                && !request.isUpgrade()
                && !asked.has("no-store")
                && CALLERS_CONDITIONS.stream().noneMatch(request.headers()::contains);
    }

    /**
     * The entry that an answer becomes, without a body yet; null if it may not be stored, or could never be used.
     *
     * @param seen the request as the cache saw it
     * @param always how stale an answer may be that stands in for a failure
     */
    static @Nullable CacheEntry entry(
            ClientRequest seen, ClientResponse answer, Instant requested, Instant received, Duration always) {
        ClientRequest sent = answer.request();
        List<String> vary = Variants.names(answer.headers());
        // What was redirected beneath the cache is an answer of another URL.
        boolean ofThisUrl = answer.history().isEmpty()
                && seen.method().equals("GET")
                && sent.method().equals("GET")
                && Variants.key(sent.url()).equals(Variants.key(seen.url()));
        if (vary == null || !ofThisUrl || Variants.variesOutOfSight(seen, sent, vary) || !mayStore(answer)) {
            return null;
        }
        ResponseHead head = new ResponseHead(
                answer.status(), answer.reason(), answer.version(), without(answer.headers(), name -> false));
        CacheEntry entry = new CacheEntry(
                Variants.key(seen.url()), Variants.of(seen, vary), vary, head, requested, received, new byte[0]);
        return isOfUse(entry, always) ? entry : null;
    }

    private static boolean mayStore(ClientResponse answer) {
        int status = answer.status();
        Directives given = Directives.ofResponse(answer.headers());
        boolean heuristic = Freshness.HEURISTIC_STATUSES.contains(status);
        boolean understood = heuristic || UNDERSTOOD.contains(status);
        if (status < 200 || status == 206 || status == 304 || answer.headers().contains("Content-Range")) {
            return false;
        }
        if (given.has("must-understand") ? !understood : given.has("no-store")) {
            return false;
        }
        return heuristic
                || given.has("public")
                || given.has("private")
                || given.has("max-age")
                || answer.headers().contains("Expires");
    }

    /** What is stale at once and cannot be validated helps nobody. */
    private static boolean isOfUse(CacheEntry entry, Duration always) {
        Headers headers = entry.head().headers();
        Freshness freshness = Freshness.of(entry, entry.received());
        return hasValidator(headers)
                || freshness.use(Directives.ofRequest(Headers.empty())) != Freshness.Use.VALIDATE
                || freshness.mayReplaceFailure(Directives.ofRequest(Headers.empty()), always);
    }

    /** Whether the server can be asked if what has this head still holds. */
    static boolean hasValidator(Headers headers) {
        return headers.contains("ETag") || headers.contains("Last-Modified");
    }

    /** The request that asks whether an entry still holds: RFC 9110 section 13.1; as it is if the entry has no validator. */
    static ClientRequest conditional(ClientRequest request, CacheEntry entry) {
        Headers stored = entry.head().headers();
        String tag = stored.first("ETag");
        String modified = stored.first("Last-Modified");
        ClientRequest tagged = tag == null ? request : request.withHeader("If-None-Match", tag);
        return modified == null ? tagged : tagged.withHeader("If-Modified-Since", modified);
    }

    /** Whether a 304 is about this entry: it may carry no other tag. */
    static boolean isAbout(CacheEntry entry, Headers notModified) {
        String tag = notModified.first("ETag");
        String stored = entry.head().headers().first("ETag");
        return tag == null || stored == null || opaque(tag).equals(opaque(stored));
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /** The keys that a method which may change things makes invalid: section 4.4. */
    static Set<String> changed(ClientRequest request, ClientResponse answer) {
        Set<String> keys = new HashSet<>();
        keys.add(Variants.key(request.url()));
        keys.add(Variants.key(answer.url()));
        for (String name : List.of("Location", "Content-Location")) {
            String reference = answer.headers().first(name);
            if (reference != null) {
                try {
                    HttpUrl named = answer.url().resolve(reference);
                    if (named.isSameOrigin(answer.url())) {
                        keys.add(Variants.key(named));
                    }
                } catch (InvalidUrlException e) {
                    // It names nothing that could be stored.
                }
            }
        }
        return keys;
    }

    /** Whether the answer to a HEAD tells of the same body that is stored for GET: section 4.3.5. */
    static boolean isSameAsByHead(CacheEntry entry, Headers byHead) {
        Headers stored = entry.head().headers();
        return hasValidator(byHead)
                && List.of("ETag", "Last-Modified", "Content-Length").stream()
                        .allMatch(name ->
                                !byHead.contains(name) || byHead.all(name).equals(stored.all(name)));
    }

    /** The entry with the fields of a newer head over its own: section 3.2. */
    static CacheEntry refreshed(
            CacheEntry entry, ClientRequest seen, Headers newer, Instant requested, Instant received) {
        Headers updates = without(newer, OF_THE_BODY::contains);
        Set<String> replaced = new HashSet<>();
        updates.forEach(field -> replaced.add(field.getKey().toLowerCase(Locale.ROOT)));
        Headers.Builder merged = without(entry.head().headers(), replaced::contains).toBuilder();
        updates.forEach(field -> merged.add(field.getKey(), field.getValue()));
        // An age that the older answer had is not the newer one's.
        Headers headers =
                newer.contains("Age") ? merged.build() : merged.remove("Age").build();

        ResponseHead old = entry.head();
        List<String> vary = Variants.names(headers);
        List<String> names = vary == null ? entry.vary() : vary;
        return new CacheEntry(
                entry.key(),
                Variants.of(seen, names),
                names,
                new ResponseHead(old.status(), old.reason(), old.version(), headers),
                requested,
                received,
                entry.body());
    }

    /** The fields that may be kept, but for those that a rule leaves out, by name in lower case. */
    private static Headers without(Headers headers, Predicate<String> leftOut) {
        Set<String> connection = new HashSet<>();
        for (String line : headers.all("Connection")) {
            for (String item : line.split(",", -1)) {
                connection.add(item.strip().toLowerCase(Locale.ROOT));
            }
        }
        Headers.Builder kept = Headers.builder();
        for (Map.Entry<String, String> field : headers) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!DROPPED.contains(name) && !connection.contains(name) && !leftOut.test(name)) {
                kept.add(field.getKey(), field.getValue());
            }
        }
        return kept.build();
    }
}
