package dev.weft.http.websocket.frame;

import dev.weft.http.exchange.Upgraded;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientResponseException;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.Options;
import dev.weft.http.websocket.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks, and which answer it accepts: RFC 6455 section 4.1. The request is the same for HTTP/2, which sends it in its own form: RFC 8441.
 * Pure, but for the keys.
 */
public final class Handshake {
    private static final String KEY = "Sec-WebSocket-Key";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    /** The RFC's own. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Innermost in the exchange ring: each connection has a key of its own. */
    private static final Middleware FRESH_KEY =
            (request, next) -> next.send(request.withHeader(KEY, MaskKeys.nextKey()));

    private Handshake() {}

    /**
     * What the server agreed to.
     *
     * @param protocol the subprotocol, null for none
     * @param extensions as they are written in the answer
     * @param deflate null where nothing is compressed
     */
    record Agreement(
            @Nullable String protocol,
            List<String> extensions,
            @Nullable DeflateTerms deflate) {}

    /** A request, as one that asks for a WebSocket. */
    public static ClientRequest request(ClientRequest plain, Settings settings) {
        Headers.Builder headers = plain.headers().toBuilder()
                .set("Upgrade", "websocket")
                .set("Connection", "Upgrade")
                .set("Sec-WebSocket-Version", "13");
        if (!settings.protocols().isEmpty()) {
            headers.set(PROTOCOL, String.join(", ", settings.protocols()));
        }
        if (settings.deflate() != null) {
            headers.set(EXTENSIONS, DeflateTerms.offer(settings.deflate()));
        }
        List<Middleware> ring = new ArrayList<>(plain.attribute(Options.EXCHANGE_MIDDLEWARES));
        ring.add(FRESH_KEY);
        return plain.withHeaders(headers.build())
                .with(Options.EXCHANGE_MIDDLEWARES, List.copyOf(ring))
                .with(Options.VERSION, version(plain.attribute(Options.VERSION)))
                .with(Options.FORCE_CLOSE, false)
                .with(Options.RAISE_FOR_STATUS, response -> false);
    }

    private static HttpVersion version(HttpVersion wanted) {
        return wanted == HttpVersion.HTTP_1_0 ? HttpVersion.HTTP_1_1 : wanted;
    }

    /**
     * The failure that an answer is which does not agree. Reads the start of the body, for the message, and releases the response: its connection
     * may serve another request.
     */
    static WebSocketHandshakeException refused(ClientResponse response) {
        try {
            response.raiseIf(true).close();
            throw new AssertionError("raiseIf does not raise");
        } catch (ClientResponseException e) {
            return new WebSocketHandshakeException(response, "the server did not open a WebSocket: " + e.reason(), e);
        }
    }

    /**
     * What an answer says that agrees.
     *
     * @throws WebSocketHandshakeException if it is no answer to what was asked
     */
    static Agreement check(Upgraded upgraded, Settings settings) {
        ClientResponse response = upgraded.response();
        if (!upgraded.isHttp2()) {
            checkSwitch(response);
        }
        String protocol = only(response, PROTOCOL);
        if (protocol != null && !settings.protocols().contains(protocol)) {
            throw wrong(
                    response, "its subprotocol is " + protocol + ", and these were offered: " + settings.protocols());
        }
        List<String> extensions = DeflateTerms.list(response.headers().all(EXTENSIONS));
        try {
            return new Agreement(protocol, extensions, DeflateTerms.of(extensions, settings.deflate()));
        } catch (IllegalArgumentException e) {
            throw wrong(response, String.valueOf(e.getMessage()));
        }
    }

    /** With HTTP/2 there is none of this: RFC 8441 section 5. */
    private static void checkSwitch(ClientResponse response) {
        Headers headers = response.headers();
        String upgrade = only(response, "Upgrade");
        if (!"websocket".equalsIgnoreCase(upgrade)) {
            throw wrong(response, "its header Upgrade is " + shown(upgrade) + ", not websocket");
        }
        if (!headers.hasToken("Connection", "upgrade")) {
            throw wrong(
                    response,
                    "its header Connection is " + shown(headers.first("Connection")) + ": upgrade is not in it");
        }
        String accept = only(response, "Sec-WebSocket-Accept");
        String expected = accept(response.request().headers().first(KEY));
        if (!expected.equals(accept)) {
            throw wrong(response, "its header Sec-WebSocket-Accept is " + shown(accept) + ", not " + expected);
        }
    }

    /** The value of a header that may be there once; null if it is not there. */
    private static @Nullable String only(ClientResponse response, String name) {
        List<String> values = response.headers().all(name);
        if (values.size() > 1) {
            throw wrong(response, "its header " + name + " is there " + values.size() + " times");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    private static String shown(@Nullable String value) {
        return value == null ? "missing" : value;
    }

    private static WebSocketHandshakeException wrong(ClientResponse response, String what) {
        return new WebSocketHandshakeException(
                response, "the server's " + response.status() + " opens no WebSocket: " + what, null);
    }

    /** What the server makes of a key. */
    static String accept(@Nullable String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-1", e);
        }
    }
}
