package dev.weft.http.h1;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Options;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** The head of a request as HTTP/1.1 has it, its framing included: RFC 9112 sections 3 and 6. Pure. */
final class RequestHead {
    /** Our own headers were checked when they were made. */
    private static final HttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    /** Names as everybody writes them: some servers look at the case. */
    private static final AsciiString HOST = AsciiString.cached("Host");

    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
    private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("Transfer-Encoding");
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");
    private static final AsciiString EXPECT = AsciiString.cached("Expect");
    private static final AsciiString CONTINUE = AsciiString.cached("100-continue");

    private RequestHead() {}

    /**
     * The request as Netty's encoder takes it, with its body unless that is uploaded behind it; {@link #check} comes first.
     *
     * @param target what stands behind the method
     */
    static HttpRequest of(ClientRequest request, String target) {
        HttpHeaders head = HEADERS.newHeaders();
        String host = request.headers().first("Host");
        head.add(HOST, encoded(host == null ? request.url().authority() : host));
        Headers headers = request.headers();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                head.add(name, encoded(headers.value(i)));
            }
        }
        long length = Framing.of(request);
        if (length == Framing.CHUNKED) {
            head.add(TRANSFER_ENCODING, CHUNKED);
        } else if (length >= 0) {
            head.add(CONTENT_LENGTH, Long.toString(length));
        }
        HttpVersion version = request.attribute(Options.VERSION) == dev.weft.http.message.HttpVersion.HTTP_1_0
                ? HttpVersion.HTTP_1_0
                : HttpVersion.HTTP_1_1;
        HttpMethod method = HttpMethod.valueOf(request.method());
        if (Framing.isUpload(request)) {
            if (request.attribute(Options.EXPECT_CONTINUE) != null) {
                head.add(EXPECT, CONTINUE);
            }
            return new DefaultHttpRequest(version, method, target, head);
        }
        ByteBuffer body = Framing.inline(request);
        return new DefaultFullHttpRequest(
                version,
                method,
                target,
                body == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body),
                head,
                EmptyHttpHeaders.INSTANCE);
    }

    /** Netty writes text as ASCII, with a question mark for the rest, and bytes as they are. */
    private static CharSequence encoded(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) >= 128) {
                return new AsciiString(value.getBytes(StandardCharsets.UTF_8), false);
            }
        }
        return value;
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
        Set<String> allowed = upgrades ? Set.of("upgrade") : Set.of("close", "keep-alive");
        for (String value : headers.all("Connection")) {
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
