package dev.weft.http.message;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Is told of everything that happens to a request: for logs, metrics, traces. A session's listener is told of all its requests, a
 * request's of that one, after the session's.
 *
 * <p>Called on the loop of the session, in a task or in a callback, at the moment the thing happens: a listener must neither block nor
 * await. What it throws goes to the loop's exception handler, and the request goes on. Where nobody listens, a signal costs a null
 * check.
 *
 * <p>The signals of one call, in their order. Those in brackets do not always come; the part from {@code queuedStart} on comes again for each
 * attempt and each hop:
 *
 * <pre>
 * requestStart
 *   [queuedStart queuedEnd]                          the limits of the session leave no connection to it
 *   [connectionReused] or [dnsStart dnsEnd] [connectStart connectEnd]... [tlsStart tlsEnd]
 *   headersSent [chunkSent]... firstByte [interim]... responseHead [chunkReceived]... bodyEnd or bodyFailed
 *   [connectionClosed]
 *   [retry] or [redirect]
 * requestEnd or requestFailed
 * callEnd
 * </pre>
 *
 * A body is received while {@code requestEnd} is told, mostly behind it; an answer that comes before the request is sent to its end has its
 * signals in between. {@code callEnd} is the last signal of each call, {@code connectionClosed} of a connection that was kept excepted.
 *
 * <p>Source: the sixteen signals of aiohttp's {@code TraceConfig}.
 * <table>
 * <caption>aiohttp's signals here</caption>
 * <tr><th>aiohttp</th><th>here</th></tr>
 * <tr><td>{@code on_request_start}</td><td>{@link #requestStart}</td></tr>
 * <tr><td>{@code on_request_headers_sent}</td><td>{@link #headersSent}</td></tr>
 * <tr><td>{@code on_request_chunk_sent}</td><td>{@link #chunkSent}, when the network has taken it</td></tr>
 * <tr><td>{@code on_request_redirect}</td><td>{@link #redirect}</td></tr>
 * <tr><td>{@code on_request_end}</td><td>{@link #requestEnd}; the end of the body is {@link #bodyEnd}</td></tr>
 * <tr><td>{@code on_request_exception}</td><td>{@link #requestFailed}; a body that fails later is {@link #bodyFailed}</td></tr>
 * <tr><td>{@code on_response_chunk_received}</td><td>{@link #chunkReceived}, when it comes in, read or not</td></tr>
 * <tr><td>{@code on_connection_queued_start}, {@code _end}</td><td>{@link #queuedStart}, {@link #queuedEnd}</td></tr>
 * <tr><td>{@code on_connection_create_start}, {@code _end}</td><td>{@link #connectStart}, {@link #connectEnd} for each address;
 *     {@link #tlsStart}, {@link #tlsEnd}</td></tr>
 * <tr><td>{@code on_connection_reuseconn}</td><td>{@link #connectionReused}</td></tr>
 * <tr><td>{@code on_dns_resolvehost_start}, {@code _end}, {@code on_dns_cache_hit}, {@code _miss}</td><td>{@link #dnsStart},
 *     {@link #dnsEnd}: a hit takes no time</td></tr>
 * </table>
 *
 * <p>The methods do nothing unless they are overridden.
 */
public interface ClientListener {
    /**
     * A call begins: gives who is to be told of it, by default this listener for all calls. One that keeps something for each call makes a new
     * listener here.
     */
    default ClientListener begin(CallInfo call) {
        return this;
    }

    /** Several listeners as one, told in this order. If one fails, the others are told all the same. */
    static ClientListener all(ClientListener... listeners) {
        return new AllListeners(List.of(listeners));
    }

    /** The program sends a request. */
    default void requestStart(CallInfo call) {}

    /** It has to wait for a connection. */
    default void queuedStart(CallInfo call) {}

    /** It waits for a connection no more: it is its turn, or it was ended. */
    default void queuedEnd(CallInfo call) {}

    /** The addresses of a name are asked for. */
    default void dnsStart(CallInfo call, String host) {}

    /** They are known; none if the look-up failed. */
    default void dnsEnd(CallInfo call, String host, List<InetAddress> addresses) {}

    /** A connection to an address is begun; several may be under way at a time. */
    default void connectStart(CallInfo call, SocketAddress address) {}

    /**
     * That has come to its end.
     *
     * @param failure why there is no connection; null if there is one
     */
    default void connectEnd(CallInfo call, SocketAddress address, @Nullable Throwable failure) {}

    /** The TLS handshake begins. */
    default void tlsStart(CallInfo call) {}

    /**
     * The TLS handshake is over.
     *
     * @param session what was agreed on, its protocol and cipher for example; null if it failed
     */
    default void tlsEnd(CallInfo call, @Nullable SSLSession session) {}

    /** It is sent over a connection that has served a request before. */
    default void connectionReused(CallInfo call, SocketAddress remote) {}

    /** The network has taken the head of the request. */
    default void headersSent(CallInfo call) {}

    /** The network has taken a part of the body of the request: so many bytes, as they are on the wire, framing not counted. */
    default void chunkSent(CallInfo call, int bytes) {}

    /** The first byte of the answer is there, interim answers included. */
    default void firstByte(CallInfo call) {}

    /** An interim answer came, {@code 100 Continue} or {@code 103 Early Hints} for example. */
    default void interim(CallInfo call, ResponseHead head) {}

    /** The head of the answer is whole. */
    default void responseHead(CallInfo call, ResponseHead head) {}

    /** A part of the body came in: so many bytes, as they are on the wire, framing not counted. */
    default void chunkReceived(CallInfo call, int bytes) {}

    /** The body came in whole: so many bytes in all. It may not have been read yet. */
    default void bodyEnd(CallInfo call, long bytes) {}

    /**
     * The body does not come in whole, though the head had.
     *
     * @param bytes how much of it came
     * @param cause what happened; null if the program gave it up
     */
    default void bodyFailed(CallInfo call, long bytes, @Nullable Throwable cause) {}

    /** A redirect is followed: the answer that asked for it, closed, and what is sent next. */
    default void redirect(CallInfo call, ClientResponse response, ClientRequest next) {}

    /**
     * It is sent once more, because the connection, which had been used before, turned out dead, or because its server wants it on another one.
     *
     * @param attempt the number of the next attempt, 2 or more
     * @param cause what became of the last
     */
    default void retry(CallInfo call, int attempt, Throwable cause) {}

    /** The program gets an answer, the body of which may still come in. Whoever keeps it keeps its connection. */
    default void requestEnd(CallInfo call, ClientResponse response) {}

    /** The program gets no answer, but this. */
    default void requestFailed(CallInfo call, Throwable cause) {}

    /**
     * The connection that it was sent over is closed. If it was kept for others, that may be long after the call; then the call is the last it
     * served.
     *
     * @param reason why, for people
     */
    default void connectionClosed(CallInfo call, String reason) {}

    /** Nothing of the call is under way any more: every body came to its end, and the program has its answer or its failure. */
    default void callEnd(CallInfo call) {}
}
