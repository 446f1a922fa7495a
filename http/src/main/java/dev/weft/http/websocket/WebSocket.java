package dev.weft.http.websocket;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Awaitable;
import java.lang.reflect.Type;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket, RFC 6455: {@code session.ws(url).await()}. Messages come one by one, by {@link #receive()} or by iteration, and are sent
 * by {@code send}; {@link #close()} it.
 *
 * <p>How it ends: a Close of the other side is the last message, a {@link WsMessage.Close}; a lost connection comes without one. After it
 * receiving and sending throw {@link WebSocketClosedException}, and iteration is over: {@link #closeCode()} tells what happened. When the
 * other side breaks a rule or a limit, it is told so, and receiving, sending and iteration throw {@link WebSocketException}. When the
 * session is closed they throw {@link dev.weft.http.message.SessionClosedException} at once. What came whole before the end is received
 * before.
 *
 * <p>Pings are answered as they come, also while nobody receives. The network is read only as far ahead of the receiver as the request's
 * {@code readBufferSize} says; what it takes to put one message together comes on top, up to twice {@code maxMessageSize}.
 *
 * <p>One that is dropped open is reported to the loop's exception handler, as an unclosed response, and its connection closed.
 *
 * <p>What returns an {@link Awaitable} is cold. One task receives at a time; any number may send, each message whole. For the tasks of the
 * loop of its session; in others its methods throw {@link IllegalStateException}. Source: aiohttp's {@code ClientWebSocketResponse}.
 */
@CheckReturnValue
public interface WebSocket extends Iterable<WsMessage>, AutoCloseable {
    /**
     * The next message, within the {@code receiveTimeout} of the WebSocket, if it has one; see {@link #receive(Duration)}.
     *
     * @return an awaitable that throws {@link WebSocketClosedException} at the end, {@link WebSocketException} if the other side broke a
     *     rule or limit, and {@link IllegalStateException} if another task is receiving. A task that is cancelled loses no message
     */
    Awaitable<WsMessage, RuntimeException> receive();

    /**
     * The next message, if it comes in time; else awaiting it throws {@link dev.weft.loop.TimeoutException}, no message is lost, and the
     * WebSocket stays open.
     *
     * @throws IllegalArgumentException if the limit is zero or negative
     */
    Awaitable<WsMessage, RuntimeException> receive(Duration limit);

    /**
     * The next message, which has to be text: else awaiting it throws {@link MessageTypeException}, or at the end
     * {@link WebSocketClosedException}.
     */
    Awaitable<String, RuntimeException> receiveText();

    /**
     * The next message, which has to be bytes: else awaiting it throws {@link MessageTypeException}, or at the end
     * {@link WebSocketClosedException}.
     */
    Awaitable<byte[], RuntimeException> receiveBytes();

    /**
     * The next message, which has to be text, read as JSON by the request's codec; null for {@code null}. Awaiting it throws
     * {@link dev.weft.http.message.DecodeException} if it is not the JSON of that type, and what {@link #receiveText()} throws.
     */
    <T> Awaitable<@Nullable T, RuntimeException> receiveJson(Class<T> type);

    /** The same of a type with parameters, as {@code new TypeReference<List<User>>() {}.getType()}. */
    <T> Awaitable<@Nullable T, RuntimeException> receiveJson(Type type);

    /**
     * The messages to the end, Close not among them; waits in {@code hasNext}, in the calling task. It ends when the WebSocket is closed,
     * by whomever, and when the connection is lost; what else {@link #receive()} throws it throws.
     */
    @Override
    Iterator<WsMessage> iterator();

    /**
     * Sends a message of text.
     *
     * @return an awaitable that waits until the network has taken the message, and throws what {@link #receive()} throws when nothing can be
     *     sent any more. Cancelled meanwhile, the message is sent all the same
     * @throws IllegalArgumentException (the awaiting) if half of a surrogate pair stands alone in it: that has no UTF-8
     */
    Awaitable<@Nullable Void, RuntimeException> send(String text);

    /** Sends a message of bytes, which are copied when it is awaited; see {@link #send(String)}. */
    Awaitable<@Nullable Void, RuntimeException> send(byte[] bytes);

    /** Sends what is between a buffer's position and its limit, which stay as they are; see {@link #send(byte[])}. */
    Awaitable<@Nullable Void, RuntimeException> send(ByteBuffer bytes);

    /** Sends a value as a message of text, written by the request's JSON codec; see {@link #send(String)}. */
    Awaitable<@Nullable Void, RuntimeException> sendJson(@Nullable Object value);

    /**
     * Sends a ping; the pong is not waited for.
     *
     * @throws IllegalArgumentException if the payload has more than 125 bytes
     */
    Awaitable<@Nullable Void, RuntimeException> ping(byte... payload);

    /**
     * Sends a pong; only needed where {@code autoPing} is off.
     *
     * @throws IllegalArgumentException if the payload has more than 125 bytes
     */
    Awaitable<@Nullable Void, RuntimeException> pong(byte... payload);

    /** Closes it with code 1000; see {@link #close(int, String)}. */
    @Override
    void close();

    /**
     * Closes it: sends Close, drops what was not received, and waits in the calling task until the other side has answered and the
     * connection is closed, for the {@code closeTimeout} at most. If the task is cancelled meanwhile, the connection is closed at once. In a
     * callback of the loop it does not wait. Does nothing once it is closed, and only waits while it is being closed.
     *
     * @param code 1000 to 1003, 1007 to 1014, or 3000 to 4999
     * @param reason the same in words, at most 123 bytes of UTF-8; may be empty
     * @throws IllegalArgumentException if code or reason are not allowed
     */
    void close(int code, String reason);

    /** Whether it is closed or about to be: nothing can be sent. What has come before may still be received. */
    boolean isClosed();

    /**
     * What it was closed with, RFC 6455 section 7.4: the code of the other side's Close, 1005 if that had none; the one that the other side was
     * told when it broke a rule; 1006 if the connection was lost, or a close not answered in time. Empty until then.
     */
    OptionalInt closeCode();

    /** The subprotocol that the server chose; null if none. */
    @Nullable
    String protocol();

    /** The extensions that were agreed on, as the server wrote them: {@code permessage-deflate} with its parameters, or none. */
    List<String> extensions();

    /** The answer that opened it: status 101, or 200 over HTTP/2, headers, the redirects before it; without a body. Closing it does nothing. */
    ClientResponse response();

    /** The address it is connected to, the proxy's if there is one; null if that is not known. */
    @Nullable
    SocketAddress remoteAddress();
}
