package dev.weft.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.cookie.CookieJar;
import dev.weft.http.exchange.Calls;
import dev.weft.http.exchange.Counters;
import dev.weft.http.exchange.Upgraded;
import dev.weft.http.message.Attributes;
import dev.weft.http.message.Auth;
import dev.weft.http.message.ClientListener;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.Mount;
import dev.weft.http.message.Options;
import dev.weft.http.message.ProxySelector;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.ReturnWhen;
import dev.weft.loop.net.dial.Tls;
import java.lang.ref.Reference;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client with its connections, limits and defaults. Bound to the loop that runs where it is created, and used by that
 * loop's tasks only; elsewhere its methods throw {@link IllegalStateException}.
 *
 * <p>Connections are kept alive and reused, the one used last first. Requests beyond the limits wait their turn, first come first
 * served. Source: {@code aiohttp.ClientSession}.
 */
// The file is long because each setting has its documentation, and each verb is there twice, for both kinds of URL.
@CheckReturnValue
public final class ClientSession implements AutoCloseable {
    private final Loop loop = Asyncio.getRunningLoop();
    private final Connector connector;
    private final boolean ownsConnector;
    private final Calls calls;
    /** Ends what it holds. */
    private final Runnable end;

    private final UnclosedWatch watch;
    private final @Nullable HttpUrl baseUrl;
    private final Headers headers;
    private final Attributes attributes;

    private ClientSession(Builder options) {
        baseUrl = options.baseUrl;
        headers = options.headers.build();
        attributes = loop.isRecorded() ? recorded(options.scoped()) : options.scoped();
        Connector given = options.connector;
        ownsConnector = given == null || options.ownsConnector;
        connector = given == null ? options.own.unwatched() : given;
        if (connector.loop() != loop) {
            throw new IllegalStateException("the connector belongs to another loop than the one that runs here");
        }
        calls = new Calls(loop, connector.pool(), this, headers, attributes);
        end = end(calls, ownsConnector ? connector : null);
        watch = new UnclosedWatch(loop, "session", () -> true, end);
        watch.watch(this);
    }

    /** In a place of its own, so that it does not hold the session. */
    private static Runnable end(Calls calls, @Nullable Connector owned) {
        return () -> {
            calls.close();
            if (owned != null) {
                owned.close();
            }
        };
    }

    private static Attributes recorded(Attributes settings) {
        ClientListener own = settings.get(Options.LISTENER);
        ClientListener recorder = new JfrRequests();
        return settings.with(Options.LISTENER, own == null ? recorder : ClientListener.all(recorder, own));
    }

    /**
     * A session with the defaults.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static ClientSession create() {
        return builder().build();
    }

    /** A session with other settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings of a {@link ClientSession}. */
    public static final class Builder extends RequestSettings<Builder> {
        private final Connector.Builder own = Connector.builder();
        private boolean ownIsSet;
        private @Nullable Connector connector;
        private boolean ownsConnector = true;
        private final Headers.Builder headers = Headers.builder();
        private @Nullable HttpUrl baseUrl;
        private Attributes environment = Attributes.empty();
        private final List<Consumer<CookieJar>> cookies = new ArrayList<>(0);

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** The settings of all requests; credentials are for the base URL. */
        private Attributes scoped() {
            CookieJar jar =
                    attributes().has(CookieJar.OPTION) ? attributes().get(CookieJar.OPTION) : CookieJar.create();
            cookies.forEach(one -> one.accept(jar));
            Attributes all = attributes().over(environment).with(CookieJar.OPTION, jar);
            Auth auth = all.get(Options.AUTH);
            if (auth == null || auth.isScoped()) {
                return all;
            }
            if (baseUrl == null) {
                throw new IllegalArgumentException("the credentials of a session need to know where they are for: set"
                        + " baseUrl, or give them an origin with at(...)");
            }
            return all.with(Options.AUTH_SCOPE, baseUrl);
        }

        /**
         * What the URLs of requests are relative to: RFC 3986 section 5. {@code get("users")} under {@code https://host/v1/} is
         * {@code https://host/v1/users}, {@code get("/users")} is {@code https://host/users}.
         *
         * @throws dev.weft.http.message.InvalidUrlException if that is no {@code http} or {@code https} URL
         * @throws IllegalArgumentException if its path does not end in {@code /}: its last part would be lost
         */
        @CanIgnoreReturnValue
        public Builder baseUrl(String url) {
            HttpUrl base = HttpUrl.parse(url);
            if (!base.path().endsWith("/") || base.query() != null || base.fragment() != null) {
                throw new IllegalArgumentException("the base URL " + base
                        + " must end in /, else the last part of its path would be lost; and it has no query");
            }
            baseUrl = base;
            return this;
        }

