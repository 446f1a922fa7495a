package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.Attributes;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Key;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.Options;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.CancelledError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests that ask for the same at the same time once: who comes while such a request is under way waits for its answer, and gets a
 * copy. For the call ring. It keeps nothing once the answer is there; that is a cache's work.
 *
 * <p>The same is: GET or HEAD, the same URL, the same header fields and the same settings, so that nobody gets what was meant for other
 * credentials, cookies or proxies. Tracing fields, and the settings for time and listeners, may differ; more can be {@linkplain
 * Builder#ignoring named}.
 *
 * <p>The exchange belongs to nobody who waits: any of them may be cancelled, or run out of time, and the others do not notice; when nobody is
 * left it is cancelled. The body is taken into memory, up to a limit, before anybody gets the answer. If it is longer, the first in line
 * gets the answer as it is, and the others send their own. {@link ClientResponse#request()} of a copy is the request that was sent. A failure
 * is everybody's; the total timeout of one is not.
 *
 * <p>Confined to the loop that uses it first; sessions of that loop may share it. Source: Go's {@code singleflight}, nginx's
 * {@code proxy_cache_lock}.
 */
@CheckReturnValue
public final class Collapse implements Middleware {
    private final LoopClock clock = new LoopClock("Collapse");
    private final int limitBytes;
    private final Predicate<ClientRequest> which;
    private final Set<String> ignoredHeaders;
    private final List<Key<?>> ignoredKeys;
    private final Map<Wish, Flight> flights = new HashMap<>();

    private Collapse(Builder builder) {
        this.limitBytes = builder.limitBytes;
        this.which = builder.which;
        this.ignoredHeaders = Set.copyOf(builder.ignoredHeaders);
        this.ignoredKeys = List.copyOf(builder.ignoredKeys);
    }

    /** What is asked for. */
    private record Wish(String method, HttpUrl url, List<Map.Entry<String, String>> headers, Attributes attributes) {}

    /** As it is by default. */
    public static Collapse standard() {
        return builder().build();
    }

    /** Sets what is different from the default. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        if (!reads || request.body() != null || request.isUpgrade() || !which.test(request)) {
            return next.send(request);
        }
        clock.loop();
        Wish wish = wish(request);
        while (true) {
            Flight joined = flights.get(wish);
            Flight.Landing landing = (joined == null ? start(wish, request, next) : joined).await();
            switch (landing) {
                case Flight.Landing.Answer(ClientResponse response) -> {
                    return response;
                }
                case Flight.Landing.Alone _ -> {
                    return next.send(request);
                }
                case Flight.Landing.Failed(Throwable why) -> {
                    // What ended only the one it was sent for is no answer to the others.
                    boolean oneself = why instanceof TotalTimeoutException || why instanceof CancelledError;
                    if (joined == null || !oneself) {
                        throw thrown(why);
                    }
                }
            }
        }
    }

    private Flight start(Wish wish, ClientRequest request, Next next) {
        Flight flight = new Flight(() -> next.send(request), limitBytes, over -> flights.remove(wish, over));
        flights.put(wish, flight);
        return flight;
    }

    private static RuntimeException thrown(Throwable why) {
        if (why instanceof Error error) {
            throw error;
        }
        return (RuntimeException) why;
    }

    private Wish wish(ClientRequest request) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Map.Entry<String, String> field : request.headers()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!ignoredHeaders.contains(name)) {
                headers.add(Map.entry(name, field.getValue()));
            }
        }
        Attributes attributes = request.attributes();
        for (Key<?> key : ignoredKeys) {
            attributes = without(attributes, key);
        }
        return new Wish(request.method(), request.url().withFragment(null), headers, attributes);
    }

    private static <T extends @Nullable Object> Attributes without(Attributes attributes, Key<T> key) {
        return attributes.with(key, key.fallback());
    }

    /** How many requests are under way. */
    int size() {
        return flights.size();
    }

    /** Collects the settings. */
    public static final class Builder {
        private int limitBytes = 1 << 20;
        private Predicate<ClientRequest> which = request -> true;
        private final Set<String> ignoredHeaders =
                new HashSet<>(List.of("traceparent", "tracestate", "baggage", "x-request-id", "x-correlation-id"));
        private final Set<Key<?>> ignoredKeys = new HashSet<>(List.of(
                Options.TIMEOUT,
                Options.LISTENER,
                Options.RAISE_FOR_STATUS,
                Options.READ_BUFFER_SIZE,
                RateLimit.PRIORITY));

        private Builder() {}

        /**
         * The longest body that is shared, content coding undone, in bytes; 1 MiB by default.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder limitBytes(int most) {
            if (most < 0) {
                throw new IllegalArgumentException("limitBytes is " + most + ": it must be 0 or more");
            }
            limitBytes = most;
            return this;
        }

        /** Which of the requests that could be are shared; all by default. */
        @CanIgnoreReturnValue
        public Builder which(Predicate<ClientRequest> requests) {
            which = requests;
            return this;
        }

        /**
         * Header fields that may differ, beside {@code traceparent}, {@code tracestate}, {@code baggage}, {@code X-Request-Id} and
         * {@code X-Correlation-Id}: those of the request that is sent are sent.
         */
        @CanIgnoreReturnValue
        public Builder ignoring(String... headers) {
            for (String header : headers) {
                ignoredHeaders.add(header.toLowerCase(Locale.ROOT));
            }
            return this;
        }

        /** Attributes that may differ, beside those of time, listeners and priority. */
        @CanIgnoreReturnValue
        public Builder ignoring(Key<?>... keys) {
            ignoredKeys.addAll(Arrays.asList(keys));
            return this;
        }

        /** The middleware; the builder may go on. */
        public Collapse build() {
            return new Collapse(this);
        }
    }
}
