package dev.weft.http.message;

/** A text is not an {@code http} or {@code https} URL. Source: aiohttp's {@code InvalidUrlClientError}. */
public final class InvalidUrlException extends ClientException {
    private static final long serialVersionUID = 1;

    private final String url;

    InvalidUrlException(String url, String reason) {
        super(null, "invalid URL " + Fields.quote(url) + ": " + reason, null);
        this.url = url;
    }

    /** The text. */
    public String url() {
        return url;
    }
}