        /**
         * How many connections may be open at a time; see {@link Connector.Builder#limit}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder limit(int connections) {
            own.limit(connections);
            ownIsSet = true;
            return this;
        }

        /**
         * How many connections may be open to one scheme, host and port; see {@link Connector.Builder#limitPerHost}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder limitPerHost(int connections) {
            own.limitPerHost(connections);
            ownIsSet = true;
            return this;
        }

        /**
         * How long a connection is kept open without a request; see {@link Connector.Builder#keepAlive}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder keepAlive(Duration idle) {
            own.keepAlive(idle);
            ownIsSet = true;
            return this;
        }

        /** Uses these connections; default its own. They are closed with the session unless {@link #connectorOwner} says otherwise. */
        @CanIgnoreReturnValue
        public Builder connector(Connector connections) {
            connector = connections;
            return this;
        }

        /**
         * Lets something else than the network answer for some URLs, a mock in tests for example; may be called for several.
         *
         * @param urlPrefix scheme, host and port, and how the paths begin
         * @throws dev.weft.http.message.InvalidUrlException if that is no {@code http} or {@code https} URL
         */
        @CanIgnoreReturnValue
        public Builder mount(String urlPrefix, Middleware.Next transport) {
            List<Mount> all = new ArrayList<>(attributes().get(Options.MOUNTS));
            all.add(new Mount(HttpUrl.parse(urlPrefix), transport));
            return attribute(Options.MOUNTS, List.copyOf(all));
        }

        /** Whether closing the session closes the connector that it was given; default true. Say false where sessions share one. */
        @CanIgnoreReturnValue
        public Builder connectorOwner(boolean owner) {
            ownsConnector = owner;
            return this;
        }

        /**
         * Takes proxies, and credentials from the user's netrc file, as the environment says; default false. Read now: once for all requests.
         * What is set besides wins. Source: aiohttp's {@code trust_env}.
         *
         * @throws IllegalArgumentException if a variable of the environment holds no proxy; the message names it
         */
        @CanIgnoreReturnValue
        public Builder trustEnv(boolean trust) {
            environment = trust
                    ? Attributes.empty()
                            .with(Options.PROXY, ProxySelector.environment())
                            .with(Options.AUTH, Auth.netrc())
                    : Attributes.empty();
            return this;
        }

        /**
         * Adds a header field to every request that does not set that name itself.
         *
         * @throws IllegalArgumentException if name or value hold what no header may, as CR or LF
         */
        @CanIgnoreReturnValue
        public Builder header(String name, Object value) {
            headers.add(name, value.toString());
            return this;
        }

        /**
         * Puts a cookie for the base URL, which is to be set before, into the jar.
         *
         * @throws IllegalStateException if there is no base URL: {@link #sharedCookie} goes to every host
         * @throws IllegalArgumentException if name or value hold what no cookie may
         */
        @CanIgnoreReturnValue
        public Builder cookie(String name, String value) {
            HttpUrl base = baseUrl;
            if (base == null) {
                throw new IllegalStateException("the cookie " + name
                        + " needs to know where it is for: set baseUrl first, or use sharedCookie");
            }
            cookies.add(jar -> jar.add(name, value, base));
            return this;
        }

        /**
         * Puts a cookie into the jar that is sent to every host, redirects included. Source: aiohttp's {@code cookies} of a session.
         *
         * @throws IllegalArgumentException if name or value hold what no cookie may
         */
        @CanIgnoreReturnValue
        public Builder sharedCookie(String name, String value) {
            cookies.add(jar -> jar.shared(name, value));
            return this;
        }

        private Tls.Builder currentTls() {
            return attributes().get(Options.TLS).toBuilder();
        }

        /**
         * Trusts the certificates in a PEM file, and no others; read now.
         *
         * @throws java.io.UncheckedIOException if the file cannot be read
         * @throws IllegalArgumentException if there is no certificate in it
         */
        @CanIgnoreReturnValue
        public Builder trust(Path pem) {
            return tls(currentTls().trust(pem).build());
        }

        /** Trusts the certificates in a key store, and no others. */
        @CanIgnoreReturnValue
        public Builder trust(KeyStore anchors) {
            return tls(currentTls().trust(anchors).build());
        }

        /** Trusts anyone: neither certificate nor host name are checked. Whoever sits between can read and change everything. */
        @CanIgnoreReturnValue
        public Builder insecure() {
            return tls(currentTls().insecure().build());
        }

