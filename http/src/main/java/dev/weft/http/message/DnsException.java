package dev.weft.http.message;

import dev.weft.loop.net.dial.ResolveException;
import org.jspecify.annotations.Nullable;

/** The host's name has no address, or nobody could say. Source: aiohttp's {@code ClientConnectorDNSError}. */
public final class DnsException extends ClientConnectorException {
    private static final long serialVersionUID = 1;

    /** Says what happened, and why if that is known. */
    public DnsException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request, reason, cause);
    }

    /** Whether asking again may help: no name server answered, in contrast to one that said there is no such name. */
    public boolean isTemporary() {
        return getCause() instanceof ResolveException cause && cause.isTemporary();
    }
}
