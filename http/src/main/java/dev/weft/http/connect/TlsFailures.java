package dev.weft.http.connect;

import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.PinMismatchException;
import dev.weft.http.message.TlsException;
import dev.weft.loop.net.dial.CertificateRefusedException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What went wrong in a handshake, in words. Pure. */
final class TlsFailures {
    private TlsFailures() {}

    /**
     * The exception for a failure.
     *
     * @param peer host and port
     */
    static TlsException explain(ClientRequest request, String peer, Throwable failure) {
        CertificateRefusedException refused = find(failure, CertificateRefusedException.class);
        if (refused instanceof dev.weft.loop.net.dial.PinMismatchException pins) {
            return new PinMismatchException(request, peer, pins);
        }
        if (refused != null) {
            return new CertificateException(request, "the certificate of " + peer + " " + refused.why(), refused);
        }
        if (find(failure, NotSslRecordException.class) != null) {
            return new TlsException(request, peer + " does not speak TLS: try http://", failure);
        }
        if (find(failure, ClosedChannelException.class) != null) {
            return ended(request, peer, failure);
        }
        return new TlsException(request, "the TLS handshake with " + peer + " failed: " + words(failure), failure);
    }

    /** The connection was closed before TLS was agreed on. */
    static TlsException ended(ClientRequest request, String peer, @Nullable Throwable failure) {
        return new TlsException(request, peer + " ended the connection in the TLS handshake", failure);
    }

    /** The JDK and OpenSSL name the same alerts (RFC 8446 section 6) and faults in their own ways. */
    private static String words(Throwable failure) {
        String said = String.valueOf(failure.getMessage());
        String key = said.toLowerCase(Locale.ROOT);
        if (key.contains("protocol_version")
                || key.contains("unsupported_protocol")
                || key.contains("protocol version")) {
            return "it speaks no version of TLS that is taken here (" + said + ")";
        }
        if (key.contains("handshake_failure")
                || key.contains("no_shared_cipher")
                || key.contains("insufficient_security")) {
            return "it takes no cipher suite that is offered here, or wants a client certificate (" + said + ")";
        }
        if (key.contains("certificate_required") || key.contains("bad_certificate")) {
            return "it does not take the client's certificate, or wants one (" + said + ")";
        }
        if (key.contains("no_application_protocol") || key.contains("no application protocol")) {
            return "it speaks none of the versions of HTTP that are offered (" + said + ")";
        }
        return key.contains("unrecognized_name") ? "it does not know that host (" + said + ")" : said;
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            depth++;
        }
        return null;
    }
}
