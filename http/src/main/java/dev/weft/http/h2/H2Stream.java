package dev.weft.http.h2;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Http2ErrorException;
import dev.weft.http.message.Options;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.http.wire.Framing;
import dev.weft.http.wire.ResponseFields;
import dev.weft.http.wire.ResponseListener;
import dev.weft.http.wire.Wire;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on a stream: RFC 9113 section 8.1. Feeds a {@link ResponseListener}, checks what makes an answer malformed, and holds
 * the server back while the listener wants no more, by not giving the window back.
 *
 * <p>Runs on the loop's thread; what {@link Wire} has may be called by tasks. Invariant: it is among the streams of its connection from the moment its
 * head is written until it has ended, which its listener hears once. The file is long because the answer's life is one machine.
 */
final class H2Stream implements Wire {
    private final H2Connection connection;
    private @Nullable ClientRequest request;
    private @Nullable ResponseListener listener;
    /** 0 until it is opened. */
    private int id;

    private boolean aborted;
    private boolean refused;
    private boolean uploaded;
    private @Nullable ResponseHead head;
    private int interims;
    private boolean bodiless;
    private long expected = -1;
    private long received;
    private long bodyBytes;
    /** How much of the body was taken when the round trip began that is measured now. */
    private long roundTripFrom;
    /** Bytes of the window that are not given back, because the listener wants no more. */
    private int withheld;
    /** By how much its window has grown. */
    private int grown;
    /** Whether it was found to have a large body. */
    private boolean large;
    /** What another protocol is spoken on, which the server has agreed to. */
    private @Nullable StreamChannel switched;

    H2Stream(H2Connection connection) {
        this.connection = connection;
    }

    // ---- for tasks

    @Override
    public void send(ClientRequest next, String target, ResponseListener to) {
        request = next;
        listener = to;
        connection.channel().eventLoop().execute(() -> start(next, target, to));
    }

    @Override
    public Future<Boolean> write(Loop loop, ByteBuffer piece, boolean last) {
        return upload(loop, Unpooled.wrappedBuffer(piece), last);
    }

    @Override
    public Future<Boolean> endUpload(Loop loop) {
        return upload(loop, Unpooled.EMPTY_BUFFER, true);
    }

    private Future<Boolean> upload(Loop loop, ByteBuf content, boolean last) {
        Future<Boolean> taken = loop.createFuture();
        connection.channel().eventLoop().execute(() -> {
            if (!isOpen()) {
                content.release();
                tell(taken, false);
                return;
            }
            connection.write(id, content, last).addListener(done -> {
                if (last && done.isSuccess()) {
                    onUploaded();
                }
                tell(taken, done.isSuccess());
            });
        });
        return taken;
    }

    /** Who waits for it may have been cancelled. */
    private static void tell(Future<Boolean> waiting, boolean outcome) {
        if (!waiting.isDone()) {
            waiting.setResult(outcome);
        }
    }

    @Override
    public boolean resume() {
        if (withheld == 0) {
            return false;
        }
        int bytes = withheld;
        withheld = 0;
        connection.channel().eventLoop().execute(() -> {
            if (isOpen()) {
                connection.consumed(id, bytes);
            }
        });
        return true;
    }

    @Override
    public void abort() {
        aborted = true;
        StreamChannel other = switched;
        if (other != null) {
            connection.channel().eventLoop().execute(other::end);
            return;
        }
        if (listener == null && uploaded) {
            return;
        }
        listener = null;
        connection.channel().eventLoop().execute(() -> {
            if (id > 0) {
                connection.reset(this, Http2Error.CANCEL);
            }
        });
    }

    @Override
    public boolean wasWritten() {
        return id > 0;
    }

    @Override
    public boolean wasRefused() {
        return refused;
    }

    @Override
    public long received() {
        return received;
    }

    @Override
    public @Nullable Duration keepAlive() {
        return null;
    }

    @Override
    public @Nullable String notReusable() {
        if (listener != null) {
            return "an answer is under way";
        }
        return uploaded ? null : "the request is not sent to its end";
    }

    @Override
    public boolean hasSwitched() {
        return switched != null;
    }

    @Override
    public Channel upgraded() {
        return other();
    }

    @Override
    public void upgrade(ChannelHandler... handlers) {
        StreamChannel other = other();
        connection.channel().eventLoop().execute(() -> other.begin(handlers));
    }

    private StreamChannel other() {
        if (switched == null) {
            throw new IllegalStateException("no other protocol was agreed on");
        }
        return switched;
    }

    // ---- on the loop's thread: the request

    int id() {
        return id;
    }

    private boolean isOpen() {
        return id > 0 && connection.has(this);
    }

