package dev.weft.loop.net;

import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Tls;
import org.jspecify.annotations.Nullable;

/** How a server listens. Immutable. Source: the arguments of {@code asyncio.start_server}. */
public final class ServerOptions {
    /** A plain server. */
    public static final ServerOptions DEFAULT = builder().build();

    private final @Nullable Tls tls;
    private final int backlog;
    private final int limitBytes;

    private ServerOptions(Builder builder) {
        tls = builder.tls;
        backlog = builder.backlog;
        limitBytes = builder.limitBytes;
    }

    /** Options to be set one by one. */
    public static Builder builder() {
        return new Builder();
    }

    /** TLS, null for plain connections. */
    public @Nullable Tls tls() {
        return tls;
    }

    /** How many connections may wait to be accepted. */
    public int backlog() {
        return backlog;
    }

    /** The limit of the readers, in bytes. */
    public int limitBytes() {
        return limitBytes;
    }

    /** Sets options. */
    public static final class Builder {
        private @Nullable Tls tls;
        private int backlog = 100;
        private int limitBytes = ConnectOptions.DEFAULT_LIMIT_BYTES;

        private Builder() {}

        /** Secures the connections; the settings need a certificate. Default null, plain. */
        public Builder tls(@Nullable Tls value) {
            tls = value;
            return this;
        }

        /** How many connections may wait to be accepted; default 100. */
        public Builder backlog(int value) {
            backlog = value;
            return this;
        }

        /**
         * The longest line or separated chunk of a reader, in bytes; default 64 KiB.
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
        public ServerOptions build() {
            return new ServerOptions(this);
        }
    }
}
