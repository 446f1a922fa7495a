package dev.weft.http.message;

/** How far a request was. */
public enum Phase {
    /** Middleware of the call ring is at work. */
    MIDDLEWARE("in its middleware"),
    /** It waits for its turn: the limits of the session leave no connection to it. */
    POOL("waiting for a free connection"),
    /** The host's name is looked up. */
    DNS("looking up the host's name"),
    /** The TCP connection is made. */
    CONNECT("connecting"),
    /** The TLS handshake is under way. */
    TLS("in the TLS handshake"),
    /** The request goes out. */
    WRITE("sending the request"),
    /** The request went out and nothing of the answer's head is complete. */
    FIRST_BYTE("waiting for the answer"),
    /** The head is there, the body is not complete. */
    BODY("reading the body");

    private final String words;

    Phase(String words) {
        this.words = words;
    }

    /** For messages, as "waiting for the answer". */
    public String words() {
        return words;
    }
}
