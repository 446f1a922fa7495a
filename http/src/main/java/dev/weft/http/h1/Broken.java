package dev.weft.http.h1;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ServerDisconnectedException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;

/** What is wrong with an answer, in words. Pure. */
final class Broken {
    private Broken() {}

    /** The connection ended before the head was whole; {@code bytes} of it had come. */
    static ClientException disconnected(
            ClientRequest request, String when, long bytes, boolean tls, @Nullable Throwable cause) {
        String how = cause == null
                ? "the server ended the connection "
                : "the connection broke (" + cause.getMessage() + ") ";
        String after = bytes == 0 ? "" : ", after " + bytes + " bytes of it";
        return new ServerDisconnectedException(request, how + when + after + hint(tls), bytes, cause);
    }

    /** The head, or the framing of the body, is malformed. */
    static ClientException malformed(ClientRequest request, boolean inHead, ResponseDecoder decoder, Throwable cause) {
        String what = inHead ? "the answer is not HTTP/1.1: " : "the body is malformed: ";
        return new ProtocolException(
                request, what + reason(decoder.limits(), cause) + hint(decoder.looksLikeTls()), cause);
    }

    private static @Nullable String reason(HeaderLimits limits, Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return "a line has more than " + limits.lineBytes() + " bytes";
        }
        return cause instanceof TooLongHttpHeaderException
                ? "the header fields have more than " + limits.totalBytes() + " bytes"
                : cause.getMessage();
    }

    private static String hint(boolean tls) {
        return tls ? "; it seems to speak TLS: try https://" : "";
    }
}
