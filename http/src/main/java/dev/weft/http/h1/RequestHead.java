package dev.weft.http.h1;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import dev.weft.http.wire.Framing;
import dev.weft.http.wire.RequestCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The heads of a connection's requests as HTTP/1.1 has them, their framing included: RFC 9112 sections 3 and 6. Confined to its connection; no I/O.
 * A session says mostly the same, by the same object: those octets are kept.
 */
final class RequestHead {
    /** Most heads fit: room for three bytes a character is wanted before it is written. */
    private static final int USUAL_BYTES = 512;

    /** What the last request said, and to whom. */
    private Headers said = Headers.empty();

    private @Nullable HttpUrl to;
    /** That as octets; null until it is said again. */
    private byte @Nullable [] octets;

    /**
     * The head as it is sent; {@link RequestCheck} comes first.
     *
     * @param target what stands behind the method
     */
    ByteBuf of(ClientRequest request, String target, ByteBufAllocator buffers) {
        long length = Framing.of(request);
        boolean old = request.attribute(Options.VERSION) == HttpVersion.HTTP_1_0;
        ByteBuf head = buffers.heapBuffer(USUAL_BYTES);
        write(head, request.method());
        head.writeByte(' ');
        write(head, target);
        write(head, old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        fields(head, request.headers(), request.url());
        if (length == Framing.CHUNKED) {
            field(head, "Transfer-Encoding", "chunked");
        } else if (length >= 0) {
            field(head, "Content-Length", Long.toString(length));
        }
        if (Framing.isUpload(request) && request.attribute(Options.EXPECT_CONTINUE) != null) {
            field(head, "Expect", "100-continue");
        }
        write(head, "\r\n");
        return head;
    }

    @SuppressWarnings("ReferenceEquality") // equal ones are not worth a comparison
    private void fields(ByteBuf head, Headers headers, HttpUrl url) {
        boolean again = headers == said && to != null && url.isSameOrigin(to);
        if (again && octets != null) {
            head.writeBytes(octets);
            return;
        }
        int start = head.writerIndex();
        write(head, headers, url);
        said = headers;
        to = url;
        octets = again ? ByteBufUtil.getBytes(head, start, head.writerIndex() - start) : null;
    }

    private static void write(ByteBuf head, Headers headers, HttpUrl url) {
        String host = headers.first("Host");
        // Names as everybody writes them: some servers look at the case.
        field(head, "Host", host == null ? url.authority() : host);
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                field(head, name, headers.value(i));
            }
        }
    }

    private static void field(ByteBuf head, String name, String value) {
        write(head, name);
        write(head, ": ");
        write(head, value);
        write(head, "\r\n");
    }

    private static void write(ByteBuf head, String text) {
        head.writeCharSequence(text, StandardCharsets.UTF_8);
    }
}
