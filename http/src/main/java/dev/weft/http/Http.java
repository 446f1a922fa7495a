package dev.weft.http;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpUrl;
import java.util.Locale;

/**
 * Single requests without a session: each opens one for itself, and closes it with its answer. For scripts and tests; who sends more
 * than a few keeps a {@link ClientSession}, which keeps connections too.
 *
 * <p>Inside a task everything works as with a session. On a plain thread the forms that read the whole body ({@code text()},
 * {@code bytes()}, {@code json(...)}, {@code download(...)}, {@code read(...)}) run a loop of their own meanwhile, and block. Source:
 * {@code aiohttp.request}.
 */
@CheckReturnValue
public final class Http {
    private Http() {}

    /**
     * A GET.
     *
     * @throws dev.weft.http.message.InvalidUrlException if that is no {@code http} or {@code https} URL
     */
    public static RequestBuilder get(String url) {
        return request("GET", url);
    }

    /** A POST. */
    public static RequestBuilder post(String url) {
        return request("POST", url);
    }

    /** A PUT. */
    public static RequestBuilder put(String url) {
        return request("PUT", url);
    }

    /** A DELETE. */
    public static RequestBuilder delete(String url) {
        return request("DELETE", url);
    }

    /**
     * A request with any method, sent in upper case.
     *
     * @throws dev.weft.http.message.InvalidUrlException if that is no {@code http} or {@code https} URL
     * @throws IllegalArgumentException if the method is no token, or CONNECT
     */
    public static RequestBuilder request(String method, String url) {
        String upper = method.toUpperCase(Locale.ROOT);
        if (upper.equals("CONNECT")) {
            throw new IllegalArgumentException("CONNECT is for proxies: it cannot be sent");
        }
        return new RequestBuilder(null, ClientRequest.of(upper, HttpUrl.parse(url)));
    }
}
