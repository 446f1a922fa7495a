package dev.weft.loop.net.dial;

import java.util.Set;

/** The peer's certificate may be valid, but is none of those that were pinned. Source: aiohttp's {@code ServerFingerprintMismatch}. */
public final class PinMismatchException extends CertificateRefusedException {
    private static final long serialVersionUID = 1;

    private final String[] expected;
    private final String got;
    private final String host;
    private final int port;

    /** Says whose certificate it was, which were expected and which came: {@code sha256/} and Base64. */
    public PinMismatchException(Set<String> expected, String got, String host, int port) {
        super(Reason.NOT_PINNED, "has the key " + got + ", but pinned is " + String.join(" or ", expected), null);
        this.expected = expected.toArray(String[]::new);
        this.got = got;
        this.host = host;
        this.port = port;
    }

    /** The pins. */
    public Set<String> expected() {
        return Set.of(expected);
    }

    /** What the peer's key would be pinned as. */
    public String got() {
        return got;
    }

    /** The host's name. */
    public String host() {
        return host;
    }

    /** The host's port; -1 if it has none. */
    public int port() {
        return port;
    }
}
