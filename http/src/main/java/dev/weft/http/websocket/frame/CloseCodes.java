package dev.weft.http.websocket.frame;

import dev.weft.http.websocket.WsMessage;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The payload of a Close frame: RFC 6455 sections 5.5.1 and 7.4. Pure. */
final class CloseCodes {
    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    /** Stands for a Close without a code. */
    static final int NONE = 1005;
    /** Stands for the lack of a Close. */
    static final int LOST = 1006;

    static final int INVALID_DATA = 1007;
    static final int TOO_BIG = 1009;

    private static final int MOST_REASON_BYTES = 123;

    private CloseCodes() {}

    /** Whether a code may be in a frame: what the RFC or IANA's registry defines, and what is for libraries and programs to define. */
    static boolean isAllowed(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    /**
     * Checks what a program wants to close with.
     *
     * @throws IllegalArgumentException if code or reason may not be sent
     */
    static void check(int code, String reason) {
        if (!isAllowed(code)) {
            throw new IllegalArgumentException(
                    "the close code is " + code + ": it must be 1000 to 1003, 1007 to 1014, or 3000 to 4999");
        }
        int length = Utf8.encode(reason).length;
        if (length > MOST_REASON_BYTES) {
            throw new IllegalArgumentException(
                    "the close reason has " + length + " bytes of UTF-8: it may have " + MOST_REASON_BYTES);
        }
    }

    /** The payload for a code and a reason, which is cut where it is too long. */
    static byte[] write(int code, String reason) {
        if (code == NONE) {
            return new byte[0];
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MOST_REASON_BYTES);
        while (length < text.length && (text[length] & 0xc0) == 0x80) {
            length--;
        }
        byte[] payload = new byte[2 + length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, length);
        return payload;
    }

    /** What a payload says. */
    static WsMessage.Close read(byte[] payload) throws Violation {
        if (payload.length == 0) {
            return new WsMessage.Close(NONE, "");
        }
        if (payload.length == 1) {
            throw new Violation(PROTOCOL_ERROR, "a Close frame has a payload of one byte");
        }
        int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        if (!isAllowed(code)) {
            throw new Violation(PROTOCOL_ERROR, "a Close frame has the code " + code + ", which must not be sent");
        }
        byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
        try {
            return new WsMessage.Close(code, Utf8.decode(reason, reason.length));
        } catch (CharacterCodingException e) {
            throw new Violation(INVALID_DATA, "the reason of a Close frame is not UTF-8");
        }
    }
}