        /**
         * The session.
         *
         * @throws IllegalStateException if no loop runs here, or the connector is of another one, or is given and described
         */
        public ClientSession build() {
            if (connector != null && ownIsSet) {
                throw new IllegalStateException(
                        "limit, limitPerHost and keepAlive are the connector's to set, where the session is given one");
            }
            return new ClientSession(this);
        }
    }

    /**
     * A GET.
     *
     * @throws dev.weft.http.message.InvalidUrlException if that is no {@code http} or {@code https} URL
     */
    public RequestBuilder get(String url) {
        return request("GET", url);
    }

    /** A GET. */
    public RequestBuilder get(URI url) {
        return request("GET", url);
    }

    /** A POST. */
    public RequestBuilder post(String url) {
        return request("POST", url);
    }

    /** A POST. */
    public RequestBuilder post(URI url) {
        return request("POST", url);
    }

    /** A PUT. */
    public RequestBuilder put(String url) {
        return request("PUT", url);
    }

    /** A PUT. */
    public RequestBuilder put(URI url) {
        return request("PUT", url);
    }

    /** A PATCH. */
    public RequestBuilder patch(String url) {
        return request("PATCH", url);
    }

    /** A PATCH. */
    public RequestBuilder patch(URI url) {
        return request("PATCH", url);
    }

    /** A DELETE. */
    public RequestBuilder delete(String url) {
        return request("DELETE", url);
    }

    /** A DELETE. */
    public RequestBuilder delete(URI url) {
        return request("DELETE", url);
    }

    /** A HEAD; redirects are not followed unless it is told to. */
    public RequestBuilder head(String url) {
        return request("HEAD", url).redirects(RedirectPolicy.none());
    }

    /** A HEAD; redirects are not followed unless it is told to. */
    public RequestBuilder head(URI url) {
        return request("HEAD", url).redirects(RedirectPolicy.none());
    }

    /** An OPTIONS. */
    public RequestBuilder options(String url) {
        return request("OPTIONS", url);
    }

    /** An OPTIONS. */
    public RequestBuilder options(URI url) {
        return request("OPTIONS", url);
    }

    /** A QUERY: as a GET, but with a body; safe and idempotent. */
    public RequestBuilder query(String url) {
        return request("QUERY", url);
    }

    /** A QUERY. */
    public RequestBuilder query(URI url) {
        return request("QUERY", url);
    }

    /**
     * A request with any method but CONNECT, sent in upper case.
     *
     * @throws dev.weft.http.message.InvalidUrlException if that is no {@code http} or {@code https} URL
     * @throws IllegalArgumentException if the method is no token, or CONNECT
     */
    public RequestBuilder request(String method, String url) {
        return request(method, resolve(url));
    }

    /** A request with any method; see {@link #request(String, String)}. */
    public RequestBuilder request(String method, URI url) {
        return request(method, url.toString());
    }

    /**
     * Fetches many URLs, a bounded number at a time, and gives what became of each as it completes: what crawlers and downloaders sit on.
     *
     * <pre>{@code
     * try (var results = session.fetchAll(urls, FetchOptions.text().concurrency(100))) {
     *     for (var page : results) {
     *         if (page.isSuccess()) index(page.url(), page.get());
     *     }
     * }
     * }</pre>
     *
     * @param urls read as there is room, in a task of its own: it may be endless, and may await
     */
    public <T> FetchAll<T> fetchAll(Iterator<String> urls, FetchOptions<T> options) {
        checkLoop();
        return new FetchAll<>(loop, this, urls, options);
    }

    /** Fetches many URLs; see {@link #fetchAll(Iterator, FetchOptions)}. */
    public <T> FetchAll<T> fetchAll(Iterable<String> urls, FetchOptions<T> options) {
        return fetchAll(urls.iterator(), options);
    }

    /**
     * A URL as a request of this session has it, joined to the base URL.
     *
     * @throws InvalidUrlException if it is none
     */
    public HttpUrl resolve(String url) {
        return baseUrl == null ? HttpUrl.parse(url) : baseUrl.resolve(url);
    }

    /** A request to a URL as it is, {@link HttpUrl#encoded} for one; not joined to the base URL. Otherwise as {@link #request(String, String)}. */
    public RequestBuilder request(String method, HttpUrl url) {
        String upper = method.toUpperCase(Locale.ROOT);
        if (upper.equals("CONNECT")) {
            throw new IllegalArgumentException("CONNECT is for proxies: a session cannot send it");
        }
        return new RequestBuilder(this, ClientRequest.of(upper, url));
    }

