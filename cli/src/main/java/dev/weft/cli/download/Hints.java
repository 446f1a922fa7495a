package dev.weft.cli.download;

import dev.weft.cli.download.Failure.Kind;
import dev.weft.cli.text.Sizes;
import dev.weft.http.download.DiskFullException;
import dev.weft.http.download.DownloadProgress;
import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.FirstByteTimeoutException;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import dev.weft.http.message.PinMismatchException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.TlsException;
import dev.weft.http.message.TooManyRedirectsException;
import dev.weft.loop.TimeoutException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/** What a person can do about a failure. Equal ones have equal words: they are told once. Pure; any thread. */
final class Hints {
    private Hints() {}

    /**
     * The next step, in one line; null where there is none, or it is plain.
     *
     * @param status of the answer; 0 if the failure is not about one
     * @param last how far it was
     */
    static @Nullable String of(Kind kind, int status, RuntimeException e, DownloadProgress last) {
        return switch (kind) {
            case STATUS -> ofStatus(status);
            case TLS, TRANSFER -> isForced(e) ? "without --http2 it is spoken to in the version that it has" : ofTls(e);
            case DNS -> "check the name of the host, and the network";
            case TIMEOUT -> ofTimeout(e);
            case REDIRECT -> e instanceof TooManyRedirectsException ? "--max-redirs N follows more" : null;
            case CHECKSUM -> "the file or the checksum is of another version, or somebody changed the file";
            case EXISTS -> "--exists resume, rename or overwrite says what to do with files that are there";
            case DISK -> e.getCause() instanceof IOException cause ? ofDisk(cause, last) : null;
            case URL, CONNECT, PROXY, CANCELLED, INTERNAL -> null;
        };
    }

    private static @Nullable String ofStatus(int status) {
        return switch (status) {
            case 401 -> "it wants a login: -u USER, --bearer @FILE or --netrc";
            case 403 -> "it refuses: it may want a login (-u, --bearer), cookies (-b FILE) or a header (-H)";
            case 404, 410 -> "the server has no such file: check the URL";
            case 407 -> "the proxy wants a login: --proxy http://USER:PASSWORD@HOST:PORT";
            case 429 -> "it wants fewer requests: -j 1, or --rps N";
            case 500, 502, 503, 504 -> "the server is in trouble: later, the same command goes on where this ended";
            default -> null;
        };
    }

    private static @Nullable String ofTimeout(RuntimeException e) {
        if (e instanceof TimeoutException) {
            return "--max-time SEC allows more; the same command goes on where this ended";
        }
        return e instanceof ReadTimeoutException || e instanceof FirstByteTimeoutException
                ? "-t SEC waits longer for a server that is silent"
                : null;
    }

    private static @Nullable String ofTls(RuntimeException e) {
        if (e instanceof PinMismatchException || !(e instanceof CertificateException)) {
            return null;
        }
        return "--cacert FILE trusts the authority in FILE; -k trusts anybody, who may change everything";
    }

    /** Whether the server may not know HTTP/2, which was asked for. */
    private static boolean isForced(RuntimeException e) {
        if (!(e instanceof TlsException || e instanceof ProtocolException)) {
            return false;
        }
        ClientException failure = (ClientException) e;
        ClientRequest request = failure.request();
        return request != null
                && request.attribute(Options.VERSION) == HttpVersion.HTTP_2
                && failure.reason().contains("HTTP");
    }

    private static @Nullable String ofDisk(IOException cause, DownloadProgress last) {
        if (cause instanceof DiskFullException full) {
            return full.getFile() + " needs " + Sizes.bytes(full.missingBytes())
                    + " more: make room, then the same command goes on where this ended";
        }
        if (DiskFailures.isFull(cause)) {
            String more = last.total().isPresent()
                    ? Sizes.bytes(Math.max(0, last.total().getAsLong() - last.bytes())) + " more"
                    : "more room";
            return "it needs " + more + ": make room, then the same command goes on where this ended";
        }
        if (cause instanceof AccessDeniedException) {
            return "-d DIR puts the files elsewhere";
        }
        return String.valueOf(cause.getMessage()).contains("Too many open files")
                ? "ulimit -n 4096 allows more, -j N needs fewer"
                : null;
    }
}
