package dev.weft.http.websocket.frame;

/** What came is against a rule or a limit; the code is what the other side is told, the message why. */
final class Violation extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    Violation(int code, String what) {
        super(what, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
