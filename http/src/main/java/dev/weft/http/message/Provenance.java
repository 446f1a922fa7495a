package dev.weft.http.message;

import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** How an answer came about: what {@link ClientResponse} tells of it. Every method has an answer for one that came over no network. */
public interface Provenance {
    /** Of an answer that came over no network. */
    Provenance NONE = new Provenance() {};

    /** How often the request was sent on its last hop, 1 or more. */
    default int attempts() {
        return 1;
    }

    /** The fields behind a chunked body; empty until the body is whole. */
    default Headers trailers() {
        return Headers.empty();
    }

    /** The interim answers that came first, {@code 103 Early Hints} for example, in their order; not {@code 100 Continue}. */
    default List<ResponseHead> interim() {
        return List.of();
    }

    /** Where the time went. */
    default Timings timings() {
        return Timings.NONE;
    }

    /** Bytes of the request's body that the network took on the last attempt, as they are on the wire, framing not counted. */
    default long bytesSent() {
        return 0;
    }

    /** The address it came from, the proxy's if there is one; null if there was none. */
    default @Nullable SocketAddress remoteAddress() {
        return null;
    }

    /** The TLS session it came through; null if it came in the clear. */
    default @Nullable SSLSession tls() {
        return null;
    }
}
