package dev.weft.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.connect.ConnectorSettings;
import dev.weft.http.connect.PoolLimits;
import dev.weft.http.exchange.Versions;
import dev.weft.http.h2.H2Terms;
import dev.weft.http.message.AddressPolicy;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.Loop;
import dev.weft.loop.net.DnsResolver;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Family;
import dev.weft.loop.net.dial.Resolver;
import dev.weft.loop.net.dial.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a session, or of several: how many, kept how long, made how. A session that is not given one makes its own. Bound to the loop
 * that runs where it is created. Source: aiohttp's {@code TCPConnector} and {@code UnixConnector}.
 *
 * <p>The file is long because each setting has its documentation.
 */
@CheckReturnValue
public final class Connector implements AutoCloseable {
    private final Loop loop = Asyncio.getRunningLoop();
    private final dev.weft.http.connect.Connector pool;
    /** Null where it is its session's affair. */
    private final @Nullable UnclosedWatch watch;

    private Connector(ConnectorSettings settings, H2Terms terms, boolean watched) {
        dev.weft.http.connect.Connector made = new dev.weft.http.connect.Connector(loop, settings, new Versions(terms));
        pool = made;
        watch = watched
                ? new UnclosedWatch(loop, "connector", () -> made.acquired() + made.idle() > 0, made::close)
                : null;
        if (watch != null) {
            watch.watch(this);
        }
    }

    /** A connector with other settings. */
    public static Builder builder() {
        return new Builder();
    }

    Loop loop() {
        return loop;
    }

    dev.weft.http.connect.Connector pool() {
        return pool;
    }

    /** The connections as they are now. */
    public SessionStats stats() {
        return new SessionStats(pool.acquired(), pool.idle(), pool.waiting());
    }

    /** Those to each origin, as {@code https://example.com:443}; an HTTP proxy that requests are given to whole counts for its hosts. */
    public Map<String, SessionStats> statsByOrigin() {
        Map<String, SessionStats> stats = new LinkedHashMap<>();
        pool.byOrigin()
                .forEach((origin, now) -> stats.put(
                        (origin.tls() ? "https://" : "http://") + origin,
                        new SessionStats(now.acquired(), now.idle(), now.waiting())));
        return stats;
    }

    /**
     * Closes every connection at once, whoever uses it. Does not wait, for the sockets neither: {@link #awaitClosed()} does. May be called
     * again.
     */
    @Override
    public void close() {
        if (watch != null) {
            watch.end();
        }
        pool.close();
    }

    /** Waits until no connection is open any more; after {@link #close()} that is when the sockets are closed. */
    public Awaitable<@Nullable Void, RuntimeException> awaitClosed() {
        return pool.terminated();
    }

    /** The settings of a {@link Connector}. */
    public static final class Builder {
        /** Each has a window of its own, which together are to fit into the connection's. */
        private static final int MOST_STREAMS = 1000;

        private static final Duration LONGEST = Duration.ofDays(1);

        private PoolLimits limits = PoolLimits.standard();
        private final ConnectOptions.Builder connect = ConnectOptions.builder();
        private @Nullable Resolver resolver;
        private final Map<String, List<InetAddress>> pinned = new HashMap<>();
        private AddressPolicy policy = AddressPolicy.open();
        private Tls proxyTls = Tls.client();
        private @Nullable String unixSocket;
        private H2Terms h2 = H2Terms.STANDARD;
        private boolean coalesce = true;

        private Builder() {}

        /**
         * How many connections may be open at a time, idle ones included: a hard limit. Default 100, less if the process may not open so many
         * files; 0 for no limit. Requests beyond it wait their turn, first come first served. One of HTTP/2 counts once, however many requests it
         * serves.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder limit(int connections) {
            notNegative("limit", connections);
            limits = new PoolLimits(
                    connections, limits.limitPerHost(), limits.maxIdle(), limits.maxIdlePerHost(), limits.keepAlive());
            return this;
        }

        /**
         * A limit as the default is one: so many connections, less if the process may not open so many files.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        @CanIgnoreReturnValue
        public Builder limitUpTo(int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException("limitUpTo is " + connections + ", less than 1");
            }
            limits = limits.upTo(connections);
            return this;
        }

        /**
         * How many connections may be open to one scheme, host and port; default 0, no limit. One of HTTP/2 counts as many times as it serves
         * requests, once if it is idle: so many requests at a time go to one host, whatever is spoken with it. All that goes as it is through an
         * HTTP proxy counts as the proxy's.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder limitPerHost(int connections) {
            notNegative("limitPerHost", connections);
            limits = new PoolLimits(
                    limits.limit(), connections, limits.maxIdle(), limits.maxIdlePerHost(), limits.keepAlive());
            return this;
        }

        /**
         * How many connections may be kept open without a request; default 0, no limit of its own.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder maxIdle(int connections) {
            notNegative("maxIdle", connections);
            limits = new PoolLimits(
                    limits.limit(), limits.limitPerHost(), connections, limits.maxIdlePerHost(), limits.keepAlive());
            return this;
        }

        /**
         * How many connections to one scheme, host and port may be kept open without a request; default 0, no limit of its own.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder maxIdlePerHost(int connections) {
            notNegative("maxIdlePerHost", connections);
            limits = new PoolLimits(
                    limits.limit(), limits.limitPerHost(), limits.maxIdle(), connections, limits.keepAlive());
            return this;
        }

        private static void notNegative(String name, int value) {
            if (value < 0) {
                throw new IllegalArgumentException(name + " is " + value + ": it must be 0 (none) or more");
            }
        }

        /**
         * How long a connection is kept open without a request; default 15 s, 0 closes it at once. A shorter time that the server announces
         * ({@code Keep-Alive: timeout=n}) is kept, less one second.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder keepAlive(Duration idle) {
            if (idle.isNegative()) {
                throw new IllegalArgumentException("keepAlive is " + idle + ": it must be 0 (close at once) or more");
            }
            limits = new PoolLimits(
                    limits.limit(), limits.limitPerHost(), limits.maxIdle(), limits.maxIdlePerHost(), idle);
            return this;
        }

        /**
         * How many requests at a time one connection of HTTP/2 gets at most, whatever its server allows beyond; default 100. When there are more,
         * another one is made, within the limits.
         *
         * @throws IllegalArgumentException if it is not 1 to 1,000
         */
        @CanIgnoreReturnValue
        public Builder maxStreams(int requests) {
            if (requests < 1 || requests > MOST_STREAMS) {
                throw new IllegalArgumentException("maxStreams is " + requests + ": it must be 1 to " + MOST_STREAMS);
            }
            h2 = new H2Terms(requests, h2.pingAfter(), h2.pingTimeout());
            return this;
        }

