package dev.weft.http.download;

import dev.weft.http.message.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Which representation the bytes of a file are of: RFC 9110 section 3.2.
 *
 * @param url where it was asked for
 * @param etag its entity tag as it was sent, weak or strong; null if there was none
 * @param lastModified as it was sent; null if it was not
 * @param dateIsStrong whether {@code lastModified} tells this representation from every other: see {@link Validators}
 * @param coding its {@code Content-Encoding}; null if there was none
 * @param length in bytes; -1 if it is not known
 */
record Origin(
        HttpUrl url,
        @Nullable String etag,
        @Nullable String lastModified,
        boolean dateIsStrong,
        @Nullable String coding,
        long length) {
    /** The same with another length, once it is known. */
    Origin withLength(long known) {
        return new Origin(url, etag, lastModified, dateIsStrong, coding, known);
    }
}
