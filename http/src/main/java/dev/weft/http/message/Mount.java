package dev.weft.http.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who answers the requests of some URLs instead of the network; inside both rings, so redirects, cookies and middleware are as ever. Source: the
 * {@code mounts} of httpx.
 *
 * @param prefix the URLs: that of this scheme, host and port whose paths begin so
 * @param transport gives the answers
 */
public record Mount(HttpUrl prefix, Middleware.Next transport) {
    /** Whether a URL is one of them. */
    public boolean covers(HttpUrl url) {
        return prefix.isSameOrigin(url) && url.path().startsWith(prefix.path());
    }

    /** The mount with the longest path that covers a URL; null if none does. */
    public static @Nullable Mount of(List<Mount> mounts, HttpUrl url) {
        Mount best = null;
        for (Mount mount : mounts) {
            boolean longer = best == null
                    || mount.prefix.path().length() > best.prefix.path().length();
            best = longer && mount.covers(url) ? mount : best;
        }
        return best;
    }
}