    private void start(ClientRequest next, String target, ResponseListener to) {
        if (aborted) {
            return;
        }
        String closed = connection.closedBecause();
        if (closed != null) {
            String violation = connection.violation();
            if (violation != null && !connection.isProven()) {
                onViolation(violation, null);
            } else {
                refuse("the connection takes no more requests: " + closed, null);
            }
            return;
        }
        if (connection.isFull()) {
            connection.whenRoom(() -> start(next, target, to));
            return;
        }
        boolean upload = Framing.isUpload(next);
        ByteBuffer body = upload ? null : Framing.inline(next);
        // After that the stream is another protocol's.
        boolean connects = next.isUpgrade();
        boolean whole = !connects && !upload && (body == null || !body.hasRemaining());
        id = connection.nextId();
        ChannelFuture sent = connection.open(this, RequestFields.of(next, target, connection.sentTexts()), whole);
        if (!whole && !upload && body != null && isOpen()) {
            sent = connection.write(id, Unpooled.wrappedBuffer(body), true);
        }
        int bodyBytes = body == null ? 0 : body.remaining();
        sent.addListener(done -> {
            if (done.isSuccess() && listener != null) {
                to.onHeadSent(bodyBytes);
                if (connects) {
                    to.onSent();
                } else if (!upload) {
                    onUploaded();
                }
            }
        });
        if (next.headers().hasToken("Connection", "close")) {
            connection.retire("the request said Connection: close");
        }
    }

    private void onUploaded() {
        uploaded = true;
        ResponseListener current = listener;
        if (current != null) {
            current.onSent();
        }
    }

    // ---- the answer

    /** Bytes came in on its connection. */
    void onFields(ReceivedFields fields, boolean end) {
        ResponseListener current = listener;
        ClientRequest sent = request;
        if (switched != null) {
            throw new IllegalArgumentException("fields come where another protocol is spoken");
        }
        if (current == null || sent == null) {
            return;
        }
        int size = (int) Math.min(Integer.MAX_VALUE, FieldBlock.size(fields));
        received += size;
        current.onPacket(size);
        if (head != null) {
            onTrailers(sent, fields, end);
            return;
        }
        ResponseHead read = connection.head(fields, sent.attribute(Options.HEADER_LIMITS));
        if (read.status() < 200) {
            if (end) {
                throw new IllegalArgumentException("it ends with an interim answer");
            }
            ResponseFields.checkInterim(read, ++interims);
            current.onInterim(read);
            return;
        }
        if (sent.isUpgrade() && read.status() < 300) {
            onSwitch(current, read, end);
            return;
        }
        expected = ResponseFields.length(read.headers());
        bodiless = sent.method().equals("HEAD") || read.status() == 204 || read.status() == 304;
        head = read;
        connection.answered();
        current.onHead(read);
        if (end) {
            onEnd(sent, Headers.empty());
        }
    }

    /** The server has agreed to another protocol. */
    private void onSwitch(ResponseListener current, ResponseHead read, boolean end) {
        head = read;
        listener = null;
        StreamChannel other = StreamChannel.open(this, connection.channel());
        switched = other;
        connection.answered();
        connection.grow(this, Bandwidth.MOST_BYTES);
        current.onHead(read);
        other.onData(Unpooled.EMPTY_BUFFER, end);
    }

    private void onTrailers(ClientRequest sent, ReceivedFields fields, boolean end) {
        Headers trailers = FieldBlock.trailers(fields, sent.attribute(Options.HEADER_LIMITS));
        if (!end) {
            throw new IllegalArgumentException("fields come in the midst of its body");
        }
        onEnd(sent, ResponseFields.trailers(trailers));
    }

    /** A piece of the body; gives how much of the window may be given back at once. */
    int onData(ByteBuf data, int padding, boolean end) {
        ResponseListener current = listener;
        ClientRequest sent = request;
        int bytes = data.readableBytes();
        if (switched != null) {
            switched.onData(data, end);
            return padding;
        }
        if (current == null || sent == null) {
            return bytes + padding;
        }
        if (head == null) {
            throw new IllegalArgumentException("its body comes before its head");
        }
        if (bytes > 0 && bodiless) {
            throw new IllegalArgumentException("an answer that has no body has one");
        }
        bodyBytes += bytes;
        received += bytes;
        if (!bodiless && expected >= 0 && bodyBytes > expected) {
            throw new IllegalArgumentException(
                    "its body has more than the " + expected + " bytes that its Content-Length says");
        }
        current.onPacket(bytes);
        if (bytes > 0) {
            current.onBody(data.retain());
        }
        int free = bytes + padding;
        // The listener may have ended it.
        if (!end && listener != null && !current.wantsMore()) {
            withheld += bytes;
            free = padding;
        }
        if (end) {
            onEnd(sent, Headers.empty());
        } else if (!large && isLarge()) {
            large = true;
            connection.grow(this, Bandwidth.MOST_BYTES);
        }
        return free;
    }

