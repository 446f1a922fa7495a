package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Credentials of a request or a session: a middleware that adds what proves who asks. It runs inside the exchange ring, for each hop that
 * it {@linkplain #appliesTo applies to}, and for no other: credentials never reach an origin they were not given for. A request that
 * has an {@code Authorization} header keeps it: all credentials from here leave it alone.
 *
 * <p>Those made here may be used by sessions of any loop, at the same time; their {@code toString} shows no secret.
 */
@FunctionalInterface
@CheckReturnValue
public interface Auth extends Middleware {
    /**
     * Whether it is for this URL.
     *
     * @param first where the caller sent the request, or the base URL of the session it is a setting of
     * @param now where the request goes now, after redirects
     * @return by default, whether both have the same scheme, host and port
     */
    default boolean appliesTo(HttpUrl first, HttpUrl now) {
        return first.isSameOrigin(now);
    }

    /** Whether it knows itself where it is for, whatever request it is a setting of; default false. */
    default boolean isScoped() {
        return false;
    }

    /**
     * The same for one origin, wherever a request begins: they go along to it even from a redirect of another origin, and nowhere else.
     *
     * @param origin as {@code https://api.example.com}
     * @throws IllegalArgumentException if it is no scheme, host and port
     */
    default Auth at(String origin) {
        return new BoundAuth(this, origin);
    }

    /**
     * User and password in UTF-8, sent with each request: RFC 7617.
     *
     * @throws IllegalArgumentException if the user holds a colon, or one of them a control character
     */
    static Auth basic(String user, String password) {
        return basic(user, password, StandardCharsets.UTF_8);
    }

    /**
     * User and password in a charset; see {@link #basic(String, String)}.
     *
     * @throws IllegalArgumentException if the charset cannot write them, too
     */
    static Auth basic(String user, String password, Charset charset) {
        return new FixedAuth("Basic credentials of " + Fields.quote(user), encodeBasic(user, password, charset));
    }

    /**
     * The value of an {@code Authorization} header for user and password: RFC 7617. Source: aiohttp's {@code encode_basic_auth}.
     *
     * @throws IllegalArgumentException if the user holds a colon, one of them a control character, or what the charset cannot write
     */
    static String encodeBasic(String user, String password, Charset charset) {
        return BasicCredentials.encode(user, password, charset);
    }

    /**
     * A token, sent with each request: RFC 6750.
     *
     * @throws IllegalArgumentException if it is empty, or holds anything but visible ASCII characters
     */
    static Auth bearer(String token) {
        return new FixedAuth("a bearer token", BearerAuth.value(token));
    }

    /**
     * A token that is fetched by a coroutine: when a request first needs it, and again when a server answers 401. Then the request is
     * sent once more with the new token, if its body can be sent again; what comes back then is the answer.
     *
     * <p>Requests that need it meanwhile wait for the one fetch, in a task of its own. A failure to fetch goes to all of them, as it is.
     * Requests that the fetch itself makes are sent without a token.
     */
    static Auth bearer(Awaitable<String, ?> fetch) {
        return new BearerAuth(fetch);
    }

    /**
     * User and password for Digest, RFC 7616: nothing is sent until the server asks, and then its strongest challenge is answered; from then
     * on the answer goes along unasked where the server said it would hold. Hashes: MD5, SHA, SHA-256, SHA-512-256, SHA-512, and their
     * {@code -sess} forms.
     *
     * <p>A 401 is the answer if it cannot be met: the body cannot be sent again, no challenge is Digest with a known hash, or the
     * credentials were refused. Of {@code qop}, {@code auth} is taken; {@code auth-int} only if there is no choice.
     *
     * @throws IllegalArgumentException if the user holds a colon, or one of them a control character
     */
    static Auth digest(String user, String password) {
        return new DigestAuth(user, password);
    }

    /**
     * Basic credentials from the user's netrc file: the one that the environment variable {@code NETRC} names, else {@code .netrc} in the home
     * directory, {@code _netrc} on Windows. If there is none, there are no credentials.
     */
    static Netrc netrc() {
        return Netrc.ofUser(System.getenv(), System.getProperty("user.home", ""), System.getProperty("os.name", ""));
    }

    /** Basic credentials from a netrc file, which has to be there; see {@link Netrc}. */
    static Netrc netrc(Path file) {
        return Netrc.of(file);
    }
}
