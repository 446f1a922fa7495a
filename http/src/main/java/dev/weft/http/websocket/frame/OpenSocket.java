package dev.weft.http.websocket.frame;

import dev.weft.http.exchange.Upgraded;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.DecodeException;
import dev.weft.http.message.Options;
import dev.weft.http.websocket.MessageTypeException;
import dev.weft.http.websocket.PerMessageDeflate;
import dev.weft.http.websocket.WebSocket;
import dev.weft.http.websocket.WebSocketClosedException;
import dev.weft.http.websocket.WebSocketHandshakeException;
import dev.weft.http.websocket.WsMessage;
import dev.weft.http.websocket.frame.Incoming.Piece;
import dev.weft.http.websocket.frame.Incoming.Whole;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Type;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket for the tasks that use it: messages in place of frames. What happens on the connection is its {@link Life}'s. Confined to the
 * loop.
 *
 * <p>The file is long because it has a method for everything one does with a WebSocket.
 */
public final class OpenSocket implements WebSocket {
    private static final int MOST_CONTROL_BYTES = 125;
    private static final int RSV1 = 4;

    private final Loop loop;
    private final ClientResponse response;
    private final ClientRequest request;
    private final Settings settings;
    private final Handshake.Agreement agreement;
    private final @Nullable SocketAddress remoteAddress;
    private final Life life;
    private final Assembly assembly;
    private final @Nullable Deflation deflation;
    private boolean receiving;

    /** One on a link whose channel has no handlers for it yet. */
    OpenSocket(Link link, ClientResponse response, Settings settings, Handshake.Agreement agreement) {
        this.loop = Asyncio.getRunningLoop();
        this.response = response;
        this.request = response.request();
        this.settings = settings;
        this.agreement = agreement;
        this.remoteAddress = response.remoteAddress();
        DeflateTerms terms = agreement.deflate();
        PerMessageDeflate offer = settings.deflate();
        this.assembly =
                new Assembly(settings.maxMessageBytes(), terms == null ? null : new Inflation(terms.serverForgets()));
        this.deflation = terms == null || offer == null ? null : new Deflation(offer.level(), terms.clientForgets());
        WeakReference<OpenSocket> socket = new WeakReference<>(this);
        this.life = new Life(loop, request, settings, link, () -> gone(socket.get()));
    }

    /** The channel must not hold on to a WebSocket that the program has dropped: the response in it is watched for that. */
    private static void gone(@Nullable OpenSocket socket) {
        if (socket != null) {
            socket.release();
        }
    }

    /** Nothing is sent or comes any more. */
    private void release() {
        response.close();
        if (deflation != null) {
            deflation.close();
        }
        if (life.isDrained()) {
            assembly.close();
        }
    }

    /**
     * The WebSocket that an answer opens. Whatever is thrown, nothing is held.
     *
     * @throws WebSocketHandshakeException if it opens none
     */
    public static WebSocket open(Upgraded upgraded, Settings settings) {
        ClientResponse response = upgraded.response();
        try {
            if (!upgraded.isAgreed()) {
                throw Handshake.refused(response);
            }
            if (!upgraded.isSwitched()) {
                throw new WebSocketHandshakeException(
                        response, "middleware has closed the connection of the " + response.status(), null);
            }
            Handshake.Agreement agreement = Handshake.check(upgraded, settings);
            OpenSocket socket = new OpenSocket(Link.of(upgraded), response, settings, agreement);
            upgraded.handOver(socket.life::onFailure, socket.handlers());
            socket.begin();
            return socket;
        } catch (Throwable e) {
            upgraded.end();
            throw e;
        }
    }

    void begin() {
        life.begin();
    }

    /** What its channel has to have. */
    ChannelHandler[] handlers() {
        return new ChannelHandler[] {
            new FrameDecoder(agreement.deflate() != null, frameLimit(), life::heard),
            new WebSocket13FrameEncoder(MaskKeys.INSTANCE),
            new FrameHandler(life)
        };
    }

    /** What is compressed may be larger than what it was made of, by a little. */
    private int frameLimit() {
        long limit = settings.maxMessageBytes();
        return (int) Math.min(agreement.deflate() == null ? limit : limit + limit / 8 + 128, Integer.MAX_VALUE);
    }

    private void checkLoop() {
        if (Asyncio.getRunningLoop() != loop) {
            throw new IllegalStateException("this WebSocket belongs to another loop than the one that runs here");
        }
    }

    // ---- receiving

    @Override
    public Awaitable<WsMessage, RuntimeException> receive() {
        Duration limit = settings.receiveTimeout();
        return limit == null ? this::next : receive(limit);
    }

