package dev.weft.http.websocket;

/**
 * What is offered to the server on compression by {@code permessage-deflate}, RFC 7692; it may decline. The client's window is always 32 KiB.
 *
 * @param level how hard this side tries, 1 (fast) to 9 (small); default 6
 * @param clientNoContextTakeover whether this side forgets one message before the next: it compresses less, and the server needs less memory
 * @param serverNoContextTakeover whether the server is asked to do so
 * @param serverMaxWindowBits how far back the server may refer, as a power of two, 9 to 15; default 15, 32 KiB
 */
public record PerMessageDeflate(
        int level, boolean clientNoContextTakeover, boolean serverNoContextTakeover, int serverMaxWindowBits) {
    /** Without any restriction. */
    public static final PerMessageDeflate DEFAULT = new PerMessageDeflate(6, false, false, 15);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if level or window are out of range
     */
    public PerMessageDeflate {
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("the level is " + level + ": it must be 1 to 9");
        }
        if (serverMaxWindowBits < 9 || serverMaxWindowBits > 15) {
            throw new IllegalArgumentException(
                    "serverMaxWindowBits is " + serverMaxWindowBits + ": it must be 9 to 15");
        }
    }

    /** The same with another level, 1 to 9. */
    public PerMessageDeflate withLevel(int other) {
        return new PerMessageDeflate(other, clientNoContextTakeover, serverNoContextTakeover, serverMaxWindowBits);
    }

    /** The same, and neither side keeps anything from one message to the next. */
    public PerMessageDeflate withoutContextTakeover() {
        return new PerMessageDeflate(level, true, true, serverMaxWindowBits);
    }

    /** The same with another window of the server, 9 to 15 bits. */
    public PerMessageDeflate withServerMaxWindowBits(int bits) {
        return new PerMessageDeflate(level, clientNoContextTakeover, serverNoContextTakeover, bits);
    }
}
