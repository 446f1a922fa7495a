package dev.weft.http.connect;

import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.TlsException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/** What went wrong in a handshake, in words. Pure. */
final class TlsFailures {
    private TlsFailures() {}

    static ClientException explain(ClientRequest request, Origin origin, Throwable failure) {
        String certificate = certificate(origin, failure);
        if (certificate != null) {
            return new CertificateException(request, certificate, failure);
        }
        if (find(failure, NotSslRecordException.class) != null) {
            return new TlsException(request, origin + " does not speak TLS: try http://", failure);
        }
        if (find(failure, ClosedChannelException.class) != null) {
            return new TlsException(request, origin + " ended the connection in the TLS handshake", failure);
        }
        return new TlsException(
                request, "the TLS handshake with " + origin + " failed: " + failure.getMessage(), failure);
    }

    private static @Nullable String certificate(Origin origin, Throwable failure) {
        CertificateExpiredException expired = find(failure, CertificateExpiredException.class);
        if (expired != null) {
            return "the certificate of " + origin + " has expired (" + expired.getMessage() + ")";
        }
        CertificateNotYetValidException early = find(failure, CertificateNotYetValidException.class);
        if (early != null) {
            return "the certificate of " + origin + " is not valid yet (" + early.getMessage() + ")";
        }
        java.security.cert.CertificateException other = find(failure, java.security.cert.CertificateException.class);
        if (other == null) {
            CertPathValidatorException path = find(failure, CertPathValidatorException.class);
            return path == null ? null : "the certificate of " + origin + " is not to be trusted: " + path.getMessage();
        }
        String message = String.valueOf(other.getMessage());
        if (message.startsWith("No subject alternative") || message.startsWith("No name matching")) {
            return "the certificate of " + origin + " is for another host (" + message + ")";
        }
        if (message.contains("unable to find valid certification path")) {
            return "the certificate of " + origin + " is signed by nobody that is trusted here";
        }
        return "the certificate of " + origin + " is not to be trusted: " + message;
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
