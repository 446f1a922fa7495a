package dev.weft.http.h1;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.ResponseHead;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on one connection: writes a request, feeds a {@link ResponseListener} with the answer. One request at a time.
 *
 * <p>Runs on the loop's thread. {@link #send}, {@link #resume} and {@link #abort} may be called by tasks. Invariant: the network is
 * read only while nobody's answer is due (so that the end of an idle connection is seen at once) or the listener wants more. The file
 * is long because the answer's life is one machine.
 */
public final class H1Connection extends ChannelInboundHandlerAdapter {
    /** The pipeline of a closed channel is empty; this stays. */
    private static final AttributeKey<H1Connection> KEY = AttributeKey.valueOf(H1Connection.class, "connection");

    private final ResponseDecoder decoder;
    private final Channel channel;
    private @Nullable ClientRequest request;
    /** Counts requests and aborts: what was queued before the last one is void. */
    private int turn;

    private @Nullable ResponseListener listener;
    private @Nullable ResponseHead head;
    private boolean written;
    private boolean uploaded;
    private boolean interim;
    private int interims;
    private boolean paused;
    private long expected;
    private long bodyBytes;
    private @Nullable String spoiled;
    private @Nullable Throwable broken;

    private H1Connection(Channel channel) {
        this.channel = channel;
        this.decoder = new ResponseDecoder(this::packet);
    }

    /** Puts the protocol into the pipeline of a new channel. */
    public static void install(Channel channel) {
        H1Connection connection = new H1Connection(channel);
        channel.pipeline().addLast(connection.decoder, new HttpRequestEncoder(), connection);
        channel.attr(KEY).set(connection);
    }

    /** The protocol of a channel that it was installed in, a closed one too. */
    public static H1Connection of(Channel channel) {
        return channel.attr(KEY).get();
    }

    /**
     * Checks what can be checked of a request before there is a connection.
     *
     * @throws IllegalArgumentException if a header contradicts the framing
     */
    public static void check(ClientRequest request) {
        RequestHead.check(request);
    }

    // ---- for tasks

    /** Sends a request. Everything that follows comes through the listener, a connection that has closed meanwhile too. */
    public void send(ClientRequest next, ResponseListener to) {
        request = next;
        head = null;
        written = false;
        uploaded = false;
        interim = false;
        interims = 0;
        expected = -1;
        bodyBytes = 0;
        spoiled = null;
        broken = null;
        int started = ++turn;
        channel.eventLoop().execute(() -> start(started, next, to));
    }

    /** Reads on: the listener wants more again. Gives whether it was held back. */
    @CanIgnoreReturnValue
    public boolean resume() {
        if (!paused) {
            return false;
        }
        paused = false;
        channel.eventLoop().execute(channel::read);
        return true;
    }

    /** Ends it: closes the connection; the listener hears nothing more. */
    public void abort() {
        listener = null;
        turn++;
        channel.close();
    }

    /** Whether any byte of the request may have reached the server. */
    public boolean wasWritten() {
        return written;
    }

    /** How many bytes of the answer came, its head included. */
    public long received() {
        return written ? decoder.received() : 0;
    }

    /** How long the server keeps the connection, null if it does not say. */
    public @Nullable Duration keepAlive() {
        return head == null ? null : ResponseHeads.keepAlive(head);
    }

    /** Why the connection cannot serve another request now; null if it can. */
    public @Nullable String notReusable() {
        if (spoiled != null) {
            return spoiled;
        }
        if (listener != null) {
            return "an answer is under way";
        }
        if (!uploaded) {
            return "the request is not sent to its end";
        }
        if (decoder.buffered() > 0) {
            return "bytes came behind the answer";
        }
        return channel.isActive() ? null : "it is closed";
    }

    // ---- on the loop's thread

    private void start(int started, ClientRequest next, ResponseListener to) {
        if (turn != started) {
            return;
        }
        listener = to;
        if (!channel.isActive()) {
            fail(disconnected(next, "before the request was sent", null));
            return;
        }
        written = true;
        decoder.expect(next.method().equals("HEAD"));
        channel.writeAndFlush(RequestHead.of(next)).addListener(sent -> onWritten(started, sent.cause()));
    }

    private void onWritten(int started, @Nullable Throwable failure) {
        if (turn != started) {
            return;
        }
        if (failure == null) {
            uploaded = true;
            ResponseListener current = listener;
            if (current != null) {
                current.onSent();
            }
        } else if (!(failure instanceof IOException)) {
            broken = failure;
            channel.close();
        }
        // After an I/O error the answer that explains it may still be there to read; its end comes by itself.
    }

    private void packet() {
        ResponseListener current = listener;
        if (current != null) {
            current.onPacket();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ResponseListener current = listener;
        ClientRequest sent = request;
        if (current == null || sent == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        DecoderResult result = ((DecoderResultProvider) message).decoderResult();
        if (result.isFailure()) {
            ReferenceCountUtil.release(message);
            malformed(sent, result.cause());
            return;
        }
        if (message instanceof HttpResponse response) {
            onHead(current, sent, response);
        }
        if (message instanceof HttpContent content) {
            onContent(current, content);
        }
    }

    private void onHead(ResponseListener current, ClientRequest sent, HttpResponse response) {
        ResponseHead read;
        try {
            read = ResponseHeads.of(response);
            interim = read.status() < 200;
            if (interim) {
                ResponseHeads.checkInterim(read, ++interims);
                return;
            }
        } catch (IllegalArgumentException e) {
            malformed(sent, e);
            return;
        }
        head = read;
        expected = HttpUtil.getContentLength(response, -1L);
        spoiled = ResponseHeads.notPersistent(read, sent);
        current.onHead(read);
    }

    private void onContent(ResponseListener current, HttpContent content) {
        if (interim) {
            // The codec ends interim answers with an empty content too.
            content.release();
            return;
        }
        if (content.content().isReadable()) {
            bodyBytes += content.content().readableBytes();
            current.onBody(content.content());
        } else {
            content.release();
        }
        if (content instanceof LastHttpContent && listener != null) {
            listener = null;
            decoder.ended();
            current.onEnd();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ResponseListener current = listener;
        if (current == null || current.wantsMore()) {
            ctx.read();
        } else {
            paused = true;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (broken == null) {
            broken = cause;
        }
        // Netty closes the channel after an IOException of its own; whatever else happened, nothing good can follow.
        if (!(cause instanceof IOException)) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ClientRequest sent = request;
        if (listener == null || sent == null) {
            return;
        }
        if (head == null) {
            fail(disconnected(sent, "without an answer", broken));
        } else {
            fail(new PayloadException(sent, bodyBytes, expected, broken));
        }
    }

    private void malformed(ClientRequest sent, Throwable cause) {
        if (cause instanceof PrematureChannelClosureException) {
            fail(disconnected(sent, "within the head of its answer", broken));
        } else {
            fail(Broken.malformed(sent, head == null, decoder.looksLikeTls(), cause));
        }
    }

    private ClientException disconnected(ClientRequest sent, String when, @Nullable Throwable cause) {
        return Broken.disconnected(sent, when, received(), written && decoder.looksLikeTls(), cause);
    }

    private void fail(ClientException failure) {
        ResponseListener current = listener;
        listener = null;
        decoder.ended();
        channel.close();
        if (current != null) {
            current.onFailure(failure);
        }
    }
}
