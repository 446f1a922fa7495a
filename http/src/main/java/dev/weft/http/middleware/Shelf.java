package dev.weft.http.middleware;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way into the store and out of it. A store that fails costs the answer its place there, never the request.
 *
 * <p>Any loop. Invariant: what was asked for before its key was invalidated is not stored afterwards. For that, keys share counters of
 * invalidations by their hash; two that share one only cost each other a place in the store.
 */
final class Shelf {
    private static final Logger LOG = LoggerFactory.getLogger(Cache.class);
    private static final int COUNTERS = 1024;

    private final CacheStore store;
    private final int maxEntrySize;
    private final Tally tally;
    private final AtomicIntegerArray invalidations = new AtomicIntegerArray(COUNTERS);

    Shelf(CacheStore store, int maxEntrySize, Tally tally) {
        this.store = store;
        this.maxEntrySize = maxEntrySize;
        this.tally = tally;
    }

    CacheStore store() {
        return store;
    }

    /** Permission to store what is asked for now, until its key is invalidated. */
    record Ticket(int counter, int value) {}

    Ticket ticket(ClientRequest request) {
        int counter = counter(Variants.key(request.url()));
        return new Ticket(counter, invalidations.get(counter));
    }

    private static int counter(String key) {
        return Math.floorMod(key.hashCode(), COUNTERS);
    }

    @Nullable
    CacheEntry find(ClientRequest request) {
        try {
            return store.find(
                    Variants.key(request.url()), entry -> entry.variant().equals(Variants.of(request, entry.vary())));
        } catch (RuntimeException e) {
            failed("read", e);
            return null;
        }
    }

    void put(CacheEntry entry, Ticket ticket) {
        if (invalidations.get(ticket.counter()) != ticket.value()) {
            return;
        }
        try {
            store.put(entry);
            tally.stored();
        } catch (RuntimeException e) {
            failed("write", e);
        }
    }

    /** Forgets a key, and whatever is on its way there. */
    void invalidate(String key) {
        invalidations.incrementAndGet(counter(key));
        drop(key);
    }

    /** Forgets a key. */
    void drop(String key) {
        try {
            store.remove(key);
        } catch (RuntimeException e) {
            failed("remove from", e);
        }
    }

    void clear() {
        for (int i = 0; i < COUNTERS; i++) {
            invalidations.incrementAndGet(i);
        }
        store.clear();
    }

    private void failed(String what, RuntimeException cause) {
        tally.failed();
        LOG.warn("cannot {} the cache, which goes on without: {}", what, cause.toString());
        LOG.debug("how the cache failed", cause);
    }

    /** The answer, which is stored under an entry's name when its body has been read; at once if it has none. */
    ClientResponse keep(ClientResponse answer, CacheEntry entry, Ticket ticket) {
        return answer.contentLength().orElse(0) > maxEntrySize
                ? answer
                : ObservedBody.observe(answer, new Collector(entry, ticket));
    }

    /** Collects a body for its entry, as long as it is not too large. */
    private final class Collector implements ObservedBody.Observer {
        private final CacheEntry entry;
        private final Ticket ticket;
        private final Capture body = new Capture(maxEntrySize);

        Collector(CacheEntry entry, Ticket ticket) {
            this.entry = entry;
            this.ticket = ticket;
        }

        @Override
        public void piece(ByteBuffer bytes) {
            body.add(bytes);
        }

        @Override
        public void whole() {
            byte[] all = body.bytes();
            body.drop();
            if (all != null) {
                put(entry.withBody(all), ticket);
            }
        }

        @Override
        public void cutShort(@Nullable ClientException cause) {
            body.drop();
        }
    }
}