        /**
         * After how long without a byte from a server that owes an answer over HTTP/2 it is asked whether it is there (PING); default 15 s, 0 for
         * never. A connection whose server does not answer that is closed, and its requests fail.
         *
         * @throws IllegalArgumentException if it is negative or more than a day
         */
        @CanIgnoreReturnValue
        public Builder pingAfter(Duration silence) {
            if (silence.isNegative() || silence.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("pingAfter is " + silence + ": it must be 0 (never) to one day");
            }
            h2 = new H2Terms(h2.maxStreams(), silence, h2.pingTimeout());
            return this;
        }

        /**
         * How long a server may take to answer a PING; default 15 s.
         *
         * @throws IllegalArgumentException if it is not positive or more than a day
         */
        @CanIgnoreReturnValue
        public Builder pingTimeout(Duration limit) {
            if (!limit.isPositive() || limit.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "pingTimeout is " + limit + ": it must be more than 0 and at most one day");
            }
            h2 = new H2Terms(h2.maxStreams(), h2.pingAfter(), limit);
            return this;
        }

        /**
         * Whether a connection of HTTP/2 may serve other {@code https} hosts than the one it was made for; default true. It does if they have the
         * same port and TLS settings, its certificate is theirs too, they have its address, and none of their own is open; not through proxies, nor
         * with a server name, a trust manager of one's own, or certificates that are not checked. A host whose server does not like that (421) is
         * asked on a connection of its own. It counts for the limits of the host it was made for. Source: RFC 9113 section 9.1.1.
         */
        @CanIgnoreReturnValue
        public Builder coalesce(boolean value) {
            coalesce = value;
            return this;
        }

        /** Who turns names into addresses; default {@link DnsResolver#system()}: the hosts file, then the name servers, with a cache. */
        @CanIgnoreReturnValue
        public Builder resolver(Resolver value) {
            resolver = value;
            return this;
        }

        /** The addresses of a host, whatever a resolver would say. Source: curl's {@code --resolve}. */
        @CanIgnoreReturnValue
        public Builder resolve(String host, InetAddress... addresses) {
            pinned.put(host, List.of(addresses));
            return this;
        }

        /** Which kind of addresses are used; default both. */
        @CanIgnoreReturnValue
        public Builder family(Family value) {
            connect.family(value);
            return this;
        }

        /** Where connections start from; default the system chooses. */
        @CanIgnoreReturnValue
        public Builder localAddress(InetSocketAddress address) {
            connect.localAddress(address);
            return this;
        }

        /** How long one address may take before the next is tried beside it, RFC 8305; default 250 ms. */
        @CanIgnoreReturnValue
        public Builder happyEyeballsDelay(Duration delay) {
            connect.happyEyeballsDelay(delay);
            return this;
        }

        /** An option of the sockets, as {@link java.net.StandardSocketOptions#SO_RCVBUF}; {@code TCP_NODELAY} is set by default. */
        @CanIgnoreReturnValue
        public <T> Builder socketOption(SocketOption<T> option, T value) {
            connect.socketOption(option, value);
            return this;
        }

        /** Which addresses may be connected to, checked on the address itself, at each hop and of proxies too; default any. */
        @CanIgnoreReturnValue
        public Builder addressPolicy(AddressPolicy value) {
            policy = value;
            return this;
        }

        /** How TLS is spoken with {@code https} proxies; default {@link Tls#client()}. */
        @CanIgnoreReturnValue
        public Builder proxyTls(Tls settings) {
            proxyTls = settings;
            return this;
        }

        /** Every request goes to this Unix socket, whatever the host of its URL. Source: aiohttp's {@code UnixConnector}. */
        @CanIgnoreReturnValue
        public Builder unixSocket(Path path) {
            unixSocket = path.toString();
            return this;
        }

        /** The same with a name in Linux' abstract namespace, without the {@code @}. */
        @CanIgnoreReturnValue
        public Builder abstractUnixSocket(String name) {
            unixSocket = "@" + name;
            return this;
        }

        /**
         * The connector.
         *
         * @throws IllegalStateException if no loop runs here
         */
        public Connector build() {
            return build(true);
        }

        /** One whose session sees to it that it is closed. */
        Connector unwatched() {
            return build(false);
        }

        private Connector build(boolean watched) {
            Resolver given = resolver;
            if (!pinned.isEmpty()) {
                given = (given == null ? DnsResolver.system() : given).pinning(pinned);
            }
            return new Connector(
                    new ConnectorSettings(
                            limits, connect.resolver(given).build(), policy, proxyTls, unixSocket, coalesce),
                    h2,
                    watched);
        }
    }
}