    /** Whether its body needs more than the first window, and is read: half of that was taken. */
    private boolean isLarge() {
        return taken() >= Windows.FIRST_BYTES / 2 && (expected < 0 || expected > Windows.FIRST_BYTES);
    }

    private void onEnd(ClientRequest sent, Headers trailers) {
        if (!bodiless && expected >= 0 && bodyBytes < expected) {
            connection.reset(this, Http2Error.PROTOCOL_ERROR);
            fail(new PayloadException(sent, bodyBytes, expected, null));
            return;
        }
        ResponseListener current = listener;
        listener = null;
        if (uploaded) {
            connection.ended(this);
        }
        if (current != null) {
            current.onEnd(trailers);
        }
    }

    // ---- how it fails

    /** The server has reset it. */
    void onReset(long code) {
        ClientRequest sent = request;
        Http2ErrorException cause = new Http2ErrorException("RST_STREAM", code, "");
        if (isLostToOther(cause)) {
            return;
        }
        if (listener == null || sent == null) {
            connection.ended(this);
            return;
        }
        if (code == Http2ErrorException.REFUSED_STREAM || code == Http2ErrorException.HTTP_1_1_REQUIRED) {
            refuse("the server refused the request: " + cause.getMessage(), cause);
        } else if (head == null) {
            fail(new ServerDisconnectedException(
                    sent, "the server reset the stream without an answer: " + cause.getMessage(), received, cause));
        } else {
            fail(new PayloadException(sent, bodyBytes, expected, cause));
        }
    }

    /** Whether another protocol was spoken, which hears of the end. */
    private boolean isLostToOther(@Nullable Throwable cause) {
        StreamChannel other = switched;
        if (other == null) {
            return false;
        }
        connection.ended(this);
        other.onLost(cause);
        return true;
    }

    /** The server has not acted upon the request. */
    void refuse(String reason, @Nullable Throwable cause) {
        if (isLostToOther(cause)) {
            return;
        }
        ClientRequest sent = request;
        refused = head == null;
        if (sent != null) {
            fail(new ServerDisconnectedException(sent, reason, received, cause));
        }
    }

    /** The connection is gone. */
    void onLost(@Nullable Throwable cause) {
        ClientRequest sent = request;
        if (sent == null || isLostToOther(cause)) {
            return;
        }
        if (head == null) {
            String how = cause == null
                    ? "the server ended the connection "
                    : "the connection broke (" + cause.getMessage() + ") ";
            String after = received == 0 ? "" : ", after " + received + " bytes of it";
            fail(new ServerDisconnectedException(sent, how + "without an answer" + after, received, cause));
        } else {
            fail(new PayloadException(sent, bodyBytes, expected, cause));
        }
    }

    /** What came is not HTTP/2 as RFC 9113 has it, or cannot be sent as such. */
    void onViolation(String what, @Nullable Throwable cause) {
        ClientRequest sent = request;
        if (sent != null && !isLostToOther(new IOException(what, cause))) {
            fail(new ProtocolException(sent, what, cause));
        }
    }

    private void fail(ClientException failure) {
        ResponseListener current = listener;
        listener = null;
        connection.ended(this);
        if (current != null) {
            current.onFailure(failure);
        }
    }

    /** From here on it is counted how much is taken within a round trip. */
    void roundTripBegins() {
        roundTripFrom = taken();
    }

    /** Whether its window may hold the server back: what is taken more slowly than it comes has no use for a larger one. */
    boolean fillsItsWindow() {
        return Bandwidth.isFilledBy(taken() - roundTripFrom, window());
    }

    /** How much of its body was taken. */
    long taken() {
        return bodyBytes - withheld;
    }

    int window() {
        return Windows.FIRST_BYTES + grown;
    }

    // ---- for the other protocol

    /** Sends bytes of it, as the windows allow. */
    ChannelFuture write(ByteBuf piece) {
        if (isOpen()) {
            return connection.write(id, piece, false);
        }
        piece.release();
        return connection.channel().newFailedFuture(new ClosedChannelException());
    }

    /** So many bytes were read: the server may send as many again. */
    void consumed(int bytes) {
        if (isOpen()) {
            connection.consumed(id, bytes);
        }
    }

    /** Sends what the windows let out. */
    void flush() {
        connection.flushNow();
    }

    /** Its channel is closed: so is the stream, with an orderly end if all that was sent is out. */
    void onChannelClosed(boolean orderly) {
        connection.end(this, orderly);
    }

    /** Its window has grown. */
    void grown(int bytes) {
        grown += bytes;
    }

    /** By how much its window has grown beyond the first. */
    int grown() {
        return grown;
    }

    /** How much of its body is sure to come; 0 if it did not say how long it is. */
    long due() {
        return expected < 0 ? 0 : expected - bodyBytes;
    }

    /** The body that is still to come, where the head says its size; else the most there can be. */
    long remaining() {
        return expected < 0 ? Long.MAX_VALUE : expected - bodyBytes;
    }
}
