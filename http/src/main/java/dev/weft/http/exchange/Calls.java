package dev.weft.http.exchange;

import dev.weft.http.connect.Connector;
import dev.weft.http.cookie.CookieJar;
import dev.weft.http.message.Attributes;
import dev.weft.http.message.Auth;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Http2ErrorException;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Key;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.Mount;
import dev.weft.http.message.Options;
import dev.weft.http.message.Phase;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TooManyRedirectsException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.http.wire.RequestCheck;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Timeout;
import dev.weft.loop.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What sends the requests of a session: the call ring, redirects, the exchange ring, attempts, one inside the other. Knows the calls that are
 * under way. Confined to the loop.
 *
 * <p>The file is long because it is the whole way of a request, one method a ring.
 */
public final class Calls implements AutoCloseable {
    /** A connection that turned out dead, one more that did, then the error. */
    private static final int MOST_ATTEMPTS = 3;

    private static final Duration AFTER_EXCHANGES = Duration.ofMillis(1);

    /** Where the exchanges whose servers changed the protocol are put: through middleware only their answers come. */
    private static final Key<@Nullable List<Exchange>> UPGRADED = Key.of("upgraded", null);

    private final Loop loop;
    private final Connector connector;
    private final OpenCalls open;
    private final Outgoing outgoing;
    private boolean refusing;
    /** Of requests that have middleware, which may wait where no call knows of it. */
    private final Set<Timeout> scopes = new LinkedHashSet<>();

    private boolean closed;

    /**
     * Without requests yet.
     *
     * @param session stays reachable while requests are under way
     * @param headers those of the session
     * @param attributes its settings
     */
    public Calls(Loop loop, Connector connector, Object session, Headers headers, Attributes attributes) {
        this.loop = loop;
        this.connector = connector;
        this.open = new OpenCalls(loop, session);
        this.outgoing = new Outgoing(headers, attributes);
    }

    /**
     * Sends a request and waits for the head of the answer.
     *
     * @throws ClientException if no answer came
     * @throws IllegalArgumentException if headers contradict the framing; then nothing was sent
     */
    public ClientResponse send(ClientRequest request) {
        Signals signals = Signals.begin(loop, request);
        open.awaited();
        try {
            if (refusing) {
                throw new SessionClosedException(request, "the session is closing", null);
            }
            Deadline deadline = Deadline.from(
                    loop,
                    ClientTimeout.finite(request.attribute(Options.TIMEOUT).total()));
            ClientResponse response =
                    hasMiddleware(request) ? around(request, deadline, signals) : follow(request, deadline, signals);
            response =
                    response.raiseIf(request.attribute(Options.RAISE_FOR_STATUS).test(response));
            answered(signals, response);
            return response;
        } catch (Throwable e) {
            failed(signals, e);
            throw e;
        } finally {
            open.answered();
            if (signals != null) {
                signals.ended();
            }
        }
    }

    private static void answered(@Nullable Signals signals, ClientResponse response) {
        if (signals != null) {
            signals.tell("requestEnd", (to, call) -> to.requestEnd(call, response));
        }
    }

    private static void failed(@Nullable Signals signals, Throwable e) {
        if (signals != null) {
            signals.tell("requestFailed", (to, call) -> to.requestFailed(call, e));
        }
    }

    private static boolean hasMiddleware(ClientRequest request) {
        return !request.attribute(Options.MIDDLEWARES).isEmpty()
                || !request.attribute(Options.EXCHANGE_MIDDLEWARES).isEmpty()
                || request.attribute(Options.AUTH) != null;
    }

    /**
     * Sends a request that asks to change the protocol, as {@link #send}, and waits for the head of the answer.
     *
     * @return the answer; with the connection, which its taker ends, if the server agreed
     */
    public Upgraded upgrade(ClientRequest request) {
        List<Exchange> upgraded = new ArrayList<>(1);
        Exchange chosen = null;
        try {
            ClientResponse response = send(RequestCheck.asUpgrade(request).with(UPGRADED, upgraded));
            for (Exchange exchange : upgraded) {
                if (exchange.isAnsweredBy(response)) {
                    exchange.check();
                    chosen = exchange;
                }
            }
            return new Upgraded(response, chosen);
        } finally {
            // Middleware may have asked more than once, or have failed since.
            for (Exchange exchange : upgraded) {
                if (exchange != chosen) {
                    exchange.end();
                }
            }
        }
    }

