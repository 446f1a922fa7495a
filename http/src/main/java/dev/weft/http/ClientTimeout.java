package dev.weft.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of time. Each is a duration above zero, {@link #FOREVER} for no limit, or null to inherit: a request's from its session,
 * a session's from {@link #DEFAULT}. A limit that passes ends the request with its own
 * {@link dev.weft.http.message.RequestTimeoutException}.
 *
 * <p>Source: {@code aiohttp.ClientTimeout}, but merged field by field.
 *
 * @param total the whole request, from its start to the end of its body; default 300 s
 * @param connect making one connection: name, TCP, TLS; not the wait for a free place; default 30 s
 * @param read silence between two packets of the answer, once the request is sent; does not count while the reader is slow;
 *     default none
 * @param pool waiting for a connection where the session's limits leave none; default none
 */
public record ClientTimeout(
        @Nullable Duration total,
        @Nullable Duration connect,
        @Nullable Duration read,
        @Nullable Duration pool) {
    /** No limit. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** What a session has where nothing else is said. */
    public static final ClientTimeout DEFAULT =
            new ClientTimeout(Duration.ofSeconds(300), Duration.ofSeconds(30), FOREVER, FOREVER);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is zero or negative
     */
    public ClientTimeout {
        check("total", total);
        check("connect", connect);
        check("read", read);
        check("pool", pool);
    }

    private static void check(String name, @Nullable Duration limit) {
        if (limit != null && (limit.isZero() || limit.isNegative())) {
            throw new IllegalArgumentException("the " + name + " timeout is " + limit
                    + ": it must be more than zero; ClientTimeout.FOREVER is no limit");
        }
    }

    /** Only a total limit; the others are inherited. */
    public static ClientTimeout total(Duration limit) {
        return builder().total(limit).build();
    }

    /** No limits at all. */
    public static ClientTimeout none() {
        return new ClientTimeout(FOREVER, FOREVER, FOREVER, FOREVER);
    }

    /** Sets limits; the others are inherited. */
    public static Builder builder() {
        return new Builder();
    }

    /** These limits, and where there is none the other's. */
    ClientTimeout over(ClientTimeout other) {
        return new ClientTimeout(
                total == null ? other.total : total,
                connect == null ? other.connect : connect,
                read == null ? other.read : read,
                pool == null ? other.pool : pool);
    }

    /** Collects limits. */
    public static final class Builder {
        private @Nullable Duration total;
        private @Nullable Duration connect;
        private @Nullable Duration read;
        private @Nullable Duration pool;

        private Builder() {}

        /** The whole request, its body included. */
        @CanIgnoreReturnValue
        public Builder total(@Nullable Duration limit) {
            total = limit;
            return this;
        }

        /** Making one connection: name, TCP, TLS. */
        @CanIgnoreReturnValue
        public Builder connect(@Nullable Duration limit) {
            connect = limit;
            return this;
        }

        /** Silence between two packets of the answer. */
        @CanIgnoreReturnValue
        public Builder read(@Nullable Duration limit) {
            read = limit;
            return this;
        }

        /** Waiting for a connection of the pool. */
        @CanIgnoreReturnValue
        public Builder pool(@Nullable Duration limit) {
            pool = limit;
            return this;
        }

        /**
         * The limits.
         *
         * @throws IllegalArgumentException if one is zero or negative
         */
        public ClientTimeout build() {
            return new ClientTimeout(total, connect, read, pool);
        }
    }
}
