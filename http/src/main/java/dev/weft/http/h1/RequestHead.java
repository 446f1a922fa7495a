package dev.weft.http.h1;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** The head of a request as HTTP/1.1 has it, its framing included: RFC 9112 sections 3 and 6. Pure. */
final class RequestHead {
    /** Most heads fit: room for three bytes a character is wanted before it is written. */
    private static final int USUAL_BYTES = 512;

    private RequestHead() {}

    /**
     * The head as it is sent; {@link #check} comes first.
     *
     * @param target what stands behind the method
     */
    static ByteBuf of(ClientRequest request, String target, ByteBufAllocator buffers) {
        long length = Framing.of(request);
        boolean old = request.attribute(Options.VERSION) == HttpVersion.HTTP_1_0;
        ByteBuf head = buffers.heapBuffer(USUAL_BYTES);
        write(head, request.method());
        head.writeByte(' ');
        write(head, target);
        write(head, old ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
        Headers headers = request.headers();
        String host = headers.first("Host");
        // Names as everybody writes them: some servers look at the case.
        field(head, "Host", host == null ? request.url().authority() : host);
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                field(head, name, headers.value(i));
            }
        }
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

    private static void field(ByteBuf head, String name, String value) {
        write(head, name);
        write(head, ": ");
        write(head, value);
        write(head, "\r\n");
    }

    private static void write(ByteBuf head, String text) {
        head.writeCharSequence(text, StandardCharsets.UTF_8);
    }

    /**
     * Checks the headers that belong to the framing.
     *
     * @throws IllegalArgumentException if one contradicts it
     */
    static void check(ClientRequest request) {
        Headers headers = request.headers();
        long length = Framing.of(request);
        if (headers.contains("Transfer-Encoding")) {
            throw refused(request, "Transfer-Encoding", "the client frames the body itself");
        }
        if (headers.contains("Expect")) {
            throw refused(request, "Expect", "expectContinue(...) asks for it");
        }
        for (String value : headers.all("Content-Length")) {
            if (length == Framing.CHUNKED) {
                throw refused(request, "Content-Length: " + value, "the body is sent in chunks");
            }
            if (!value.equals(Long.toString(Math.max(0, length)))) {
                throw refused(request, "Content-Length: " + value, "the body has " + Math.max(0, length) + " bytes");
            }
        }
        checkConnection(request, headers);
        List<String> hosts = headers.all("Host");
        if (hosts.size() > 1) {
            throw refused(request, "Host", "it is there " + hosts.size() + " times");
        }
        if (hosts.size() == 1 && !isHost(hosts.getFirst())) {
            throw refused(request, "Host: " + hosts.getFirst(), "it is no host and port");
        }
    }

    private static void checkConnection(ClientRequest request, Headers headers) {
        boolean upgrades = H1Connection.isUpgrade(request);
        for (String value : headers.all("Connection")) {
            Set<String> allowed = upgrades ? Set.of("upgrade") : Set.of("close", "keep-alive");
            for (String token : value.split(",", -1)) {
                if (!allowed.contains(token.strip().toLowerCase(java.util.Locale.ROOT))) {
                    throw refused(request, "Connection: " + value, "it can be close or keep-alive");
                }
            }
        }
        if (!upgrades && headers.contains("Upgrade")) {
            throw refused(request, "Upgrade", "the client speaks no other protocol than HTTP here");
        }
    }

    private static boolean isHost(String host) {
        return !host.isEmpty()
                && host.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "-._~:[]%".indexOf(c) >= 0));
    }

    private static IllegalArgumentException refused(ClientRequest request, String header, String why) {
        return new IllegalArgumentException(request + ": header " + header + " is refused: " + why);
    }
}
