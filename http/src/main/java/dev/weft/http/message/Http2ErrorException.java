package dev.weft.http.message;

import java.io.IOException;

/**
 * The server ended an HTTP/2 stream, or the whole connection, with an error code: the cause of the exception that the request fails with. Source: RFC
 * 9113 section 7.
 */
public final class Http2ErrorException extends IOException {
    private static final long serialVersionUID = 1;

    private static final String[] NAMES = {
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED"
    };

    /** The code of a request that the server did not act upon. */
    public static final long REFUSED_STREAM = 0x7;

    /** The code of a server that wants the request in HTTP/1.1. */
    public static final long HTTP_1_1_REQUIRED = 0xd;

    private final long code;

    /**
     * An end with a code.
     *
     * @param frame what it came in: {@code RST_STREAM} or {@code GOAWAY}
     * @param details what the server said more, for people; empty if nothing
     */
    public Http2ErrorException(String frame, long code, String details) {
        super(frame + " with " + name(code) + (details.isEmpty() ? "" : ": " + details));
        this.code = code;
    }

    /** The error code, 0 to 2^32 - 1. */
    public long code() {
        return code;
    }

    /** The name of an error code as RFC 9113 has it; one that it has not, in hexadecimal. */
    public static String name(long code) {
        return code >= 0 && code < NAMES.length ? NAMES[(int) code] : "the code 0x" + Long.toHexString(code);
    }
}
