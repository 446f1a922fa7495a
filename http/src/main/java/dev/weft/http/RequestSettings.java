package dev.weft.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.weft.http.cookie.CookieJar;
import dev.weft.http.encoding.Codings;
import dev.weft.http.message.Attributes;
import dev.weft.http.message.Auth;
import dev.weft.http.message.ClientListener;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.JsonCodec;
import dev.weft.http.message.Key;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.Options;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.ProxySelector;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.loop.net.dial.Tls;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for a session and for each of its requests: what a request leaves open is its session's. Source: the arguments of aiohttp's
 * {@code ClientSession} and of its requests.
 *
 * <p>The file is long because each setting has its documentation.
 *
 * @param <S> the builder that it is a part of
 */
public abstract sealed class RequestSettings<S extends RequestSettings<S>>
        permits ClientSession.Builder, RequestBuilder, WebSocketBuilder {
    private Attributes.@Nullable Builder attributes;

    RequestSettings() {}

    abstract S self();

    /** What was set so far. */
    final Attributes attributes() {
        return attributes == null ? Attributes.empty() : attributes.build();
    }

    /** Attaches something for middleware and listeners, or sets one of {@link Options}. */
    @CanIgnoreReturnValue
    public final <T extends @Nullable Object> S attribute(Key<T> key, T value) {
        if (attributes == null) {
            attributes = Attributes.builder();
        }
        attributes.set(key, value);
        return self();
    }

    private <T extends @Nullable Object> S add(Key<T> key, T value) {
        if (attributes == null) {
            attributes = Attributes.builder();
        }
        attributes.add(key, value);
        return self();
    }

    /** Limits of time; what they leave open stays as it was. Default {@link ClientTimeout#DEFAULT}: 300 s in all, 30 s to connect. */
    @CanIgnoreReturnValue
    public final S timeout(ClientTimeout limits) {
        return add(Options.TIMEOUT, limits);
    }

    /**
     * The total timeout alone: the whole request, its body included; default 300 s.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    @CanIgnoreReturnValue
    public final S timeout(Duration total) {
        return timeout(ClientTimeout.total(total));
    }

    /** Which redirects are followed; default up to 10, and none for HEAD. */
    @CanIgnoreReturnValue
    public final S redirects(RedirectPolicy policy) {
        return attribute(Options.REDIRECTS, policy);
    }

    /**
     * Credentials. A request's are for the origin of its URL, a session's for that of its base URL; they never reach another one.
     * Default none, or what stands in the URL. A header {@code Authorization} wins.
     */
    @CanIgnoreReturnValue
    public final S auth(Auth credentials) {
        attribute(Options.AUTH_SCOPE, null);
        return attribute(Options.AUTH, credentials);
    }

    /** No credentials: what the session has is not sent. */
    @CanIgnoreReturnValue
    public final S noAuth() {
        return attribute(Options.AUTH, null);
    }

    /** The proxy to go through; default none. */
    @CanIgnoreReturnValue
    public final S proxy(Proxy proxy) {
        return proxy(ProxySelector.of(proxy));
    }

    /** Which proxy each URL goes through. */
    @CanIgnoreReturnValue
    public final S proxy(ProxySelector selector) {
        return attribute(Options.PROXY, selector);
    }

    /** Straight to the host, whatever the session says. */
    @CanIgnoreReturnValue
    public final S noProxy() {
        return proxy(ProxySelector.none());
    }

    /** Whom to trust, the own certificate, versions of TLS and all else about it; default the JDK's authorities. */
    @CanIgnoreReturnValue
    public final S tls(Tls settings) {
        return attribute(Options.TLS, settings);
    }

    /** The name that the server's certificate must carry, and that SNI says; default the host of the URL. */
    @CanIgnoreReturnValue
    public final S serverName(String name) {
        return attribute(Options.SERVER_NAME, name);
    }

    /** Headers that the client is not to add of its own accord: {@code User-Agent}, {@code Accept}, {@code Accept-Encoding}, {@code Content-Type}. */
    @CanIgnoreReturnValue
    public final S skipAutoHeaders(String... names) {
        Set<String> all = new HashSet<>();
        for (String name : names) {
            all.add(name.toLowerCase(Locale.ROOT));
        }
        return attribute(Options.SKIP_AUTO_HEADERS, Set.copyOf(all));
    }

    /**
     * Whether an answer with a status of 400 or more ends the call with {@link dev.weft.http.message.ClientResponseException}; default false.
     */
    @CanIgnoreReturnValue
    public final S raiseForStatus(boolean raise) {
        return raiseForStatus(response -> raise && response.status() >= 400);
    }

    /** Which answers end the call with {@link dev.weft.http.message.ClientResponseException}; the predicate must not read the body. */
    @CanIgnoreReturnValue
    public final S raiseForStatus(Predicate<ClientResponse> failure) {
        return attribute(Options.RAISE_FOR_STATUS, failure);
    }

    /** Whether content codings are asked for and undone; default true. */
    @CanIgnoreReturnValue
    public final S autoDecompress(boolean undo) {
        return attribute(Options.AUTO_DECOMPRESS, undo);
    }

    /**
     * The largest body that {@code text()}, {@code bytes()} and {@code json()} take into memory, content coding undone; default
     * 64 MiB. Streaming has no limit.
     *
     * @throws IllegalArgumentException if it is below 1, or more than an array can have
     */
    @CanIgnoreReturnValue
    public final S maxBodySize(int bytes) {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("maxBodySize is " + bytes + ": an array has at most 2147483639 bytes");
        }
        return attribute(Options.MAX_BODY_SIZE, positive("maxBodySize", bytes));
    }

    /**
     * How many times larger than what was received a decoded body may be, once it has 4 MiB: more ends it with
     * {@link dev.weft.http.message.DecodeException}. Default 200, {@link Integer#MAX_VALUE} for no limit.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    @CanIgnoreReturnValue
    public final S maxDecodeRatio(int ratio) {
        return attribute(Options.MAX_DECODE_RATIO, positive("maxDecodeRatio", ratio));
    }

    /**
     * How far the network is read ahead of the reader of a body, in bytes; default 256 KiB.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    @CanIgnoreReturnValue
    public final S readBufferSize(int bytes) {
        return attribute(Options.READ_BUFFER_SIZE, positive("readBufferSize", bytes));
    }

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be 1 or more");
        }
        return value;
    }

    /** How much the head of an answer may be; default {@link HeaderLimits#DEFAULT}. */
    @CanIgnoreReturnValue
    public final S headerLimits(HeaderLimits limits) {
        return attribute(Options.HEADER_LIMITS, limits);
    }

    /** How JSON is written and read; default Jackson, compact, UTF-8, unknown fields ignored. */
    @CanIgnoreReturnValue
    public final S jsonCodec(JsonCodec codec) {
        return attribute(Options.JSON, codec);
    }

    /** The charset of a text whose head names none that is known; default UTF-8. */
    @CanIgnoreReturnValue
    public final S charsetResolver(BiFunction<ClientResponse, byte[], Charset> resolver) {
        return attribute(Options.CHARSET_RESOLVER, resolver);
    }

    /**
     * The version of HTTP; default {@link HttpVersion#AUTO}: with {@code https} the server chooses between HTTP/2 and HTTP/1.1 (ALPN), with {@code http}
     * it is HTTP/1.1.
     */
    @CanIgnoreReturnValue
    public final S version(HttpVersion version) {
        return attribute(Options.VERSION, version);
    }

    /**
     * Says how urgent the answer is, for servers that send several at a time; default: nothing is said, which servers take for 3, not incremental.
     * Source: RFC 9218.
     *
     * @param urgency from 0, the most urgent, to 7, what can wait for all else
     * @param incremental whether a part of the answer is of use before the rest is there
     * @throws IllegalArgumentException if the urgency is another
     */
    @CanIgnoreReturnValue
    public final S priority(int urgency, boolean incremental) {
        if (urgency < 0 || urgency > 7) {
            throw new IllegalArgumentException("priority is " + urgency + ": it must be from 0 (urgent) to 7");
        }
        return this.<@Nullable String>attribute(Options.PRIORITY, "u=" + urgency + (incremental ? ", i" : ""));
    }

    /** The call ring, once around each request of the program, the first outermost. A request's replaces the session's; none disables it. */
    @CanIgnoreReturnValue
    public final S middleware(Middleware... ring) {
        return attribute(Options.MIDDLEWARES, List.of(ring));
    }

    /** The exchange ring, around each hop and attempt, the first outermost. A request's replaces the session's; none disables it. */
    @CanIgnoreReturnValue
    public final S exchangeMiddleware(Middleware... ring) {
        return attribute(Options.EXCHANGE_MIDDLEWARES, List.of(ring));
    }

    /**
     * Asks the server whether it wants the body ({@code Expect: 100-continue}) and sends it when it does, or after this time without an
     * answer; default: does not ask. A body of no bytes is not asked for. Source: RFC 9110 section 10.1.1; curl waits 1 s.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    @CanIgnoreReturnValue
    public final S expectContinue(Duration patience) {
        if (patience.isZero() || patience.isNegative()) {
            throw new IllegalArgumentException("expectContinue is " + patience + ": it must be more than zero");
        }
        return attribute(Options.EXPECT_CONTINUE, patience);
    }

    /**
     * Sends the body in a content coding: {@code gzip}, {@code deflate}, {@code br} or {@code zstd}; one of no bytes is sent as it is. Default
     * none. The server must understand it.
     *
     * @throws IllegalArgumentException if it is none of these, or its library is not there
     */
    @CanIgnoreReturnValue
    public final S compress(String coding) {
        Codings.check(coding);
        return attribute(Options.COMPRESS, coding);
    }

    /** Where cookies are kept; a session has a jar of its own unless it is given one, {@link CookieJar#none()} for none. */
    @CanIgnoreReturnValue
    public final S cookieJar(CookieJar jar) {
        return attribute(CookieJar.OPTION, jar);
    }

    /** Whether a body is sent in chunks though its length is known; default false. */
    @CanIgnoreReturnValue
    public final S chunked(boolean always) {
        return attribute(Options.CHUNKED, always);
    }

    /** Whether the connection is closed after the request, which says so; default false. */
    @CanIgnoreReturnValue
    public final S forceClose(boolean close) {
        return attribute(Options.FORCE_CLOSE, close);
    }

    /** Is told of everything that happens to a request, after those that are there already, the session's first; default nobody. */
    @CanIgnoreReturnValue
    public final S listener(ClientListener listener) {
        return this.<@Nullable ClientListener>add(Options.LISTENER, listener);
    }
}
