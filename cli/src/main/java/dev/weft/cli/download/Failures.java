package dev.weft.cli.download;

import dev.weft.cli.download.Failure.Kind;
import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientConnectorException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.RequestTimeoutException;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.http.message.TlsException;

/** Says in words why a download failed. Pure; any thread. */
final class Failures {
    static final Failure CANCELLED = new Failure(Kind.CANCELLED, "stopped", "stopped");

    private Failures() {}

    static Failure of(RuntimeException e) {
        return switch (e) {
            case ClientException client -> ofClient(client);
            case StatusException status -> new Failure(Kind.STATUS, status.words(), status.getMessage());
            case DiskException disk -> new Failure(Kind.DISK, disk.reason(), String.valueOf(disk.getMessage()));
            default -> new Failure(Kind.INTERNAL, "internal error", "internal error: " + e);
        };
    }

    private static Failure ofClient(ClientException e) {
        return switch (e) {
            case InvalidUrlException url -> new Failure(Kind.URL, "invalid URL", url.reason());
            case DnsException dns -> new Failure(Kind.DNS, "host not found", dns.reason());
            case CertificateException tls -> new Failure(Kind.TLS, "certificate not trusted", tls.reason());
            case TlsException tls -> new Failure(Kind.TLS, "TLS failure", tls.reason());
            case ClientConnectorException connect -> new Failure(Kind.CONNECT, "no connection", connect.reason());
            case RequestTimeoutException timeout -> new Failure(Kind.TIMEOUT, which(timeout), timeout.reason());
            case PayloadException payload -> new Failure(Kind.TRANSFER, "body cut short", payload.reason());
            case ServerDisconnectedException gone -> new Failure(Kind.TRANSFER, "disconnected", gone.reason());
            case ProtocolException protocol -> new Failure(Kind.TRANSFER, "malformed answer", protocol.reason());
            default -> new Failure(Kind.TRANSFER, "transfer failed", e.reason());
        };
    }

    private static String which(RequestTimeoutException e) {
        return switch (e) {
            case ConnectTimeoutException connect -> "connect timeout";
            case ReadTimeoutException read -> "read timeout";
            case PoolTimeoutException pool -> "pool timeout";
            default -> "timeout";
        };
    }
}
