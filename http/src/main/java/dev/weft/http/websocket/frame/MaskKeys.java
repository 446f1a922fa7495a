package dev.weft.http.websocket.frame;

import io.netty.handler.codec.http.websocketx.WebSocketFrameMaskGenerator;
import java.security.SecureRandom;
import java.util.Base64;

/** What must not be guessed: the mask of each frame and the key of each handshake, RFC 6455 sections 5.3 and 4.1. Any thread. */
enum MaskKeys implements WebSocketFrameMaskGenerator {
    INSTANCE;

    private static final class Lazy {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    @Override
    public int nextMask() {
        return Lazy.RANDOM.nextInt();
    }

    /** A new {@code Sec-WebSocket-Key}. */
    static String nextKey() {
        byte[] nonce = new byte[16];
        Lazy.RANDOM.nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }
}
