package dev.weft.http.download;

import dev.weft.http.ClientSession;
import dev.weft.http.message.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One of the places where a file is asked for: its URL, then its mirrors. Immutable.
 *
 * @param given the URL as it was given
 * @param url as it is asked
 * @param number 0 for the URL, then that of the mirror
 */
record Source(ClientSession session, DownloadRequest request, String given, HttpUrl url, int number) {
    /** The URL itself. */
    static Source first(ClientSession session, DownloadRequest request) {
        return of(session, request, request.url(), 0);
    }

    private static Source of(ClientSession session, DownloadRequest request, String url, int number) {
        return new Source(session, request, url, session.resolve(url), number);
    }

    /** The next mirror; null if there is none. */
    @Nullable
    Source next() {
        return number == request.mirrors().size()
                ? null
                : of(session, request, request.mirrors().get(number), number + 1);
    }

    boolean isMirror() {
        return number > 0;
    }

    /** Scheme, host and port. */
    String origin() {
        return url.origin();
    }
}
