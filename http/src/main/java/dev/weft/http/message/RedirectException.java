package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/**
 * A redirect leads where no request can or may go: another scheme than {@code http} and {@code https}, no valid URL, from {@code https} to
 * {@code http}. Source: aiohttp's {@code InvalidUrlRedirectClientError} and {@code NonHttpUrlRedirectClientError}.
 */
public final class RedirectException extends ClientException {
    private static final long serialVersionUID = 1;

    private final String location;

    /** Says where it leads, and what is wrong with that. */
    public RedirectException(ClientRequest request, String location, String reason, @Nullable Throwable cause) {
        super(request, "the redirect to " + location + " cannot be followed: " + reason, cause);
        this.location = location;
    }

    /** The {@code Location} as the server sent it. */
    public String location() {
        return location;
    }
}
