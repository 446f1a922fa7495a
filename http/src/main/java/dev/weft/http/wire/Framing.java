package dev.weft.http.wire;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How long the body of a request is, and how it is sent: RFC 9112 section 6, RFC 9113 section 8.1. Pure. */
public final class Framing {
    /** The length of a body that is not known before its end: it is sent in chunks, where the protocol has them. */
    public static final long CHUNKED = -1;

    /** The length of a body that there is none of, nor a need to say so. */
    public static final long NONE = -2;

    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH", "DELETE");

    /** A body up to this goes out together with the head. */
    private static final int INLINE_BYTES = 64 * 1024;

    private Framing() {}

    /** The length of the body, or {@link #CHUNKED}, or {@link #NONE}. */
    public static long of(ClientRequest request) {
        Body body = request.body();
        if (body == null) {
            return WITH_BODY.contains(request.method()) ? 0 : NONE;
        }
        OptionalLong length = body.length();
        boolean chunked = length.isEmpty() || (request.attribute(Options.CHUNKED) && length.getAsLong() > 0);
        if (!chunked) {
            return length.getAsLong();
        }
        if (request.attribute(Options.VERSION) == HttpVersion.HTTP_1_0) {
            throw new IllegalArgumentException(
                    request + ": HTTP/1.0 has no chunks: the body must be one whose length is known");
        }
        return CHUNKED;
    }

    /** The body, if it goes out together with the head; null if there is none, or it is uploaded behind the head. */
    public static @Nullable ByteBuffer inline(ClientRequest request) {
        Body body = request.body();
        ByteBuffer content = body == null ? null : body.content();
        return content != null
                        && content.remaining() <= INLINE_BYTES
                        && request.attribute(Options.EXPECT_CONTINUE) == null
                        && !request.attribute(Options.CHUNKED)
                ? content
                : null;
    }

    /** Whether the end of the body is told by {@link Wire#endUpload}; else its last piece does it. */
    public static boolean isChunked(ClientRequest request) {
        return of(request) == CHUNKED;
    }

    /** Whether the body is uploaded behind the head. */
    public static boolean isUpload(ClientRequest request) {
        long length = of(request);
        return length != NONE && length != 0 && inline(request) == null;
    }
}
