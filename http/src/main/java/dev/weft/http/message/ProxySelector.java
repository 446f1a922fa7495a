package dev.weft.http.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says which proxy a URL goes through. Asked for each hop, by any loop's task; must not block. */
@FunctionalInterface
public interface ProxySelector {
    /** The proxy for a URL, null to go straight to its host. */
    @Nullable
    Proxy select(HttpUrl url);

    /** Everything goes straight to its host. */
    static ProxySelector none() {
        return url -> null;
    }

    /** Everything goes through this proxy. */
    static ProxySelector of(Proxy proxy) {
        return url -> proxy;
    }

    /**
     * What Java's own selector says, as {@link java.net.ProxySelector#getDefault()}: the first of its answers; of its SOCKS proxies each is
     * taken as SOCKS 5 and looks names up itself. It is asked on the loop's thread: it must not block, as one that runs a script or looks
     * names up would.
     */
    static ProxySelector of(java.net.ProxySelector selector) {
        return new JavaProxySelector(selector);
    }

    /**
     * What the environment of this process says now; see {@link #environment(Map)}.
     *
     * @throws IllegalArgumentException if a variable holds what is no proxy: names the variable
     */
    static ProxySelector environment() {
        return environment(System.getenv());
    }

    /**
     * What environment variables say, read once now; call it again for what they say then.
     * <ul>
     *   <li>{@code http_proxy} is for {@code http}; in lower case only, because a web server puts the header {@code Proxy} of a request into
     *       {@code HTTP_PROXY} of its scripts.
     *   <li>{@code https_proxy}, else {@code HTTPS_PROXY}, is for {@code https}.
     *   <li>{@code all_proxy}, else {@code ALL_PROXY}, is for what has none of its own.
     *   <li>{@code no_proxy}, else {@code NO_PROXY}, names what goes straight, separated by commas or spaces: a host with all hosts below it,
     *       with or without a dot or {@code *.} in front, an IP address, a range of them as {@code 10.0.0.0/8} or {@code fd00::/8}, each but
     *       a range with a port if one wishes, or {@code *} for everything. Names are not looked up.
     * </ul>
     * Proxies are read by {@link Proxy#parse}; an empty variable counts as none. Source: curl, aiohttp's {@code trust_env}.
     *
     * @throws IllegalArgumentException if a variable holds what is no proxy: names the variable
     */
    static ProxySelector environment(Map<String, String> variables) {
        return ProxyEnvironment.of(variables);
    }
}
