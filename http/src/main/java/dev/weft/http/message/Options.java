package dev.weft.http.message;

import dev.weft.loop.net.dial.Tls;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the client, each with what holds where neither session nor request set it. The builders of both have a method for each;
 * middleware reads and changes them as attributes of the request.
 */
public final class Options {
    /** Limits of time; a request's merge with the session's field by field. */
    public static final Key<ClientTimeout> TIMEOUT = Key.merging("timeout", ClientTimeout.DEFAULT, ClientTimeout::over);

    /** Which redirects are followed. */
    public static final Key<RedirectPolicy> REDIRECTS = Key.of("redirects", RedirectPolicy.standard());

    /** Credentials; null for none. */
    public static final Key<@Nullable Auth> AUTH = Key.of("auth", null);

    /** Where the session's credentials are for; null: where the caller sends the request. */
    public static final Key<@Nullable HttpUrl> AUTH_SCOPE = Key.of("authScope", null);

    /** Cookies of the request alone, beside the jar's: sent to the origin it was made for. */
    public static final Key<Map<String, String>> COOKIES = Key.of("cookies", Map.of());

    /** The call ring. */
    public static final Key<List<Middleware>> MIDDLEWARES = Key.of("middlewares", List.of());

    /** The exchange ring. */
    public static final Key<List<Middleware>> EXCHANGE_MIDDLEWARES = Key.of("exchangeMiddlewares", List.of());

    /** Which answers are failures: they end the call with {@link ClientResponseException}; by default none. */
    public static final Key<Predicate<ClientResponse>> RAISE_FOR_STATUS = Key.of("raiseForStatus", response -> false);

    /** Names, in lower case, of headers that the client does not add of its own accord. */
    public static final Key<Set<String>> SKIP_AUTO_HEADERS = Key.of("skipAutoHeaders", Set.of());

    /** Whether content codings are asked for and undone. */
    public static final Key<Boolean> AUTO_DECOMPRESS = Key.of("autoDecompress", true);

    /** The largest body that is taken into memory, content coding undone, in bytes. */
    public static final Key<Integer> MAX_BODY_SIZE = Key.of("maxBodySize", 64 << 20);

    /** How many times larger than what was received a decoded body may be, once it has 4 MiB; {@link Integer#MAX_VALUE} for no limit. */
    public static final Key<Integer> MAX_DECODE_RATIO = Key.of("maxDecodeRatio", 200);

    /** How far the network is read ahead of the reader of a body, in bytes. */
    public static final Key<Integer> READ_BUFFER_SIZE = Key.of("readBufferSize", 256 << 10);

    /** Limits of the head of an answer. */
    public static final Key<HeaderLimits> HEADER_LIMITS = Key.of("headerLimits", HeaderLimits.DEFAULT);

    /** How JSON is written and read. */
    public static final Key<JsonCodec> JSON = Key.of("json", JacksonCodec.INSTANCE);

    /** The charset of a text whose head names none that is known. */
    public static final Key<BiFunction<ClientResponse, byte[], Charset>> CHARSET_RESOLVER =
            Key.of("charsetResolver", (response, bytes) -> StandardCharsets.UTF_8);

    /** The version that requests are sent with. */
    public static final Key<HttpVersion> VERSION = Key.of("version", HttpVersion.AUTO);

    /** How urgent the answer is, as the header {@code Priority} says it; null: nothing is said. */
    public static final Key<@Nullable String> PRIORITY = Key.of("priority", null);

    /** Whom to trust, and how to speak TLS. */
    public static final Key<Tls> TLS = Key.of("tls", Tls.client());

    /** The name that the server's certificate must carry, and that SNI says; null: the host of the URL. */
    public static final Key<@Nullable String> SERVER_NAME = Key.of("serverName", null);

    /** Which proxy a URL goes through; gives null for none. */
    public static final Key<ProxySelector> PROXY = Key.of("proxy", ProxySelector.none());

    /** Who answers for some URLs instead of the network. */
    public static final Key<List<Mount>> MOUNTS = Key.of("mounts", List.of());

    /** How long to wait for {@code 100 Continue} before the body is sent anyway; null: it is not asked for. */
    public static final Key<@Nullable Duration> EXPECT_CONTINUE = Key.of("expectContinue", null);

    /** The content coding to send a body in; null for none. */
    public static final Key<@Nullable String> COMPRESS = Key.of("compress", null);

    /** Whether a body is sent in chunks though its length is known. */
    public static final Key<Boolean> CHUNKED = Key.of("chunked", false);

    /** Whether the connection is closed after the request. */
    public static final Key<Boolean> FORCE_CLOSE = Key.of("forceClose", false);

    /** Is told of everything that happens to a request; null for nobody. A request's is told after the session's. */
    public static final Key<@Nullable ClientListener> LISTENER =
            Key.merging("listener", null, Options::afterTheSessions);

    private Options() {}

    private static @Nullable ClientListener afterTheSessions(
            @Nullable ClientListener own, @Nullable ClientListener session) {
        return own == null || session == null ? own : ClientListener.all(session, own);
    }
}
