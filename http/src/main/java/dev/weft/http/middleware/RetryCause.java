package dev.weft.http.middleware;

/** Why a request may be sent again: the classes of what {@link Retry} looks at. */
public enum RetryCause {
    /** No connection came about: refused, unreachable, TLS broken off, the proxy down, the time for it over. Not a certificate that is refused. */
    CONNECT,
    /** The look-up of the host's name failed, but may succeed later. */
    DNS,
    /** Another failure with which no byte was sent: the time to wait for the pool was over, a circuit is open. */
    NOT_SENT,
    /** The server ended the connection before the head of the answer was whole. */
    DISCONNECTED,
    /** A limit of time passed while the request was sent or its answer waited for; never the total one. */
    TIMEOUT,
    /** The status of the answer is one of {@link Retry.Builder#statuses}. */
    STATUS
}
