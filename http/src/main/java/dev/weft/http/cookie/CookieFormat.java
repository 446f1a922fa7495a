package dev.weft.http.cookie;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** How cookies stand in a file. Pure; any thread. */
interface CookieFormat {
    /** The content of a file with these cookies. */
    byte[] encode(List<Cookie> cookies);

    /**
     * The cookies in the content of a file.
     *
     * @param file its name, for messages
     * @param now the creation time of cookies that have none in the file
     * @throws CookieFileException if the content is not in this form
     */
    List<Cookie> decode(byte[] content, Path file, Instant now) throws CookieFileException;
}
