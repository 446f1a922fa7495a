package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/**
 * A request did not come to its end. The family of all that the client throws for what the network, the server or a limit did;
 * mistakes of the caller are {@link IllegalArgumentException} and {@link IllegalStateException}.
 *
 * <p>The message can be shown to a person as it is: method, URL, and what happened. Source: aiohttp's {@code ClientError}.
 */
public class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable ClientRequest request;
    private final String reason;

    /** Says what happened to which request, and why if that is known; null for a request there is none of yet. */
    protected ClientException(@Nullable ClientRequest request, String reason, @Nullable Throwable cause) {
        super(request == null ? reason : request + ": " + reason, cause);
        this.request = request;
        this.reason = reason;
    }

    /** The request it concerns; null if there was none yet. */
    public final @Nullable ClientRequest request() {
        return request;
    }

    /** What happened, without method and URL. */
    public final String reason() {
        return reason;
    }
}
