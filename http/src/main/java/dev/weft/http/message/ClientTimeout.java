package dev.weft.http.message;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of time. Each is a duration above zero, {@link #FOREVER} for no limit, or null to inherit: a request's from its session,
 * a session's from {@link #DEFAULT}. A limit that passes ends the request with its own
 * {@link RequestTimeoutException}. The deadline of the scope that the task is in (as of {@code Asyncio.timeout}) holds besides.
 *
 * <p>Source: {@code aiohttp.ClientTimeout}, but merged field by field.
 *
 * @param total the whole request, from its start to the end of its body, redirects and middleware included; default 300 s
 * @param pool waiting for a connection where the session's limits leave none; default none
 * @param connect making one connection: name, TCP, proxy, TLS; not the wait for a free place; default 30 s
 * @param tls the TLS handshake alone; default none beside {@code connect}
 * @param write silence while the request is sent: the network takes nothing; default none
 * @param firstByte from the sent request to the head of the answer; default none
 * @param read silence between two packets of the answer, once the request is sent; does not count while the reader is slow; default none
 * @param lowSpeed the least speed of the body; default none
 */
public record ClientTimeout(
        @Nullable Duration total,
        @Nullable Duration pool,
        @Nullable Duration connect,
        @Nullable Duration tls,
        @Nullable Duration write,
        @Nullable Duration firstByte,
        @Nullable Duration read,
        @Nullable LowSpeed lowSpeed) {
    /** No limit. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** What a session has where nothing else is said. */
    public static final ClientTimeout DEFAULT = new ClientTimeout(
            Duration.ofSeconds(300),
            FOREVER,
            Duration.ofSeconds(30),
            FOREVER,
            FOREVER,
            FOREVER,
            FOREVER,
            LowSpeed.NONE);

    private static final ClientTimeout NO_LIMITS =
            new ClientTimeout(FOREVER, FOREVER, FOREVER, FOREVER, FOREVER, FOREVER, FOREVER, LowSpeed.NONE);

    /**
     * The least speed of a body: fewer bytes than that on average over the time end the request with {@link LowSpeedException}. Does not
     * count while the reader is slow. Source: curl's {@code --speed-limit} and {@code --speed-time}.
     *
     * @param bytesPerSecond on the wire; 0 for no limit
     * @param time what the average is taken over
     */
    public record LowSpeed(long bytesPerSecond, Duration time) {
        /** No limit. */
        public static final LowSpeed NONE = new LowSpeed(0, Duration.ofSeconds(30));

        /**
         * Checks the limit.
         *
         * @throws IllegalArgumentException if the speed is negative, or the time not above zero
         */
        public LowSpeed {
            if (bytesPerSecond < 0) {
                throw new IllegalArgumentException(
                        "the low speed is " + bytesPerSecond + " bytes/s: it must be 0 (no limit) or more");
            }
            check("low speed", time);
        }
    }

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is zero or negative
     */
    public ClientTimeout {
        check("total", total);
        check("pool", pool);
        check("connect", connect);
        check("tls", tls);
        check("write", write);
        check("firstByte", firstByte);
        check("read", read);
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
        return NO_LIMITS;
    }

    /** Sets limits; the others are inherited. */
    public static Builder builder() {
        return new Builder();
    }

    /** These limits, and where there is none the other's. */
    public ClientTimeout over(ClientTimeout other) {
        return new ClientTimeout(
                total == null ? other.total : total,
                pool == null ? other.pool : pool,
                connect == null ? other.connect : connect,
                tls == null ? other.tls : tls,
                write == null ? other.write : write,
                firstByte == null ? other.firstByte : firstByte,
                read == null ? other.read : read,
                lowSpeed == null ? other.lowSpeed : lowSpeed);
    }

    /** A limit as it is to be waited for; null for none. */
    public static @Nullable Duration finite(@Nullable Duration limit) {
        return FOREVER.equals(limit) ? null : limit;
    }

    /** Collects limits. */
    public static final class Builder {
        private @Nullable Duration total;
        private @Nullable Duration pool;
        private @Nullable Duration connect;
        private @Nullable Duration tls;
        private @Nullable Duration write;
        private @Nullable Duration firstByte;
        private @Nullable Duration read;
        private @Nullable LowSpeed lowSpeed;

        private Builder() {}

        /** The whole request, its body included. */
        @CanIgnoreReturnValue
        public Builder total(@Nullable Duration limit) {
            total = limit;
            return this;
        }

        /** Waiting for a connection of the pool. */
        @CanIgnoreReturnValue
        public Builder pool(@Nullable Duration limit) {
            pool = limit;
            return this;
        }

        /** Making one connection: name, TCP, proxy, TLS. */
        @CanIgnoreReturnValue
        public Builder connect(@Nullable Duration limit) {
            connect = limit;
            return this;
        }

        /** The TLS handshake alone. */
        @CanIgnoreReturnValue
        public Builder tls(@Nullable Duration limit) {
            tls = limit;
            return this;
        }

        /** Silence while the request is sent. */
        @CanIgnoreReturnValue
        public Builder write(@Nullable Duration limit) {
            write = limit;
            return this;
        }

        /** From the sent request to the head of the answer. */
        @CanIgnoreReturnValue
        public Builder firstByte(@Nullable Duration limit) {
            firstByte = limit;
            return this;
        }

        /** Silence between two packets of the answer. */
        @CanIgnoreReturnValue
        public Builder read(@Nullable Duration limit) {
            read = limit;
            return this;
        }

        /** The least speed of the body, in bytes per second, on average over a time. */
        @CanIgnoreReturnValue
        public Builder lowSpeed(long bytesPerSecond, Duration over) {
            lowSpeed = new LowSpeed(bytesPerSecond, over);
            return this;
        }

        /**
         * The limits.
         *
         * @throws IllegalArgumentException if one is zero or negative
         */
        public ClientTimeout build() {
            return new ClientTimeout(total, pool, connect, tls, write, firstByte, read, lowSpeed);
        }
    }
}