    /** The call ring, and all within: whatever middleware of either ring waits for, the total timeout and the end of the session end it. */
    private ClientResponse around(ClientRequest request, Deadline deadline, @Nullable Signals signals) {
        List<Middleware> ring = request.attribute(Options.MIDDLEWARES);
        AtomicReference<@Nullable Timeout> scope = new AtomicReference<>();
        Duration at = deadline.at();
        try {
            // An exchange that is under way at the deadline says more of it: it comes first.
            return Asyncio.timeoutAt(at == null ? null : at.plus(AFTER_EXCHANGES), timeout -> {
                scope.set(timeout);
                scopes.add(timeout);
                try {
                    return Ring.around(inner -> follow(inner, deadline, signals), ring)
                            .send(request);
                } finally {
                    scopes.remove(timeout);
                }
            });
        } catch (TimeoutException e) {
            Timeout ours = scope.get();
            if (ours == null || !ours.expired()) {
                throw e;
            }
            Duration limit = deadline.limit();
            ClientException ended =
                    limit == null || (closed && deadline.elapsed(loop).compareTo(limit) < 0)
                            ? new SessionClosedException(request, "the session was closed", null)
                            : new TotalTimeoutException(request, Phase.MIDDLEWARE, deadline.elapsed(loop), limit);
            ended.addSuppressed(e);
            throw ended;
        }
    }

    /** Sends a request, and those that redirects lead to. */
    private ClientResponse follow(ClientRequest first, Deadline deadline, @Nullable Signals signals) {
        if (closed) {
            throw new SessionClosedException(first, "the session is closed", null);
        }
        ClientRequest request = Credentials.fromUrl(first);
        HttpUrl scope = request.attribute(Options.AUTH_SCOPE);
        HttpUrl authScope = scope == null ? request.url() : scope;
        if (request.attribute(Options.AUTH) != null) {
            request = request.with(Options.AUTH_SCOPE, authScope);
        }
        ClientRequest complete = outgoing.complete(request);
        RequestCheck.check(complete);
        Call call = new Call(loop, first, deadline, open, signals);
        List<ClientResponse> history = List.of();
        try {
            while (true) {
                call.hop(history.size() + 1);
                Hop hop = new Hop(call);
                Middleware.Next sender = Ring.around(hop, exchangeRing(request, authScope));
                ClientResponse response = null;
                while (response == null) {
                    hop.last = null;
                    try {
                        response = sender.send(complete);
                    } catch (ClientException e) {
                        retry(hop, request, e);
                    }
                }
                ClientRequest next = follows(request, response, authScope, history);
                if (next == null) {
                    return history.isEmpty() ? response : response.withHistory(history);
                }
                Rest.discard(response);
                history = and(history, response);
                request = Credentials.fromUrl(next);
                call.redirected(response, request);
                complete = outgoing.complete(request);
            }
        } finally {
            call.senderDone();
        }
    }

    private static List<ClientResponse> and(List<ClientResponse> history, ClientResponse next) {
        List<ClientResponse> longer = new ArrayList<>(history);
        longer.add(next);
        return longer;
    }

    private static @Nullable ClientRequest follows(
            ClientRequest request, ClientResponse response, HttpUrl authScope, List<ClientResponse> history) {
        try {
            ClientRequest next = Redirects.next(request, response, authScope);
            RedirectPolicy policy = request.attribute(Options.REDIRECTS);
            if (next != null && history.size() == policy.max()) {
                List<HttpUrl> chain = new ArrayList<>();
                history.forEach(earlier -> chain.add(earlier.realUrl()));
                chain.add(response.realUrl());
                chain.add(next.url());
                throw new TooManyRedirectsException(request, policy.max(), chain);
            }
            return next;
        } catch (Throwable e) {
            response.close();
            throw e;
        }
    }

    /** Has the exchange ring sent through once more, if its connection turned out dead, or was the wrong one; throws what ended it if not. */
    private void retry(Hop hop, ClientRequest request, ClientException e) {
        Exchange exchange = hop.last;
        if (exchange != null && demandsHttp11(e)) {
            useHttp11(exchange.request(), e);
        }
        if (exchange == null || !exchange.mayRetry(e)) {
            throw e;
        }
        if (exchange.wasLate()) {
            hop.attempts--;
        }
        if (hop.attempts >= MOST_ATTEMPTS) {
            throw e;
        }
        open.counters().retry();
        exchange.retried(e);
        if (!exchange.wasRefused()) {
            connector.closeIdle(connector.route(request));
            // Connections that others have in use may be as near to their end as those were.
            hop.fresh |= hop.attempts == MOST_ATTEMPTS - 1;
        }
    }

