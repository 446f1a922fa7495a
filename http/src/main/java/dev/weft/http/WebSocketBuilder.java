package dev.weft.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.Attributes;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Options;
import dev.weft.http.websocket.PerMessageDeflate;
import dev.weft.http.websocket.WebSocket;
import dev.weft.http.websocket.frame.Handshake;
import dev.weft.http.websocket.frame.OpenSocket;
import dev.weft.http.websocket.frame.Settings;
import dev.weft.loop.Awaitable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that is to be opened; cold: nothing is sent until it is awaited, and each await opens another one.
 *
 * <p>The handshake is a request as any other: cookies, credentials, redirects, proxies, TLS, middleware and limits of time of the session
 * hold for it, the total one too; once the WebSocket is open they do not. {@code readBufferSize} says how far the network is read ahead of
 * the receiver.
 *
 * <p>With {@code https} it is a stream of an HTTP/2 connection to that origin, if one is open and its server takes WebSockets there (RFC 8441); else it has
 * a connection by HTTP/1.1 of its own. {@code version(HTTP_2)}, of the session too, opens it over HTTP/2 in any case, and fails with {@link
 * dev.weft.http.message.ProtocolException} where the server does not take that; {@code version(HTTP_1_1)} never does.
 *
 * <p>Awaiting throws {@link dev.weft.http.websocket.WebSocketHandshakeException} if the server opens none, and otherwise what a request
 * throws. Confined to the loop of its session. Source: the arguments of aiohttp's {@code ws_connect}.
 */
