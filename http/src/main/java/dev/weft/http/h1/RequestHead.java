package dev.weft.http.h1;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The head of a request as HTTP/1.1 has it, its framing included: RFC 9112 sections 3 and 6. Pure. */
final class RequestHead {
    /** Our own headers were checked when they were made. */
    private static final HttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    /** Names as everybody writes them: some servers look at the case. */
    private static final AsciiString HOST = AsciiString.cached("Host");

    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("Content-Length");
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH", "DELETE");

    private RequestHead() {}

    /** The request as Netty's encoder takes it; {@link #check} comes first. */
    static FullHttpRequest of(ClientRequest request) {
        HttpHeaders head = HEADERS.newHeaders();
        String host = request.headers().first("Host");
        head.add(HOST, encoded(host == null ? request.url().authority() : host));
        for (Map.Entry<String, String> field : request.headers()) {
            String name = field.getKey();
            if (!name.equalsIgnoreCase("Host") && !name.equalsIgnoreCase("Content-Length")) {
                head.add(name, encoded(field.getValue()));
            }
        }
        Body body = request.body();
        if (body != null || WITH_BODY.contains(request.method())) {
            head.add(
                    CONTENT_LENGTH,
                    Long.toString(body == null ? 0 : body.length().orElseThrow()));
        }
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(request.method()),
                request.url().target(),
                body == null
                        ? Unpooled.EMPTY_BUFFER
                        : Unpooled.wrappedBuffer(java.util.Objects.requireNonNull(body.content())),
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
        if (headers.contains("Transfer-Encoding")) {
            throw refused(request, "Transfer-Encoding", "the client frames the body itself");
        }
        Body body = request.body();
        long length = body == null ? 0 : body.length().orElseThrow();
        for (String value : headers.all("Content-Length")) {
            if (!value.equals(Long.toString(length))) {
                throw refused(request, "Content-Length: " + value, "the body has " + length + " bytes");
            }
        }
        for (String value : headers.all("Connection")) {
            for (String token : value.split(",", -1)) {
                String name = token.strip();
                if (!name.equalsIgnoreCase("close") && !name.equalsIgnoreCase("keep-alive")) {
                    throw refused(request, "Connection: " + value, "it can be close or keep-alive");
                }
            }
        }
        List<String> hosts = headers.all("Host");
        if (hosts.size() > 1) {
            throw refused(request, "Host", "it is there " + hosts.size() + " times");
        }
        if (hosts.size() == 1 && !isHost(hosts.getFirst())) {
            throw refused(request, "Host: " + hosts.getFirst(), "it is no host and port");
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
