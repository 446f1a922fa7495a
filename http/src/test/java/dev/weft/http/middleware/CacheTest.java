package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Options;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.middleware.Cache.Status;
import dev.weft.http.middleware.Origin.Pieces;
import dev.weft.http.middleware.Origin.Unreachable;
import dev.weft.loop.Asyncio;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Task;
import dev.weft.loop.testing.VirtualClock;
import dev.weft.loop.testing.junit.LoopExtension;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cache, with scripted answers, on a virtual clock. */
@ExtendWith(LoopExtension.class)
class CacheTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String URL = "http://h/p";

    private VirtualClock clock;
    private CacheStore store;
    private Cache cache;

    @BeforeEach
    void make(VirtualClock time) {
        clock = time;
        store = CacheStore.memory(1 << 20);
        cache = with(store);
    }

    private Cache with(CacheStore where) {
        return Cache.builder(where)
                .clock(() -> START.plus(clock.elapsed()))
                .maxEntrySize(1000)
                .build();
    }

    /** Sends, checks how it was answered, reads the body. */
    private String get(Origin origin, Status expected, String... headers) {
        return send(origin, expected, Origin.get(URL, headers));
    }

    private String send(Origin origin, Status expected, ClientRequest request) {
        ClientResponse response = cache.handle(request, origin);
        assertEquals(expected, Cache.status(response), request.toString());
        String body = Origin.read(response);
        assertEquals(0, origin.open(), "answers that are open");
        return body;
    }

    private static void pass(long seconds) {
        Asyncio.sleep(Duration.ofSeconds(seconds)).await();
    }

    @Test
    void aFreshAnswerIsUsedAgain() {
        Origin origin = Origin.answering(200, "hello", "Cache-Control", "max-age=60", "X-A", "1", "Set-Cookie", "a=b");
        assertEquals("hello", get(origin, Status.MISS));
        pass(10);
        try (ClientResponse response = cache.handle(Origin.get(URL + "#part"), origin)) {
            assertEquals(Status.HIT, Cache.status(response));
            assertEquals("hello", response.text().await());
            assertEquals("1", response.headers().first("X-A"));
            assertEquals("10", response.headers().first("Age"));
            assertNull(response.headers().first("Set-Cookie"));
            assertEquals("part", response.realUrl().fragment());
        }
        assertEquals(1, origin.requests.size());
        pass(60);
        assertEquals("hello", get(origin, Status.MISS));
        assertEquals(new CacheStats(1, 2, 0, 0, 0, 2, 0), cache.stats());
    }

    /** Status; fields; whether it is stored. */
    private static final String STORED = """
            200 ; Cache-Control: max-age=60                            ; true
            200 ; Cache-Control: max-age=60, no-store                  ; false
            200 ; Cache-Control: max-age=60, private                   ; true
            200 ; Cache-Control: max-age=60 | Vary: *                  ; false
            200 ; Cache-Control: max-age=60 | Content-Range: bytes 0-1/9 ; false
            206 ; Cache-Control: max-age=60                            ; false
            304 ; Cache-Control: max-age=60                            ; false
            302 ; Cache-Control: max-age=60                            ; true
            302 ; ETag: "a"                                            ; false
            302 ; ETag: "a" | Cache-Control: private                   ; true
            500 ; Cache-Control: max-age=60                            ; true
            200 ; ETag: "a"                                            ; true
            404 ; ETag: "a"                                            ; true
            200 ; X-A: nothing that helps                              ; false
            200 ; Cache-Control: no-cache                              ; false
            200 ; Cache-Control: no-cache | ETag: "a"                  ; true
            200 ; Cache-Control: max-age=0, stale-while-revalidate=60  ; true
            200 ; Cache-Control: max-age=0, stale-if-error=60          ; true
            200 ; Cache-Control: max-age=60, no-store, must-understand ; true
            418 ; Cache-Control: max-age=60, must-understand           ; false
            """;

    @Test
    void whatIsStored() {
        for (String row : STORED.split("\n")) {
            String[] cells = row.split(" *; +");
            store.clear();
            Origin origin = Origin.answering(Integer.parseInt(cells[0].strip()), "x", cells[1].split(" *[|:] +"));
            assertEquals("x", get(origin, Status.MISS));
            assertEquals(
                    Boolean.parseBoolean(cells[2].strip()) ? 1 : 0,
                    store.usage().entries(),
                    row);
        }
    }

    @Test
    void whatGoesPastTheCache() {
        Origin origin = Origin.answering(200, "hello", "Cache-Control", "max-age=60");
        get(origin, Status.MISS);
        for (String name : List.of("Range", "If-None-Match", "If-Modified-Since", "If-Range", "Cache-Control")) {
            get(origin, Status.BYPASS, name, "no-store");
        }
        assertEquals(6, origin.requests.size());
        assertEquals(5, cache.stats().bypassed());
        assertEquals(1, cache.stats().stored());
    }

    @Test
    void aRequestWithABodyAndOptionsGoPastIt() {
        Origin origin = Origin.answering(200, "hello", "Cache-Control", "max-age=60");
        send(origin, Status.BYPASS, Origin.get(URL).withBody(Body.of("x")));
        send(origin, Status.BYPASS, Origin.get(URL).withMethod("OPTIONS"));
        assertEquals(0, store.usage().entries());
    }

    @Test
    void onlyIfCachedSendsNothing() {
        Origin origin = Origin.answering(200, "hello", "Cache-Control", "max-age=60, stale-while-revalidate=60");
        for (String[] headers : new String[][] {{}, {"Range", "bytes=0-1"}}) {
            ClientRequest request = Origin.get(URL, headers).withHeader("Cache-Control", "only-if-cached");
            try (ClientResponse response = cache.handle(request, origin)) {
                assertEquals(504, response.status());
                assertEquals("Gateway Timeout", response.reason());
            }
        }
        assertEquals(0, origin.requests.size());
        get(origin, Status.MISS);
        get(origin, Status.HIT, "Cache-Control", "only-if-cached");
        pass(70);
        get(origin, Status.STALE, "Cache-Control", "only-if-cached");
        cache.settled().await();
        pass(70);
        try (ClientResponse response = cache.handle(Origin.get(URL, "Cache-Control", "only-if-cached"), origin)) {
            assertEquals(504, response.status());
        }
        assertEquals(1, origin.requests.size());
    }

    @Test
    void aStaleAnswerIsValidated() {
        Origin origin = Origin.answering(
                200,
                "hello",
                "Cache-Control",
                "max-age=60",
                "ETag",
                "\"a\"",
                "Last-Modified",
                "Sat, 01 Nov 2025 00:00:00 GMT",
                "X-A",
                "1",
                "X-B",
                "1",
                "Content-Type",
                "text/plain");
        get(origin, Status.MISS);
        pass(70);
        origin.will(304, "", "ETag", "\"a\"", "Cache-Control", "max-age=100", "X-A", "2", "Content-Type", "text/html");
        try (ClientResponse response = cache.handle(Origin.get(URL), origin)) {
            assertEquals(Status.REVALIDATED, Cache.status(response));
            assertEquals(200, response.status());
            assertEquals("hello", response.text().await());
            assertEquals("2", response.headers().first("X-A"));
            assertEquals("1", response.headers().first("X-B"));
            assertEquals("text/plain", response.contentType());
            assertNull(response.request().headers().first("If-None-Match"));
        }
        assertEquals("\"a\"", origin.last().headers().first("If-None-Match"));
        assertEquals("Sat, 01 Nov 2025 00:00:00 GMT", origin.last().headers().first("If-Modified-Since"));
        assertEquals(0, origin.open());
        pass(90);
        get(origin, Status.HIT);
        assertEquals(2, origin.requests.size());
    }

    @Test
    void aChangedAnswerReplacesTheStaleOne() {
        Origin origin = Origin.answering(200, "one", "Cache-Control", "max-age=60", "ETag", "\"a\"");
        get(origin, Status.MISS);
        pass(70);
        origin.will(200, "two", "Cache-Control", "max-age=60", "ETag", "\"b\"");
        assertEquals("two", get(origin, Status.MISS));
        assertEquals("two", get(origin, Status.HIT));
        pass(70);
        // What comes now must not be stored; what was stored does not hold any more.
        origin.will(200, "three", "Cache-Control", "no-store");
        assertEquals("three", get(origin, Status.MISS));
        assertEquals(0, store.usage().entries());
    }

    @Test
    void a304ForAnotherTagIsNotBelieved() {
        Origin origin = Origin.answering(200, "one", "Cache-Control", "max-age=60", "ETag", "\"a\"");
        get(origin, Status.MISS);
        pass(70);
        origin.will(request -> request.headers().contains("If-None-Match")
                ? origin.answer(request, 304, "", "ETag", "\"b\"")
                : origin.answer(request, 200, "two", "ETag", "\"b\"", "Cache-Control", "max-age=60"));
        assertEquals("two", get(origin, Status.MISS));
        assertEquals("two", get(origin, Status.HIT));
    }

    @Test
    void anUnaskedFor304IsHandedOn() {
        Origin origin = Origin.answering(200, "one", "Cache-Control", "max-age=60");
        get(origin, Status.MISS);
        pass(70);
        origin.will(304, "");
        try (ClientResponse response = cache.handle(Origin.get(URL), origin)) {
            assertEquals(304, response.status());
        }
    }

    @Test
    void aFailureOfTheServerLeavesWhatIsStored() {
        Origin origin = Origin.answering(200, "one", "Cache-Control", "max-age=60", "ETag", "\"a\"");
        get(origin, Status.MISS);
        pass(70);
        origin.will(503, "busy");
        assertEquals("busy", get(origin, Status.MISS));
        origin.will(304, "", "ETag", "\"a\"");
        assertEquals("one", get(origin, Status.REVALIDATED));
    }

    @Test
    void aFailureMayBeReplaced() {
        Origin origin = Origin.answering(200, "one", "Cache-Control", "max-age=60, stale-if-error=60");
        get(origin, Status.MISS);
        pass(70);
        origin.will(request -> {
            throw new Unreachable(request);
        });
        assertEquals("one", get(origin, Status.STALE));
        for (int status : new int[] {500, 502, 503, 504}) {
            origin.will(status, "failed");
            assertEquals("one", get(origin, Status.STALE));
        }
        origin.will(501, "failed");
        assertEquals("failed", get(origin, Status.MISS));
        origin.will(request -> {
            throw new SessionClosedException(request, "the session is closed", null);
        });
        assertThrows(SessionClosedException.class, () -> get(origin, Status.STALE));
        pass(60);
        origin.will(request -> {
            throw new Unreachable(request);
        });
        assertThrows(Unreachable.class, () -> get(origin, Status.STALE));
    }

    @Test
    void theCacheMayBeToldToReplaceFailures() {
        cache = Cache.builder(store)
                .clock(() -> START.plus(clock.elapsed()))
                .staleIfError(Duration.ofDays(1))
                .build();
        Origin origin = Origin.answering(200, "one");
        get(origin, Status.MISS);
        pass(3600);
        origin.will(request -> {
            throw new Unreachable(request);
        });
        assertEquals("one", get(origin, Status.STALE));
        assertThrows(Unreachable.class, () -> get(origin, Status.STALE, "Cache-Control", "no-cache"));
    }

    @Test
    void staleWhileItIsRevalidated() {
        Origin origin =
                Origin.answering(200, "one", "Cache-Control", "max-age=60, stale-while-revalidate=60", "ETag", "\"a\"");
        get(origin, Status.MISS);
        pass(70);
        origin.will(request -> {
            pass(5);
            return origin.answer(request, 200, "two", "Cache-Control", "max-age=60, stale-while-revalidate=60");
        });
        Duration before = clock.elapsed();
        assertEquals("one", get(origin, Status.STALE));
        assertEquals("one", get(origin, Status.STALE));
        assertEquals(before, clock.elapsed());
        cache.settled().await();
        assertEquals(2, origin.requests.size(), "one revalidation for two requests");
        assertEquals("\"a\"", origin.last().headers().first("If-None-Match"));
        assertEquals("two", get(origin, Status.HIT));
        assertEquals(0, origin.open());
        assertEquals(new CacheStats(1, 1, 0, 2, 0, 2, 0), cache.stats());
    }

    @Test
    void aRevalidationThatFailsLeavesTheStaleAnswer() {
        Origin origin = Origin.answering(200, "one", "Cache-Control", "max-age=60, stale-while-revalidate=600");
        get(origin, Status.MISS);
        pass(70);
        origin.will(request -> {
            throw new Unreachable(request);
        });
        get(origin, Status.STALE);
        cache.settled().await();
        // One that hangs is ended by the total timeout, 300 s by default.
        origin.will(request -> {
            pass(100_000);
            return null;
        });
        Duration before = clock.elapsed();
        assertEquals("one", get(origin, Status.STALE));
        cache.settled().await();
        assertEquals(Duration.ofSeconds(300), clock.elapsed().minus(before));
        assertEquals("one", get(origin, Status.STALE));
    }

    @Test
    void aBodyThatIsTooLargeIsNotReadInTheBackground() {
        Origin origin = Origin.answering(200, "one", "Cache-Control", "max-age=60, stale-while-revalidate=600");
        get(origin, Status.MISS);
        pass(70);
        Pieces endless = new Pieces(Origin.get(URL), new byte[1 << 20], 100, -1);
        origin.will(request -> origin.respond(request, 200, Headers.empty(), endless));
        get(origin, Status.STALE);
        cache.settled().await();
        assertEquals(true, endless.closed);
        assertEquals(1100, endless.bytesReceived());
    }

    @Test
    void variants() {
        Origin origin = new Origin(null);
        origin.will(request -> origin.answer(
                request,
                200,
                "in " + request.headers().first("Accept-Language"),
                "Cache-Control",
                "max-age=60",
                "Vary",
                "Accept-Language"));
        assertEquals("in de", get(origin, Status.MISS, "Accept-Language", "de"));
        assertEquals("in en", get(origin, Status.MISS, "Accept-Language", "en"));
        assertEquals("in null", get(origin, Status.MISS));
        assertEquals("in de", get(origin, Status.HIT, "accept-language", " de"));
        assertEquals("in en", get(origin, Status.HIT, "Accept-Language", "en"));
        assertEquals("in null", get(origin, Status.HIT));
    }

    @Test
    void credentialsAndDecodingAreVariantsWithoutBeingNamed() {
        Origin origin = Origin.answering(200, "x", "Cache-Control", "max-age=60");
        get(origin, Status.MISS);
        get(origin, Status.MISS, "Authorization", "Bearer a");
        get(origin, Status.MISS, "Authorization", "Bearer b");
        get(origin, Status.HIT, "Authorization", "Bearer a");
        send(origin, Status.MISS, Origin.get(URL).with(Options.AUTO_DECOMPRESS, false));
        send(origin, Status.MISS, Origin.get("http://user:pass@h/p"));
        send(origin, Status.HIT, Origin.get("http://user:pass@h/p"));
        get(origin, Status.HIT);
    }

    /** A cookie of the jar is added beneath: the cache cannot know which one the next request will have. */
    @Test
    void whatVariesByACookieThatIsAddedBeneathIsNotStored() {
        Origin origin = new Origin(null);
        origin.will(request -> origin.answer(
                request.withHeader("Cookie", "a=b"), 200, "x", "Cache-Control", "max-age=60", "Vary", "Cookie"));
        get(origin, Status.MISS);
        get(origin, Status.MISS);
        get(origin, Status.MISS, "Cookie", "a=b");
        get(origin, Status.HIT, "Cookie", "a=b");
    }

    @Test
    void whatWasRedirectedBeneathIsNotStored() {
        Origin origin = new Origin(null);
        origin.will(request -> origin.answer(
                request.withUrl(HttpUrl.parse("http://h/elsewhere")), 200, "x", "Cache-Control", "max-age=60"));
        cache.handle(Origin.get(URL), origin).close();
        assertEquals(0, store.usage().entries());
        origin.will(request -> origin.answer(request, 200, "x", "Cache-Control", "max-age=60")
                .withHistory(List.of(origin.answer(request, 302, ""))));
        Origin.read(cache.handle(Origin.get(URL), origin));
        assertEquals(0, store.usage().entries());
    }

    @Test
    void headIsAnsweredFromWhatGetStored() {
        Origin origin =
                Origin.answering(200, "hello", "Cache-Control", "max-age=60", "Content-Length", "5", "ETag", "\"a\"");
        ClientRequest head = Origin.get(URL).withMethod("HEAD");
        assertEquals("hello", send(origin, Status.MISS, head));
        assertEquals(0, store.usage().entries(), "HEAD itself is not stored");
        get(origin, Status.MISS);
        try (ClientResponse response = cache.handle(head, origin)) {
            assertEquals(Status.HIT, Cache.status(response));
            assertEquals(5, response.contentLength().getAsLong());
            assertEquals("", response.text().await());
        }
    }

    @Test
    void headRefreshesWhatGetStored() {
        Origin origin =
                Origin.answering(200, "hello", "Cache-Control", "max-age=60", "Content-Length", "5", "ETag", "\"a\"");
        ClientRequest head = Origin.get(URL).withMethod("HEAD");
        get(origin, Status.MISS);
        pass(70);
        origin.will(200, "", "Cache-Control", "max-age=60", "Content-Length", "5", "ETag", "\"a\"");
        send(origin, Status.MISS, head);
        assertEquals("hello", get(origin, Status.HIT));
        pass(70);
        origin.will(200, "", "Cache-Control", "max-age=60", "Content-Length", "6", "ETag", "\"a\"");
        send(origin, Status.MISS, head);
        assertEquals(0, store.usage().entries());
    }

    @Test
    void otherMethodsInvalidate() {
        String rows = "POST 200 0, PUT 204 0, DELETE 302 0, PATCH 200 0, BREW 200 0,"
                + " POST 404 1, POST 500 1, OPTIONS 200 1, TRACE 200 1";
        for (String row : rows.split(", *")) {
            String[] cells = row.split(" ");
            store.clear();
            Origin origin = Origin.answering(200, "hello", "Cache-Control", "max-age=60");
            get(origin, Status.MISS);
            origin.will(Integer.parseInt(cells[1]), "done");
            send(origin, Status.BYPASS, Origin.get(URL).withMethod(cells[0]));
            assertEquals(Long.parseLong(cells[2]), store.usage().entries(), row);
        }
    }

    @Test
    void whatAChangeNamesIsInvalidatedInItsOwnOriginOnly() {
        Origin origin = Origin.answering(200, "hello", "Cache-Control", "max-age=60");
        List<String> urls = List.of("http://h/a", "http://h/b?c", "http://h:81/a", "http://h/d");
        for (String url : urls) {
            send(origin, Status.MISS, Origin.get(url));
        }
        ClientRequest post = Origin.get("http://h/new").withMethod("POST");
        origin.will(201, "", "Location", "/a", "Content-Location", "b?c");
        send(origin, Status.BYPASS, post);
        origin.will(201, "", "Location", "http://h:81/a", "Content-Location", "http://[");
        send(origin, Status.BYPASS, post);
        origin.will(200, "hello", "Cache-Control", "max-age=60");
        send(origin, Status.MISS, Origin.get(urls.get(0)));
        send(origin, Status.MISS, Origin.get(urls.get(1)));
        send(origin, Status.HIT, Origin.get(urls.get(2)));
        send(origin, Status.HIT, Origin.get(urls.get(3)));
    }

    @Test
    void whatWasAskedForBeforeAChangeIsNotStoredAfterIt() {
        Origin origin = Origin.answering(200, "old", "Cache-Control", "max-age=60");
        ClientResponse slow = cache.handle(Origin.get(URL), origin);
        send(Origin.answering(200, "done"), Status.BYPASS, Origin.get(URL).withMethod("POST"));
        assertEquals("old", Origin.read(slow));
        assertEquals(0, store.usage().entries());
    }

    @Test
    void aBodyThatIsGivenUpOrBreaksIsNotStored() {
        Origin origin = Origin.answering(200, "hello world", "Cache-Control", "max-age=60");
        try (ClientResponse response = cache.handle(Origin.get(URL), origin)) {
            assertEquals(3, response.content().read().await().remaining());
        }
        assertEquals(0, origin.open());
        origin.will(request -> origin.respond(
                request,
                200,
                Headers.builder().add("Cache-Control", "max-age=60").build(),
                new Pieces(request, new byte[10], 3, 6)));
        try (ClientResponse response = cache.handle(Origin.get(URL), origin)) {
            assertThrows(PayloadException.class, () -> response.bytes().await());
        }
        assertEquals(0, store.usage().entries());
    }

    @Test
    void aReadThatIsCancelledMayGoOnAndIsStoredThen() {
        Origin origin = Origin.answering(200, "hello world", "Cache-Control", "max-age=60");
        try (ClientResponse response = cache.handle(Origin.get(URL), origin)) {
            Task<ByteBuffer> reader =
                    Asyncio.createTask(() -> response.content().read().await());
            Asyncio.sleep(0).await();
            reader.cancel();
            assertThrows(CancelledError.class, reader::await);
            int size = 0;
            for (ByteBuffer piece : response.content()) {
                size += piece.remaining();
            }
            assertEquals(11, size);
        }
        assertEquals("hello world", get(origin, Status.HIT));
    }

    @Test
    void aBodyThatIsTooLargeIsNotStored() {
        String large = "x".repeat(1001);
        assertEquals(large, get(Origin.answering(200, large, "Cache-Control", "max-age=60"), Status.MISS));
        assertEquals(
                large,
                get(
                        Origin.answering(200, large, "Cache-Control", "max-age=60", "Content-Length", "1001"),
                        Status.MISS));
        assertEquals(0, store.usage().entries());
        String fits = "x".repeat(1000);
        get(Origin.answering(200, fits, "Cache-Control", "max-age=60"), Status.MISS);
        assertEquals(1, store.usage().entries());
    }

    @Test
    void anAnswerWithoutABodyIsStoredThoughNobodyReadsIt() {
        Origin origin = Origin.answering(200, "", "Cache-Control", "max-age=60", "Content-Length", "0");
        cache.handle(Origin.get(URL), origin).close();
        get(origin, Status.HIT);
    }

    /** What a decoded body's head says of its coding stays, and nothing is decoded twice. */
    @Test
    void theHeadOfADecodedBodyStays() {
        Origin origin = Origin.answering(
                200, "decoded", "Cache-Control", "max-age=60", "Content-Encoding", "gzip", "Content-Length", "3");
        get(origin, Status.MISS);
        try (ClientResponse response = cache.handle(Origin.get(URL), origin)) {
            assertEquals("gzip", response.headers().first("Content-Encoding"));
            assertEquals(3, response.contentLength().getAsLong());
            assertArrayEquals(
                    "decoded".getBytes(StandardCharsets.UTF_8), response.bytes().await());
        }
    }

    @Test
    void aStoreThatFailsCostsNothingButThePlace() {
        cache = with(new CacheStore() {
            @Override
            public CacheEntry find(String key, Predicate<CacheEntry> selects) {
                throw new IllegalStateException("find");
            }

            @Override
            public void put(CacheEntry entry) {
                throw new IllegalStateException("put");
            }

            @Override
            public void remove(String key) {
                throw new IllegalStateException("remove");
            }

            @Override
            public void clear() {}

            @Override
            public Usage usage() {
                return new Usage(0, 0);
            }
        });
        Origin origin = Origin.answering(200, "hello", "Cache-Control", "max-age=60");
        assertEquals("hello", get(origin, Status.MISS));
        assertEquals("hello", send(origin, Status.BYPASS, Origin.get(URL).withMethod("POST")));
        assertEquals(3, cache.stats().failures());
    }

    @Test
    void clearForgetsWhatIsOnItsWayToo() {
        Origin origin = Origin.answering(200, "hello", "Cache-Control", "max-age=60");
        get(origin, Status.MISS);
        ClientResponse slow = cache.handle(Origin.get("http://h/q"), origin);
        cache.clear().await();
        Origin.read(slow);
        assertEquals(new CacheStore.Usage(0, 0), cache.usage().await());
    }
}
