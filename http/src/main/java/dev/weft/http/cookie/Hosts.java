package dev.weft.http.cookie;

import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.InvalidUrlException;
import org.jspecify.annotations.Nullable;

/** Hosts that callers and files name, in the form that URLs have them. Pure. */
final class Hosts {
    private Hosts() {}

    /**
     * A host as {@link HttpUrl#host()} would have it.
     *
     * @throws IllegalArgumentException if it is none
     */
    static String canonical(String host) {
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        try {
            HttpUrl url = HttpUrl.parse("http://" + (bare ? "[" + host + "]" : host) + "/");
            boolean onlyHost =
                    url.port() == 80 && url.userInfo() == null && url.target().equals("/") && url.fragment() == null;
            if (onlyHost) {
                return url.host();
            }
        } catch (InvalidUrlException e) {
            throw notOne(host, e);
        }
        throw notOne(host, null);
    }

    private static IllegalArgumentException notOne(String host, @Nullable Throwable cause) {
        return new IllegalArgumentException("\"" + host + "\" is neither the name of a host nor an IP address", cause);
    }
}
