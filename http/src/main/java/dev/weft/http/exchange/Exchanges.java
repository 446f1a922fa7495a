package dev.weft.http.exchange;

import dev.weft.http.connect.Connection;
import dev.weft.http.connect.Connector;
import dev.weft.http.connect.Dialer;
import dev.weft.http.connect.Origin;
import dev.weft.http.h1.H1Connection;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Provenance;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.message.SessionClosedException;
import dev.weft.loop.Loop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What sends the requests of a session. Owns its connections and knows the calls that are under way. Confined to the loop.
 */
public final class Exchanges implements AutoCloseable {
    /** A connection that turned out dead, one more that did, then the error. */
    private static final int MOST_ATTEMPTS = 3;

    private final Loop loop;
    private final Connector connector;
    private final Set<Call> open = new LinkedHashSet<>();
    private boolean closed;

    /** Without connections yet. */
    public Exchanges(Loop loop, Settings settings) {
        this.loop = loop;
        Dialer dialer = new Dialer(loop, settings.tls(), H1Connection::install);
        this.connector = new Connector(loop, dialer, settings.limit(), settings.limitPerHost(), settings.keepAlive());
    }

    /**
     * Sends a request and waits for the head of the answer.
     *
     * @throws ClientException if no answer came
     * @throws IllegalArgumentException if headers contradict the framing; then nothing was sent
     */
    public ClientResponse send(ClientRequest plain, Limits limits) {
        ClientRequest request = AutoHeaders.complete(plain);
        H1Connection.check(request);
        if (closed) {
            throw new SessionClosedException(request, "the session is closed", null);
        }
        Call call = new Call(loop, request, limits, open);
        try {
            for (int attempt = 1; ; attempt++) {
                Exchange exchange = lease(call, request);
                try {
                    return attempt(exchange, request, attempt);
                } catch (ClientException e) {
                    if (attempt == MOST_ATTEMPTS || !exchange.mayRetry(e)) {
                        throw e;
                    }
                    connector.closeIdle(Origin.of(request.url()));
                }
            }
        } catch (Throwable e) {
            call.end();
            throw e;
        }
    }

    private Exchange lease(Call call, ClientRequest request) {
        Limits limits = call.limits();
        Connection connection = connector.lease(call, Origin.of(request.url()), limits.pool(), limits.connect());
        Exchange exchange = new Exchange(call, request, connector, connection);
        call.attempt(exchange);
        return exchange;
    }

    /** One request, one answer, on one connection: where the ring around each attempt goes. */
    private ClientResponse attempt(Exchange exchange, ClientRequest request, int attempt) {
        ResponseHead head = exchange.head();
        List<String> codings = head.headers().all("Content-Encoding");
        BodyStream body = new BodyStream(request, exchange, codings);
        return new ClientResponse(request, head, body, new Provenance() {
            @Override
            public int attempts() {
                return attempt;
            }
        });
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Fails every call that is under way and closes every connection. */
    @Override
    public void close() {
        closed = true;
        for (Call call : List.copyOf(open)) {
            call.fail(new SessionClosedException(call.request(), "the session was closed", null));
        }
        connector.close();
    }

    /** Connections that requests hold, those being made included. */
    public int acquired() {
        return connector.acquired();
    }

    /** Connections that are open and free. */
    public int idle() {
        return connector.idle();
    }

    /** Requests that wait for a connection. */
    public int waiting() {
        return connector.waiting();
    }
}