    @Override
    public Awaitable<WsMessage, RuntimeException> receive(Duration limit) {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("the limit to receive is " + limit + ": it must be more than zero");
        }
        return () -> Asyncio.timeout(limit, this::next);
    }

    private WsMessage next() {
        checkLoop();
        if (receiving) {
            throw new IllegalStateException(this + ": another task is receiving");
        }
        receiving = true;
        try {
            while (true) {
                WsMessage message = take();
                if (message != null) {
                    return message;
                }
            }
        } finally {
            receiving = false;
        }
    }

    /** Takes what is there, or waits for something; null if it makes no message. */
    private @Nullable WsMessage take() {
        Incoming item = life.poll();
        if (item instanceof Whole whole) {
            return whole.message();
        }
        if (item instanceof Piece piece) {
            try {
                return assembly.add(piece);
            } catch (Violation e) {
                ClientException broken = life.fail(e);
                life.dropAll();
                throw ended(broken);
            }
        }
        ClientException end = life.end();
        if (end != null) {
            throw ended(end);
        }
        life.pause();
        return null;
    }

    private ClientException ended(ClientException end) {
        assembly.close();
        return Life.here(end);
    }

    @Override
    public Awaitable<String, RuntimeException> receiveText() {
        return () -> text(receive().await());
    }

    private String text(WsMessage message) {
        return switch (message) {
            case WsMessage.Text(String text) -> text;
            case WsMessage.Close close -> throw Life.here(life.whyEnded());
            default -> throw new MessageTypeException(request, "text", message);
        };
    }

    @Override
    public Awaitable<byte[], RuntimeException> receiveBytes() {
        return () -> switch (receive().await()) {
            case WsMessage.Binary(byte[] bytes) -> bytes;
            case WsMessage.Close close -> throw Life.here(life.whyEnded());
            case WsMessage other -> throw new MessageTypeException(request, "bytes", other);
        };
    }

    @Override
    public <T> Awaitable<@Nullable T, RuntimeException> receiveJson(Class<T> type) {
        return () -> type.cast(json(receiveText().await(), type));
    }

    @Override
    @SuppressWarnings("unchecked") // the codec gives a value of that type
    public <T> Awaitable<@Nullable T, RuntimeException> receiveJson(Type type) {
        return () -> (T) json(receiveText().await(), type);
    }

    private @Nullable Object json(String text, Type type) {
        try {
            return request.attribute(Options.JSON).decode(Utf8.encode(text), type);
        } catch (RuntimeException e) {
            throw new DecodeException(
                    request, "the message is not the JSON of a " + type.getTypeName() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Iterator<WsMessage> iterator() {
        return new Messages();
    }

    /** The messages to the end. */
    private final class Messages implements Iterator<WsMessage> {
        private @Nullable WsMessage ahead;
        private boolean over;

        @Override
        public boolean hasNext() {
            if (ahead == null && !over) {
                try {
                    WsMessage message = receive().await();
                    over = message instanceof WsMessage.Close;
                    ahead = over ? null : message;
                } catch (WebSocketClosedException e) {
                    over = true;
                }
            }
            return ahead != null;
        }

        @Override
        public WsMessage next() {
            WsMessage message = hasNext() ? ahead : null;
            if (message == null) {
                throw new NoSuchElementException("the WebSocket has ended");
            }
            ahead = null;
            return message;
        }
    }

    // ---- sending

    @Override
    public Awaitable<@Nullable Void, RuntimeException> send(String text) {
        return () -> message(true, Utf8.encode(text));
    }

    @Override
    public Awaitable<@Nullable Void, RuntimeException> send(byte[] bytes) {
        return () -> message(false, bytes.clone());
    }

    @Override
    public Awaitable<@Nullable Void, RuntimeException> send(ByteBuffer bytes) {
        return () -> {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return message(false, copy);
        };
    }

    @Override
    public Awaitable<@Nullable Void, RuntimeException> sendJson(@Nullable Object value) {
        return () -> message(true, request.attribute(Options.JSON).encode(value));
    }

    private @Nullable Void message(boolean text, byte[] bytes) {
        checkLoop();
        life.checkSendable();
        // An empty message has no compressed form worth the name.
        boolean compresses = deflation != null && bytes.length > 0;
        ByteBuf payload = Unpooled.wrappedBuffer(deflation != null && compresses ? deflation.deflate(bytes) : bytes);
        int rsv = compresses ? RSV1 : 0;
        return send(text ? new TextWebSocketFrame(true, rsv, payload) : new BinaryWebSocketFrame(true, rsv, payload));
    }

    private @Nullable Void send(WebSocketFrame frame) {
        try {
            life.send(frame);
            return null;
        } finally {
            // A task that waits here uses the WebSocket, although nothing else may refer to it.
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Awaitable<@Nullable Void, RuntimeException> ping(byte... payload) {
        byte[] copy = control("ping", payload);
        return () -> {
            checkLoop();
            life.checkSendable();
            return send(new PingWebSocketFrame(Unpooled.wrappedBuffer(copy)));
        };
    }

    @Override
    public Awaitable<@Nullable Void, RuntimeException> pong(byte... payload) {
        byte[] copy = control("pong", payload);
        return () -> {
            checkLoop();
            life.checkSendable();
            return send(new PongWebSocketFrame(Unpooled.wrappedBuffer(copy)));
        };
    }

    private static byte[] control(String what, byte[] payload) {
        if (payload.length > MOST_CONTROL_BYTES) {
            throw new IllegalArgumentException("the payload of a " + what + " has " + payload.length
                    + " bytes: it may have " + MOST_CONTROL_BYTES);
        }
        return Arrays.copyOf(payload, payload.length);
    }

    // ---- closing

    @Override
    public void close() {
        close(CloseCodes.NORMAL, "");
    }

    @Override
    public void close(int code, String reason) {
        checkLoop();
        CloseCodes.check(code, reason);
        life.close(code, reason);
        if (Asyncio.currentTask() == null) {
            return;
        }
        try {
            life.awaitGone();
        } catch (Throwable e) {
            life.abort();
            throw e;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public boolean isClosed() {
        return life.isClosed();
    }

    @Override
    public OptionalInt closeCode() {
        return life.code();
    }

    // ---- what was agreed on

    @Override
    public @Nullable String protocol() {
        return agreement.protocol();
    }

    @Override
    public List<String> extensions() {
        return agreement.extensions();
    }

    @Override
    public ClientResponse response() {
        return response;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public String toString() {
        return "<WebSocket " + request.url() + (life.isClosed() ? " closed>" : " open>");
    }
}
