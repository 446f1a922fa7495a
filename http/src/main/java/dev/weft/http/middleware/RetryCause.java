package dev.weft.http.middleware;

import dev.weft.http.message.BeforeSendFailure;
import dev.weft.http.message.BlockedAddressException;
import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientConnectorException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.ProxyException;
import dev.weft.http.message.RequestTimeoutException;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.http.message.TlsTimeoutException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.net.dial.ResolveException;
import org.jspecify.annotations.Nullable;

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
    STATUS;

    /** What class a failure without an answer is of; null if another attempt would end the same way. */
    public static @Nullable RetryCause of(ClientException failure) {
        return switch (failure) {
            case DnsException dns -> isTemporary(dns) ? DNS : null;
            // Neither a certificate nor a rule changes within seconds.
            case CertificateException _, BlockedAddressException _, TotalTimeoutException _ -> null;
            case ProxyException proxy -> proxy.status() == 0 || proxy.status() >= 500 ? CONNECT : null;
            case ClientConnectorException _, ConnectTimeoutException _, TlsTimeoutException _ -> CONNECT;
            case BeforeSendFailure _ -> NOT_SENT;
            case RequestTimeoutException _ -> TIMEOUT;
            case ServerDisconnectedException _ -> DISCONNECTED;
            default -> null;
        };
    }

    private static boolean isTemporary(DnsException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ResolveException resolve) {
                return resolve.isTemporary();
            }
        }
        return false;
    }
}
