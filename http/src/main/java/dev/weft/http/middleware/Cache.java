package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Key;
import dev.weft.http.message.Middleware;
import dev.weft.loop.Awaitable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A private cache: RFC 9111, with {@code stale-while-revalidate} and {@code stale-if-error} of RFC 5861 and {@code immutable} of RFC 8246. It
 * answers GET and HEAD from a {@link CacheStore} while what is there is fresh, asks the server whether it still holds when it is not, and forgets
 * what other methods change. How it came to an answer is {@link #status}.
 *
 * <p>It is one user's: sessions that act for several users need a cache each. Answers to requests with different {@code Authorization} headers are
 * kept apart nevertheless; credentials given as {@code Options.AUTH} it does not see.
 *
 * <p>In the call ring it stands before redirects, cookies and credentials: an answer that was redirected is not stored, nor one that varies by a
 * cookie or credentials which the client adds beneath. In the exchange ring each hop is stored by itself, a redirect if it has no body: nobody reads
 * that.
 *
 * <p>An answer is stored when its body was read to its end, and is not larger than {@code maxEntrySize}; one that is given up is not. Bodies are
 * kept as the reader gets them, content coding undone, and are not decoded again. The head keeps {@code Content-Encoding} and
 * {@code Content-Length} as they came, as it does in an answer of the network; {@code Set-Cookie} is not kept.
 *
 * <p>Not stored: parts (206; a request with {@code Range} or a condition of its own goes past the cache), and answers to anything but GET. Two
 * requests for the same at the same time are two requests.
 *
 * <p>May be used by several sessions, on any loop.
 */
@CheckReturnValue
public final class Cache implements Middleware {
    /** How an answer came about; an attribute of the request of the answer. */
    public static final Key<Status> STATUS = Key.of("cacheStatus", Status.BYPASS);

    final Shelf shelf;
    final Background background;
    final InstantSource clock;
    final Duration staleIfError;
    private final Tally tally = new Tally();

    private Cache(Builder options) {
        clock = options.clock;
        staleIfError = options.staleIfError;
        shelf = new Shelf(options.store, options.maxEntrySize, tally);
        background = new Background(options.maxEntrySize);
    }

    /** What the cache had to do with an answer. */
    public enum Status {
        /** It was stored, and fresh. */
        HIT,
        /** It came over the network. */
        MISS,
        /** It was stored, and the server said that it still holds. */
        REVALIDATED,
        /** It was stored, and is stale; request or server allow that. */
        STALE,
        /** The cache had nothing to do with it. */
        BYPASS
    }

    /**
     * A cache in memory.
     *
     * @throws IllegalArgumentException if {@code maxBytes} is below 1
     */
    public static Cache memory(long maxBytes) {
        return builder(CacheStore.memory(maxBytes)).build();
    }

    /**
     * A cache in a directory; see {@link CacheStore#disk}.
     *
     * @throws IllegalArgumentException if {@code maxBytes} is below 1
     */
    public static Cache disk(Path directory, long maxBytes) {
        return builder(CacheStore.disk(directory, maxBytes)).build();
    }

    /** A cache with other settings. */
    public static Builder builder(CacheStore store) {
        return new Builder(store);
    }

    /** The settings of a {@link Cache}. */
    public static final class Builder {
        private final CacheStore store;
        private InstantSource clock = InstantSource.system();
        private Duration staleIfError = Duration.ZERO;
        private int maxEntrySize = 16 << 20;

        private Builder(CacheStore store) {
            this.store = store;
        }

        /** The time; default the system's. */
        @CanIgnoreReturnValue
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /**
         * The largest body that is stored, in bytes; default 16 MiB. While it is read it is in memory.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder maxEntrySize(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("maxEntrySize is " + bytes + ": it must be 0 or more");
            }
            maxEntrySize = bytes;
            return this;
        }

        /**
         * How stale an answer may be to stand in when the network fails or the server answers 500, 502, 503 or 504, though neither side has said
         * {@code stale-if-error}; default zero, not at all. {@code must-revalidate} and {@code no-cache} forbid it still.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder staleIfError(Duration staleness) {
            if (staleness.isNegative()) {
                throw new IllegalArgumentException("staleIfError is " + staleness + ": it must be 0 or more");
            }
            staleIfError = staleness;
            return this;
        }

        /** The cache. */
        public Cache build() {
            return new Cache(this);
        }
    }

    /** How an answer came about; {@link Status#BYPASS} for one that met no cache. */
    public static Status status(ClientResponse response) {
        return response.request().attribute(STATUS);
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        CachedCall.Found found = new CachedCall(this, request, next).run();
        tally.count(found.status());
        return found.response();
    }

    /** What it has done so far. */
    public CacheStats stats() {
        return tally.stats();
    }

    /** What the store holds now; awaiting it throws what the store throws. */
    public Awaitable<CacheStore.Usage, RuntimeException> usage() {
        return shelf.store()::usage;
    }

    /** Forgets everything; awaiting it throws what the store throws. */
    public Awaitable<@Nullable Void, RuntimeException> clear() {
        return () -> {
            shelf.clear();
            return null;
        };
    }

    /**
     * Waits until nothing is revalidated in the background. Such work belongs to the loop, as a task of its own, with the total timeout of the
     * request that caused it; when the loop ends it is cancelled, and when the session is closed it fails, which leaves the stale answer in place.
     */
    public Awaitable<@Nullable Void, RuntimeException> settled() {
        return background::settled;
    }
}
