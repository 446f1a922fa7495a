package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import dev.weft.loop.testing.CancelEverywhere;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The cache, cancelled at every await. */
class CacheCancelTest {
    /** Wherever a call is cancelled, no answer stays open and nothing half is stored. */
    @Test
    void cancelledAnywhere() {
        Origin[] origin = new Origin[1];
        CacheStore[] stored = new CacheStore[1];
        int awaits = CancelEverywhere.of(() -> {
                    origin[0] = Origin.answering(200, "hello world", "Cache-Control", "max-age=60", "ETag", "\"a\"");
                    stored[0] = new MemoryStore(1 << 20);
                    Cache own = Cache.builder(new Suspending(stored[0])).build();
                    Origin.read(own.handle(Origin.get("http://h/p", "Cache-Control", "no-cache"), origin[0]));
                    origin[0].will(304, "", "ETag", "\"a\"");
                    Origin.read(own.handle(Origin.get("http://h/p", "Cache-Control", "no-cache"), origin[0]));
                    origin[0].will(304, "", "ETag", "\"b\"");
                    Origin.read(own.handle(Origin.get("http://h/p", "Cache-Control", "no-cache"), origin[0]));
                    origin[0].will(201, "made");
                    Origin.read(own.handle(Origin.get("http://h/p").withMethod("POST"), origin[0]));
                })
                .check(() -> {
                    assertEquals(0, origin[0].open());
                    CacheEntry entry = stored[0].find("http://h/p", any -> true);
                    assertEquals(11, entry == null ? 11 : entry.body().length);
                })
                .run();
        assertTrue(awaits > 10, "awaits: " + awaits);
    }

    /** A store whose every method waits a moment. */
    private record Suspending(CacheStore store) implements CacheStore {
        @Override
        public CacheEntry find(String key, Predicate<CacheEntry> selects) {
            Asyncio.sleep(Duration.ofSeconds(1)).await();
            return store.find(key, selects);
        }

        @Override
        public void put(CacheEntry entry) {
            Asyncio.sleep(Duration.ofSeconds(1)).await();
            store.put(entry);
        }

        @Override
        public void remove(String key) {
            Asyncio.sleep(Duration.ofSeconds(1)).await();
            store.remove(key);
        }

        @Override
        public void clear() {
            store.clear();
        }

        @Override
        public Usage usage() {
            return store.usage();
        }
    }
}
