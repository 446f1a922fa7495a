package dev.weft.http.h2;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Options;
import dev.weft.http.wire.Framing;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The head of a request as HTTP/2 has it: RFC 9113 sections 8.2 and 8.3.1. Pure. */
final class RequestFields {
    /** What HTTP/2 says in another way, or not at all. */
    private static final Set<String> LEFT_OUT = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "content-length",
            "sec-websocket-key",
            "te");

    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString EXPECT = AsciiString.cached("expect");
    private static final AsciiString CONTINUE = AsciiString.cached("100-continue");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString GET = AsciiString.cached("GET");
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
    private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");

    /** A cookie that is shorter could be guessed from how well it is compressed; as nghttp2 has it. */
    private static final int SHORT_COOKIE = 20;

    /** Names that requests have often, as they are written, in lower case. */
    private static final Map<String, AsciiString> USUAL = usual(
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "User-Agent",
            "Cookie",
            "Authorization",
            "Content-Type",
            "Referer",
            "Range",
            "If-Range",
            "If-None-Match",
            "If-Modified-Since",
            "Origin",
            "Cache-Control");

    private RequestFields() {}

    private static Map<String, AsciiString> usual(String... names) {
        Map<String, AsciiString> usual = new HashMap<>();
        for (String name : names) {
            usual.put(name, AsciiString.cached(name.toLowerCase(Locale.ROOT)));
        }
        return usual;
    }

    /**
     * The fields of a request; of one that asks for another protocol, as RFC 8441 section 4 has it.
     *
     * @param target path and query
     * @param sent what was said before on the connection
     */
    static Http2Headers of(ClientRequest request, String target, SentTexts sent) {
        Headers headers = request.headers();
        String host = headers.first("Host");
        return ReadOnlyHttp2Headers.clientHeaders(
                false,
                request.isUpgrade() ? CONNECT : request.method().equals("GET") ? GET : text(request.method()),
                text(target),
                request.url().isTls() ? HTTPS : HTTP,
                host == null ? sent.authority(request.url()) : text(host),
                Framing.of(request) == Framing.NONE ? sent.fields(headers) : regular(request, headers, sent));
    }

    private static AsciiString[] regular(ClientRequest request, Headers headers, SentTexts sent) {
        List<AsciiString> fields = fields(headers, sent);
        long length = Framing.of(request);
        if (length >= 0) {
            fields.add(CONTENT_LENGTH);
            fields.add(text(Long.toString(length)));
        }
        if (Framing.isUpload(request) && request.attribute(Options.EXPECT_CONTINUE) != null) {
            fields.add(EXPECT);
            fields.add(CONTINUE);
        }
        return fields.toArray(AsciiString[]::new);
    }

    /** Those that say nothing of a body. */
    static List<AsciiString> fields(Headers headers, SentTexts sent) {
        List<AsciiString> fields = new ArrayList<>(2 * headers.size() + 4);
        String protocol = headers.first("Upgrade");
        if (protocol != null) {
            fields.add(PROTOCOL);
            fields.add(text(protocol));
        }
        for (int i = 0; i < headers.size(); i++) {
            AsciiString name = name(headers.name(i));
            if (name.length() > 0) {
                fields.add(name);
                fields.add(sent.text(i, headers.value(i)));
            } else if (headers.name(i).equalsIgnoreCase("TE") && headers.hasToken("TE", "trailers")) {
                fields.add(TE);
                fields.add(TRAILERS);
            }
        }
        return fields;
    }

    /** In lower case; empty for what is left out. */
    private static AsciiString name(String written) {
        AsciiString usual = USUAL.get(written);
        if (usual != null) {
            return usual;
        }
        String lower = written.toLowerCase(Locale.ROOT);
        return LEFT_OUT.contains(lower) ? AsciiString.EMPTY_STRING : new AsciiString(lower);
    }

    static AsciiString text(String text) {
        return new AsciiString(text.getBytes(StandardCharsets.UTF_8), false);
    }

    /** Whether a field must not be kept in tables on the way, where others could guess at it: RFC 7541 section 7.1.3. */
    static boolean isSensitive(CharSequence name, CharSequence value) {
        return switch (name.length()) {
            case 6 -> "cookie".contentEquals(name) && value.length() < SHORT_COOKIE;
            case 13 -> "authorization".contentEquals(name);
            case 19 -> "proxy-authorization".contentEquals(name);
            default -> false;
        };
    }
}