@CheckReturnValue
public final class WebSocketBuilder extends RequestSettings<WebSocketBuilder>
        implements Awaitable<WebSocket, RuntimeException> {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** What the handshake is made of. */
    private static final Set<String> RESERVED = reserved();

    private final ClientSession session;
    private HttpUrl url;
    private final Headers.Builder headers = Headers.builder();
    private List<String> protocols = List.of();
    private @Nullable PerMessageDeflate deflate;
    private @Nullable Duration heartbeat;
    private @Nullable Duration receiveTimeout;
    private Duration closeTimeout = Duration.ofSeconds(10);
    private int maxMessageSize = 4 << 20;
    private boolean autoPing = true;
    private boolean autoClose = true;

    WebSocketBuilder(ClientSession session, HttpUrl url) {
        this.session = session;
        this.url = url;
    }

    private static Set<String> reserved() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(List.of(
                "Connection",
                "Upgrade",
                "Sec-WebSocket-Key",
                "Sec-WebSocket-Version",
                "Sec-WebSocket-Protocol",
                "Sec-WebSocket-Extensions"));
        return names;
    }

    @Override
    WebSocketBuilder self() {
        return this;
    }

    /**
     * Adds a header field to the handshake. The fields of one name together replace the session's default of that name.
     *
     * @param value as text, by its {@code toString}
     * @throws IllegalArgumentException if name or value hold what no header may, as CR or LF, or the handshake sets it itself
     */
    @CanIgnoreReturnValue
    public WebSocketBuilder header(String name, Object value) {
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException("the handshake sets the header " + name
                    + " itself: protocols(...) and compress(...) say what is offered");
        }
        headers.add(name, value.toString());
        return this;
    }

    /** Adds all these fields; see {@link #header}. */
    @CanIgnoreReturnValue
    public WebSocketBuilder headers(Headers more) {
        more.forEach(field -> header(field.getKey(), field.getValue()));
        return this;
    }

    /** Adds a name and a value to the URL's query, percent-encoded; nothing if the value is null. */
    @CanIgnoreReturnValue
    public WebSocketBuilder param(String name, @Nullable Object value) {
        if (value != null) {
            url = url.withParam(name, value.toString());
        }
        return this;
    }

    /**
     * Sends a cookie with the handshake, beside those of the session's jar; not to another origin that it is redirected to.
     *
     * @throws IllegalArgumentException if name or value hold what no cookie may
     */
    @CanIgnoreReturnValue
    public WebSocketBuilder cookie(String name, String value) {
        return attribute(Options.COOKIES, RequestBuilder.plus(attributes().get(Options.COOKIES), name, value));
    }

    /** The {@code Origin} of the handshake, as a browser sends it; default none. */
    @CanIgnoreReturnValue
    public WebSocketBuilder origin(String origin) {
        headers.set("Origin", origin);
        return this;
    }

    /**
     * The subprotocols that are offered, the favourite first; default none. {@link WebSocket#protocol()} is the one that the server chose.
     *
     * @throws IllegalArgumentException if one is no token of RFC 9110, or is there twice
     */
    @CanIgnoreReturnValue
    public WebSocketBuilder protocols(String... names) {
        Set<String> all = new LinkedHashSet<>();
        for (String name : names) {
            if (!TOKEN.matcher(name).matches()) {
                throw new IllegalArgumentException("the subprotocol \"" + name + "\" is no token of RFC 9110");
            }
            if (!all.add(name)) {
                throw new IllegalArgumentException("the subprotocol " + name + " is offered twice");
            }
        }
        protocols = List.copyOf(new ArrayList<>(all));
        return this;
    }

    /**
     * Offers compression, RFC 7692; default none. It is done on the loop, and costs about 300 KiB of native memory for each WebSocket whose
     * server agrees.
     */
    @CanIgnoreReturnValue
    public WebSocketBuilder compress(PerMessageDeflate offer) {
        deflate = offer;
        return this;
    }

    /**
     * The silence after which the other side is sent a ping. If then nothing at all comes for half as long, the WebSocket is closed with 1006,
     * and receiving and sending throw {@link dev.weft.http.websocket.WebSocketException}. Silence does not count while the receiver is too
     * slow. Default none.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    @CanIgnoreReturnValue
    public WebSocketBuilder heartbeat(Duration silence) {
        heartbeat = positive("heartbeat", silence);
        return this;
    }

    /**
     * How long {@link WebSocket#receive()} and iteration wait for one message; default for ever.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    @CanIgnoreReturnValue
    public WebSocketBuilder receiveTimeout(Duration limit) {
        receiveTimeout = positive("receiveTimeout", limit);
        return this;
    }

    /**
     * How long the other side may take to answer Close, and to close the connection when it has broken a rule; default 10 s.
     *
     * @throws IllegalArgumentException if it is zero or negative
     */
    @CanIgnoreReturnValue
    public WebSocketBuilder closeTimeout(Duration limit) {
        closeTimeout = positive("closeTimeout", limit);
        return this;
    }

    private static Duration positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be more than zero");
        }
        return value;
    }

    /**
     * The largest message that is received, in bytes, text as UTF-8, compression undone; default 4 MiB. One that is larger closes the
     * WebSocket with 1009, and receiving throws {@link dev.weft.http.websocket.WebSocketException}.
     *
     * @throws IllegalArgumentException if it is below 1, or more than an array can have
     */
    @CanIgnoreReturnValue
    public WebSocketBuilder maxMessageSize(int bytes) {
        if (bytes > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(
                    "maxMessageSize is " + bytes + ": an array has at most " + (Integer.MAX_VALUE - 16) + " bytes");
        }
        maxMessageSize = positive("maxMessageSize", bytes);
        return this;
    }

    /** Whether pings are answered by themselves, and the receiver does not see pings and pongs; default true. */
    @CanIgnoreReturnValue
    public WebSocketBuilder autoPing(boolean answer) {
        autoPing = answer;
        return this;
    }

    /** Whether a Close is answered by itself; default true. If not, messages may still be sent after it, until {@code close}. */
    @CanIgnoreReturnValue
    public WebSocketBuilder autoClose(boolean answer) {
        autoClose = answer;
        return this;
    }

    /**
     * Opens the WebSocket.
     *
     * @return the WebSocket, which the caller closes
     * @throws dev.weft.http.message.ClientException if none came about
     */
    @Override
    public WebSocket await() {
        Attributes all = attributes().over(session.attributes());
        ClientRequest plain =
                new ClientRequest("GET", url, RequestBuilder.merge(headers.build(), session.headers()), null, all);
        Settings settings = new Settings(
                protocols,
                deflate,
                heartbeat,
                receiveTimeout,
                closeTimeout,
                maxMessageSize,
                all.get(Options.READ_BUFFER_SIZE),
                autoPing,
                autoClose);
        return OpenSocket.open(session.upgrade(Handshake.request(plain, settings)), settings);
    }

    @Override
    public String toString() {
        return "WebSocket " + url;
    }
}