    /**
     * A WebSocket. Source: aiohttp's {@code ws_connect}.
     *
     * @param url with scheme {@code ws} or {@code wss}, or {@code http} or {@code https}, which mean the same here
     * @throws dev.weft.http.message.InvalidUrlException if it is none
     */
    public WebSocketBuilder ws(String url) {
        boolean ws = url.regionMatches(true, 0, "ws:", 0, 3) || url.regionMatches(true, 0, "wss:", 0, 4);
        String http = ws ? "http" + url.substring(2) : url;
        return new WebSocketBuilder(this, baseUrl == null ? HttpUrl.parse(http) : baseUrl.resolve(http));
    }

    /** A WebSocket; see {@link #ws(String)}. */
    public WebSocketBuilder ws(URI url) {
        return ws(url.toString());
    }

    /** Sends a request that asks for another protocol. */
    Upgraded upgrade(ClientRequest request) {
        checkLoop();
        try {
            return calls.upgrade(request);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Sends a request as it is, and waits for the head of the answer. */
    ClientResponse send(ClientRequest request) {
        checkLoop();
        try {
            return calls.send(request);
        } finally {
            // Whoever waits for an answer has the session.
            Reference.reachabilityFence(this);
        }
    }

    Headers headers() {
        return headers;
    }

    Attributes attributes() {
        return attributes;
    }

    /** The connections as they are now; those of its connector, if it shares that with others. */
    public SessionStats stats() {
        checkLoop();
        return connector.stats();
    }

    /** The same for each origin, as {@code https://example.com:443}. */
    public Map<String, SessionStats> statsByOrigin() {
        checkLoop();
        return connector.statsByOrigin();
    }

    /** What was done since the session was made. */
    public SessionTotals totals() {
        checkLoop();
        Counters sums = calls.counters();
        return new SessionTotals(
                sums.requests(), sums.reused(), sums.retries(), sums.bytesSent(), sums.bytesReceived());
    }

    /**
     * What goes on, as text for people: each connection, what it does, for how long and for whom; each request that is under way, how far it
     * is, and, in debug mode or with {@code -Dweft.leaks=full}, where it was made.
     */
    public String dump() {
        checkLoop();
        return (isClosed() ? "closed session: " : "session: ") + stats() + ", " + totals() + '\n' + calls.dump();
    }

    /** The cookies. */
    public CookieJar cookieJar() {
        return attributes.get(CookieJar.OPTION);
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return calls.isClosed();
    }

    /**
     * Closes every connection at once. Requests that wait or run, and bodies that are being read, end with
     * {@link dev.weft.http.message.SessionClosedException}; what has arrived whole stays readable. Does not wait, for the sockets neither:
     * {@link #awaitClosed()} does; may be called again.
     */
    @Override
    public void close() {
        if (!calls.isClosed()) {
            checkLoop();
            watch.end();
            end.run();
        }
    }

    /**
     * Ends the session, but leaves its connector alone, and lets what runs go on. Source: aiohttp's {@code detach}.
     */
    public void detach() {
        if (!calls.isClosed()) {
            checkLoop();
            watch.end();
            calls.detach();
        }
    }

    /**
     * Closes the session when the requests that are under way have ended, their bodies included. From when this is awaited, new requests
     * fail with {@link dev.weft.http.message.SessionClosedException}; those under way go on, over new connections too; a WebSocket is under way until it is closed. When the grace is
     * over, or the task that waits here is cancelled, it is closed as by {@link #close()}. Returns when the sockets are closed.
     *
     * @param grace how long to wait; zero not at all
     * @return awaiting it gives whether every request ended within the grace
     */
    public Awaitable<Boolean, RuntimeException> closeGracefully(Duration grace) {
        return () -> {
            checkLoop();
            boolean ended = false;
            try {
                calls.refuse();
                Future<@Nullable Void> drained = calls.drained();
                Asyncio.wait(List.of(drained), grace, ReturnWhen.ALL_COMPLETED).await();
                ended = drained.isDone();
            } finally {
                close();
            }
            awaitClosed().await();
            return ended;
        };
    }

    /**
     * Waits until every socket of the session is closed, after {@link #close()}. TLS says goodbye before, which takes a second at most with a
     * server that does not listen any more. For a connector that others share it does not wait. Source: what {@code asyncio.sleep(0.25)}
     * behind aiohttp's {@code close()} is for.
     *
     * @return awaiting it throws {@link IllegalStateException} if the session was not closed
     */
    public Awaitable<@Nullable Void, RuntimeException> awaitClosed() {
        return () -> {
            checkLoop();
            if (!calls.isClosed()) {
                throw new IllegalStateException("the session is open: close() it before you wait for its end");
            }
            return ownsConnector ? connector.awaitClosed().await() : null;
        };
    }

    private void checkLoop() {
        if (Asyncio.getRunningLoop() != loop) {
            throw new IllegalStateException("this session belongs to another loop than the one that runs here");
        }
    }
}
