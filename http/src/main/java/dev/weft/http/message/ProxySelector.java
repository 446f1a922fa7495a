package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/** Says which proxy a URL goes through. Asked for each hop; must not block. */
@FunctionalInterface
public interface ProxySelector {
    /** The proxy for a URL, null to go straight to its host. */
    @Nullable
    Proxy select(HttpUrl url);
}
