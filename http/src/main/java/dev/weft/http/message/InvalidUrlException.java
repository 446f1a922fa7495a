package dev.weft.http.message;

import java.util.regex.Pattern;

/** A text is not an {@code http} or {@code https} URL. Source: aiohttp's {@code InvalidUrlClientError}. */
public final class InvalidUrlException extends ClientException {
    private static final long serialVersionUID = 1;

    private static final Pattern USER_INFO = Pattern.compile("^((?:[^/?#]*:)?//|)[^/?#]*@");

    private final String url;

    InvalidUrlException(String url, String reason) {
        super(null, "invalid URL " + Fields.quote(hideUserInfo(url)) + ": " + reason, null);
        this.url = url;
    }

    /** A message may end in a log, a password must not. */
    static String hideUserInfo(String url) {
        return USER_INFO.matcher(url).replaceFirst("$1***@");
    }

    /** The text, as it was given. */
    public String url() {
        return url;
    }
}
