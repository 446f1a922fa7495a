package dev.weft.http.h2;

/** The error codes of RFC 9113 section 7, each at its number. */
public enum H2Code {
    NO_ERROR,
    PROTOCOL_ERROR,
    INTERNAL_ERROR,
    FLOW_CONTROL_ERROR,
    SETTINGS_TIMEOUT,
    STREAM_CLOSED,
    FRAME_SIZE_ERROR,
    REFUSED_STREAM,
    CANCEL,
    COMPRESSION_ERROR,
    CONNECT_ERROR,
    ENHANCE_YOUR_CALM,
    INADEQUATE_SECURITY,
    HTTP_1_1_REQUIRED;

    /** The name of a code, or the number of one that has none. */
    static String name(long code) {
        return code < values().length ? values()[(int) code].name() : Long.toString(code);
    }
}