    private static boolean demandsHttp11(ClientException refusal) {
        return refusal.getCause() instanceof Http2ErrorException cause
                && cause.code() == Http2ErrorException.HTTP_1_1_REQUIRED;
    }

    /** From now on its server has HTTP/1.1, unless the request says otherwise. */
    private void useHttp11(ClientRequest request, ClientException refusal) {
        if (request.attribute(Options.VERSION) == HttpVersion.HTTP_2) {
            throw new ServerDisconnectedException(
                    request,
                    "the server wants this request in HTTP/1.1, and its version is set to HTTP/2: leave it at AUTO",
                    0,
                    refusal.getCause());
        }
        connector.useHttp11(request);
    }

    private static List<Middleware> exchangeRing(ClientRequest request, HttpUrl authScope) {
        List<Middleware> ring = request.attribute(Options.EXCHANGE_MIDDLEWARES);
        Auth auth = request.attribute(Options.AUTH);
        if (auth == null || !auth.appliesTo(authScope, request.url())) {
            return ring;
        }
        List<Middleware> whole = new ArrayList<>(ring);
        whole.add(auth);
        return whole;
    }

    /** What the exchange ring of one hop is around. */
    private final class Hop implements Middleware.Next {
        final Call call;
        /** How many had a connection. */
        int attempts;
        /** The latest one since the ring was entered. */
        @Nullable
        Exchange last;
        /** Whether its next attempt is to be on a connection of its own. */
        boolean fresh;

        Hop(Call call) {
            this.call = call;
        }

        /**
         * One request, one answer, on one connection, or on another one if that is not for it. Tasks wait here by the thousand, and each frame
         * of the stack below costs memory for each of them: what they wait for in masses, their turn and the head, is waited for here itself.
         */
        @Override
        public ClientResponse send(ClientRequest request) {
            Mount mount = Mount.of(request.attribute(Options.MOUNTS), request.url());
            if (mount != null) {
                return mount.transport().send(request);
            }
            Exchange exchange = begin(request);
            int attempt;
            try {
                Future<?> turn = fresh ? null : exchange.queue(connector);
                if (turn != null) {
                    turn.await();
                }
                exchange.lease(connector, fresh);
                attempt = ++attempts;
                exchange.send();
                for (Future<?> wake = exchange.awaitsHead(); wake != null; wake = exchange.awaitsHead()) {
                    wake.await();
                }
            } catch (ClientException e) {
                throw exchange.without(e);
            } catch (Throwable e) {
                exchange.end();
                throw e;
            }
            if (!fresh && exchange.isMisdirected()) {
                fresh = true;
                open.counters().retry();
                exchange.goesElsewhere();
                return send(request);
            }
            return response(exchange, request, attempt);
        }

        private Exchange begin(ClientRequest request) {
            RequestCheck.check(request);
            call.check();
            Exchange exchange = new Exchange(call, request);
            last = exchange;
            return exchange;
        }
    }

    private ClientResponse response(Exchange exchange, ClientRequest request, int attempt) {
        ResponseHead head = exchange.head();
        request.attribute(CookieJar.OPTION).store(request.url(), head.headers());
        List<Exchange> upgraded = request.attribute(UPGRADED);
        if (upgraded != null && exchange.hasSwitched()) {
            upgraded.add(exchange);
        }
        List<String> codings =
                request.attribute(Options.AUTO_DECOMPRESS) ? head.headers().all("Content-Encoding") : List.of();
        BodyStream body = new BodyStream(request, exchange, codings);
        exchange.watch(body);
        return new ClientResponse(request, head, body, new ExchangeProvenance(exchange, attempt));
    }

    /** The connections, and the requests that are under way, as text for people. */
    public String dump() {
        return new SessionDump(loop).of(connector.dump(), open.now());
    }

    /** What the requests add up to so far. */
    public Counters counters() {
        return open.counters();
    }

    /** From now on no request begins; those that are under way go on, and redirects are followed. */
    public void refuse() {
        refusing = true;
    }

    /** Done when no request is under way any more, bodies included. */
    public Future<@Nullable Void> drained() {
        return open.drained();
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Takes no more requests, and lets go on what is under way. */
    public void detach() {
        closed = true;
    }

    /** Fails every call that is under way; the connector is its owner's to close. */
    @Override
    public void close() {
        closed = true;
        for (Call call : open.now()) {
            call.fail(new SessionClosedException(call.request(), "the session was closed", null));
        }
        for (Timeout scope : scopes) {
            if (!scope.expired()) {
                scope.reschedule(loop.time());
            }
        }
    }
}
