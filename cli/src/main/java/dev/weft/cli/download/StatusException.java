package dev.weft.cli.download;

import org.jspecify.annotations.Nullable;

/** The server answered, but not with the file. */
final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String words;
    private final @Nullable String location;

    /**
     * @param status three digits
     * @param reason the server's words for it, possibly none
     * @param location where it redirects to; null if it does not
     */
    StatusException(int status, String reason, @Nullable String location) {
        this.words = (status + " " + reason).strip();
        this.location = location;
        super();
    }

    /** Status and reason, as "404 Not Found". */
    String words() {
        return words;
    }

    /** The same, and where a redirect leads. */
    @Override
    public String getMessage() {
        return location == null ? words : words + ", to " + location;
    }
}
