package dev.weft.loop.net.dial;

import java.io.IOException;

/** A host's name could not be turned into addresses. Source: {@code socket.gaierror}. */
public final class ResolveException extends ConnectionException {
    private static final long serialVersionUID = 1;

    private final boolean temporary;

    /** Says which name, and why. */
    public ResolveException(String message, IOException cause, boolean temporary) {
        super(message, cause);
        this.temporary = temporary;
    }

    /** Whether asking again may help: no name server answered, in contrast to one that said there is no such name. */
    public boolean isTemporary() {
        return temporary;
    }
}
