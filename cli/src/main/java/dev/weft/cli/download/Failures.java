package dev.weft.cli.download;

import dev.weft.cli.download.Failure.Kind;
import dev.weft.cli.text.Credentials;
import dev.weft.cli.text.Sizes;
import dev.weft.http.download.AnswerException;
import dev.weft.http.download.ChangedException;
import dev.weft.http.download.ChecksumException;
import dev.weft.http.download.DownloadProgress;
import dev.weft.http.message.BlockedAddressException;
import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientConnectorException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponseException;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.DecodeException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.FirstByteTimeoutException;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.http.message.LowSpeedException;
import dev.weft.http.message.NetrcException;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ProxyException;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.RedirectException;
import dev.weft.http.message.RequestTimeoutException;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TlsException;
import dev.weft.http.message.TlsTimeoutException;
import dev.weft.http.message.TooManyRedirectsException;
import dev.weft.http.message.UploadException;
import dev.weft.http.message.WriteTimeoutException;
import dev.weft.loop.TimeoutException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says in words why a download failed. Pure but for the clock; any thread. */
final class Failures {
    static final Failure CANCELLED = new Failure(Kind.CANCELLED, "stopped", "stopped");

    private Failures() {}

    /** The failure of a transfer that ends now, with how often it was tried and how long that took. */
    static Failure of(RuntimeException e, Transfer transfer) {
        DownloadProgress last = transfer.progress();
        Failure failure = of(e, last);
        if (last.retries() == 0 || failure.kind() == Kind.DISK) {
            return failure;
        }
        String tries = " after " + (last.retries() + 1) + " tries";
        String took = Sizes.elapsed(Duration.ofNanos(System.nanoTime() - transfer.startNanos()));
        String detail = failure.detail() + tries + " (" + took + lastRetryAfter(e) + ")";
        return new Failure(
                failure.kind(), failure.what() + tries, detail, failure.hint(), failure.status(), failure.finalUrl());
    }

    private static Failure of(RuntimeException e, DownloadProgress last) {
        Failure plain = switch (e) {
            case ClientException client -> ofClient(client);
            case ChecksumException sum ->
                new Failure(Kind.CHECKSUM, sum.algorithm() + " differs", String.valueOf(sum.getMessage()));
            case TimeoutException time -> new Failure(Kind.TIMEOUT, "time is over", String.valueOf(time.getMessage()));
            case UncheckedIOException io -> DiskFailures.of(String.valueOf(io.getMessage()), cause(io));
            case DiskException disk -> DiskFailures.of(String.valueOf(disk.getMessage()), cause(disk));
            default -> new Failure(Kind.INTERNAL, "internal error", "internal error: " + e);
        };
        int status = e instanceof ClientResponseException answer ? answer.status() : 0;
        return new Failure(
                plain.kind(),
                plain.what(),
                Credentials.hide(plain.detail()),
                Hints.of(plain.kind(), status, e, last),
                status,
                e instanceof ClientException client ? url(client) : null);
    }

    private static IOException cause(RuntimeException e) {
        return e.getCause() instanceof IOException cause ? cause : new IOException(e.getMessage(), e);
    }

    private static Failure ofClient(ClientException e) {
        return switch (e) {
            case ClientResponseException answer -> ofStatus(answer);
            case InvalidUrlException url -> failure(Kind.URL, "invalid URL", url);
            case DnsException dns -> failure(Kind.DNS, "host not found", dns);
            case CertificateException tls -> failure(Kind.TLS, "certificate not trusted", tls);
            case TlsException tls -> failure(Kind.TLS, "TLS failure", tls);
            case ClientConnectorException connect -> failure(Kind.CONNECT, "no connection", connect);
            case BlockedAddressException blocked -> failure(Kind.CONNECT, "address not allowed", blocked);
            case ProxyException proxy -> failure(Kind.PROXY, "proxy failure", proxy);
            case RedirectException redirect -> failure(Kind.REDIRECT, "redirect to nowhere", redirect);
            case TooManyRedirectsException redirects -> failure(Kind.REDIRECT, "too many redirects", redirects);
            case RequestTimeoutException timeout -> failure(Kind.TIMEOUT, which(timeout), timeout);
            case PayloadException payload -> failure(Kind.TRANSFER, "body cut short", payload);
            case ServerDisconnectedException gone -> failure(Kind.TRANSFER, "disconnected", gone);
            case ChangedException changed -> failure(Kind.TRANSFER, "file changed", changed);
            case AnswerException wrong -> failure(Kind.TRANSFER, "wrong answer", wrong);
            case ProtocolException protocol -> failure(Kind.TRANSFER, "malformed answer", protocol);
            case DecodeException decode -> failure(Kind.TRANSFER, "malformed body", decode);
            case UploadException upload -> failure(Kind.TRANSFER, "upload failed", upload);
            case NetrcException netrc -> failure(Kind.DISK, "netrc file", netrc);
            case SessionClosedException closed -> CANCELLED;
            default -> failure(Kind.TRANSFER, "transfer failed", e);
        };
    }

    private static Failure failure(Kind kind, String what, ClientException e) {
        return new Failure(kind, what, e.reason());
    }

    private static Failure ofStatus(ClientResponseException e) {
        String given = e.response().reason();
        String words = (e.status() + " " + (given.isEmpty() ? Phrases.of(e.status()) : given)).strip();
        String location = e.headers().first("Location");
        return new Failure(Kind.STATUS, words, location == null ? words : words + ", to " + location);
    }

    private static String which(RequestTimeoutException e) {
        return switch (e) {
            case ConnectTimeoutException connect -> "connect timeout";
            case TlsTimeoutException tls -> "TLS timeout";
            case PoolTimeoutException pool -> "pool timeout";
            case FirstByteTimeoutException first -> "no answer in time";
            case ReadTimeoutException read -> "read timeout";
            case WriteTimeoutException write -> "write timeout";
            case LowSpeedException slow -> "too slow";
            default -> "timeout";
        };
    }

    private static @Nullable String url(ClientException e) {
        ClientRequest request = e.request();
        return request == null ? null : request.url().toString();
    }

    private static String lastRetryAfter(RuntimeException e) {
        String value =
                e instanceof ClientResponseException answer ? answer.headers().first("Retry-After") : null;
        if (value == null) {
            return "";
        }
        return ", last Retry-After: " + value + (isNumber(value) ? " s" : "");
    }

    private static boolean isNumber(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return !value.isEmpty();
    }
}
