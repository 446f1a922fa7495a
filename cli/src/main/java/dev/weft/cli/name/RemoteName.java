package dev.weft.cli.name;

import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ContentDisposition;
import org.jspecify.annotations.Nullable;

/** The name that an answer gives its file. Pure; any thread. */
final class RemoteName {
    private RemoteName() {}

    /** The name of the file in an answer to a request for a URL. */
    static String of(String url, ClientResponse answer) {
        return of(url, answer.contentDisposition(), answer.url().toString(), answer.contentType());
    }

    /**
     * The name that the server suggests, else that of the URL that it redirected to, else that of the URL itself, else
     * {@code index} with the extension of the media type.
     */
    static String of(String url, @Nullable ContentDisposition disposition, String finalUrl, String mediaType) {
        String suggested = disposition == null ? null : disposition.safeFileName();
        String name = suggested == null ? null : SafeParts.element(suggested);
        if (name == null) {
            name = SafeParts.lastElement(finalUrl);
        }
        if (name == null) {
            name = SafeParts.lastElement(url);
        }
        return name == null ? SafeParts.FALLBACK + MediaTypes.extension(mediaType) : name;
    }
}
