package dev.weft.loop.net.dial;

import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to make a connection. Immutable. Source: the arguments of asyncio's {@code open_connection} and {@code create_connection}.
 */
public final class ConnectOptions {
    /** Plain TCP, both families, names looked up by the loop. */
    public static final ConnectOptions DEFAULT = builder().build();

    /** The reader's limit unless another is set, in bytes. */
    public static final int DEFAULT_LIMIT_BYTES = 64 * 1024;

    private final @Nullable Tls tls;
    private final @Nullable String serverName;
    private final @Nullable InetSocketAddress localAddress;
    private final Duration happyEyeballsDelay;
    private final Family family;
    private final @Nullable Resolver resolver;
    private final Map<SocketOption<?>, Object> socketOptions;
    private final int limitBytes;

    private ConnectOptions(Builder builder) {
        tls = builder.tls;
        serverName = builder.serverName;
        localAddress = builder.localAddress;
        happyEyeballsDelay = builder.happyEyeballsDelay;
        family = builder.family;
        resolver = builder.resolver;
        socketOptions = Map.copyOf(builder.socketOptions);
        limitBytes = builder.limitBytes;
    }

    /** Options to be set one by one. */
    public static Builder builder() {
        return new Builder();
    }

    /** TLS, or null for a plain connection. */
    public @Nullable Tls tls() {
        return tls;
    }

    /** The name the peer's certificate must carry, if it is not the host that is connected to. */
    public @Nullable String serverName() {
        return serverName;
    }

    /** Where the connection starts from, null to let the system choose. */
    public @Nullable InetSocketAddress localAddress() {
        return localAddress;
    }

    /** How long an attempt may take before the next address is tried beside it. */
    public Duration happyEyeballsDelay() {
        return happyEyeballsDelay;
    }

    /** Which addresses may be used. */
    public Family family() {
        return family;
    }

    /** Who turns names into addresses, null for the loop's own. */
    public @Nullable Resolver resolver() {
        return resolver;
    }

    /** What is set on TCP sockets before they are connected, beside {@code TCP_NODELAY}. */
    public Map<SocketOption<?>, Object> socketOptions() {
        return socketOptions;
    }

    /** The longest line or separated chunk of a stream, in bytes; reading pauses when twice as much waits to be read. */
    public int limitBytes() {
        return limitBytes;
    }

    /** Sets options. */
    public static final class Builder {
        private @Nullable Tls tls;
        private @Nullable String serverName;
        private @Nullable InetSocketAddress localAddress;
        private Duration happyEyeballsDelay = Duration.ofMillis(250);
        private Family family = Family.ANY;
        private @Nullable Resolver resolver;
        private final Map<SocketOption<?>, Object> socketOptions = new HashMap<>();
        private int limitBytes = DEFAULT_LIMIT_BYTES;

        private Builder() {}

        /** Secures the connection; default null, plain. */
        public Builder tls(@Nullable Tls value) {
            tls = value;
            return this;
        }

        /** The name that is sent to the peer (SNI) and that its certificate must carry; default null, the host. */
        public Builder serverName(@Nullable String value) {
            serverName = value;
            return this;
        }

        /** Where the connection starts from; default null, the system's choice. Only addresses of its family are tried then. */
        public Builder localAddress(@Nullable InetSocketAddress value) {
            localAddress = value;
            return this;
        }

        /**
         * How long an attempt may take before the next address is tried beside it; default 250 ms. Zero tries all at once, a very
         * long time one after the other. Source: RFC 8305, section 5.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder happyEyeballsDelay(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("a delay cannot be negative: " + value);
            }
            happyEyeballsDelay = value;
            return this;
        }

        /** Which addresses may be used; default both kinds. */
        public Builder family(Family value) {
            family = Objects.requireNonNull(value, "family");
            return this;
        }

        /** Who turns names into addresses; default null, the loop's own. */
        public Builder resolver(@Nullable Resolver value) {
            resolver = value;
            return this;
        }

        /**
         * Sets an option of TCP sockets before they are connected, one of {@link java.net.StandardSocketOptions} or
         * {@code jdk.net.ExtendedSocketOptions}. {@code TCP_NODELAY} is true unless it is set to false here. Connecting throws
         * {@link IllegalArgumentException} if the system does not know the option. Source: aiohttp's {@code socket_factory}.
         */
        public <T> Builder socketOption(SocketOption<T> option, T value) {
            socketOptions.put(option, Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * The longest line or separated chunk of a stream, in bytes; default 64 KiB.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder limitBytes(int value) {
            if (value <= 0) {
                throw new IllegalArgumentException("limit must be positive: " + value);
            }
            limitBytes = value;
            return this;
        }

        /** The options. */
        public ConnectOptions build() {
            return new ConnectOptions(this);
        }
    }
}
