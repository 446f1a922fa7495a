package dev.weft.http.h1;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.wire.Framing;
import dev.weft.http.wire.HttpConnection;
import dev.weft.http.wire.RequestCheck;
import dev.weft.http.wire.ResponseFields;
import dev.weft.http.wire.ResponseListener;
import dev.weft.http.wire.Wire;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.net.channel.LowWater;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on one connection: writes a request, feeds a {@link ResponseListener} with the answer. One request at a time.
 *
 * <p>Runs on the loop's thread. {@link #send}, {@link #write}, {@link #resume}, {@link #upgrade} and {@link #abort} may be called by tasks. Invariant: the network is
 * read only while nobody's answer is due (so that the end of an idle connection is seen at once) or the listener wants more. The file
 * is long because the answer's life is one machine.
 */
public final class H1Connection extends ChannelInboundHandlerAdapter implements HttpConnection, Wire {
    private static final ByteBuf LINE_END = constant("\r\n");
    private static final ByteBuf LAST_CHUNK = constant("0\r\n\r\n");

    /** The end of what comes in bursts is read so much later at most. */
    private static final Duration LOW_WATER_PATIENCE = Duration.ofMillis(20);

    private final ResponseDecoder decoder = new ResponseDecoder(this::packet);
    private final RequestHead heads = new RequestHead();
    private final Channel channel;
    private final LowWater lowWater;
    /** How much more than the body its framing may be: a factor, and what is free. */
    private static final int FRAMING_FACTOR = 16;

    private static final int MOST_FRAMING_BYTES = 1 << 20;
    private @Nullable ClientRequest request;
    /** Counts requests and aborts: what was queued before the last one is void. */
    private int turn;

    private @Nullable ResponseListener listener;
    private @Nullable ResponseHead head;
    private boolean written;
    /** Whether the body of the request is sent in chunks. */
    private boolean chunked;

    private boolean uploaded;
    private int interims;
    /** What came behind a 101, until the new protocol is there to take it; null unless one was agreed on. */
    private @Nullable List<ByteBuf> upgraded;

    private boolean secure;
    private boolean saidGoodbye;
    private boolean paused;
    private long expected;
    private long bodyBytes;
    /** How many of them before the read that is under way. */
    private long bodyBytesBefore;

    private @Nullable String spoiled;
    private @Nullable Throwable broken;

    private static ByteBuf constant(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private H1Connection(Channel channel) {
        this.channel = channel;
        this.lowWater = new LowWater(channel, LOW_WATER_PATIENCE);
    }

    /** Puts the protocol into the pipeline of a new channel. */
    public static void install(Channel channel) {
        H1Connection connection = new H1Connection(channel);
        channel.pipeline().addLast(connection.decoder, connection);
        channel.attr(HttpConnection.KEY).set(connection);
    }

    // ---- the connection

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    public int capacity() {
        return 1;
    }

    @Override
    public void owner(Owner owner) {
        // Nothing changes.
    }

    @Override
    public @Nullable String retired() {
        return null;
    }

    @Override
    public Wire open() {
        return this;
    }

    @Override
    public void goodbye() {
        // The end of the connection says it.
    }

    // ---- the wire, for tasks

    @Override
    public void send(ClientRequest next, String target, ResponseListener to) {
        request = next;
        head = null;
        written = false;
        chunked = Framing.isChunked(next);
        uploaded = false;
        interims = 0;
        expected = -1;
        bodyBytes = 0;
        bodyBytesBefore = 0;
        spoiled = null;
        broken = null;
        int started = ++turn;
        channel.eventLoop().execute(() -> start(started, next, target, to));
    }

    @Override
    public Future<Boolean> write(Loop loop, ByteBuffer piece, boolean last) {
        ByteBuf bytes = Unpooled.wrappedBuffer(piece);
        return upload(loop, chunked ? chunk(bytes) : bytes, last);
    }

    /** RFC 9112 section 7.1. An empty one would end the body. */
    private static ByteBuf chunk(ByteBuf data) {
        if (!data.isReadable()) {
            return data;
        }
        String size = Integer.toHexString(data.readableBytes()) + "\r\n";
        return Unpooled.wrappedBuffer(
                Unpooled.copiedBuffer(size, StandardCharsets.US_ASCII), data, LINE_END.duplicate());
    }

    @Override
    public Future<Boolean> endUpload(Loop loop) {
        return upload(loop, chunked ? LAST_CHUNK.duplicate() : Unpooled.EMPTY_BUFFER, true);
    }

    private Future<Boolean> upload(Loop loop, ByteBuf content, boolean last) {
        Future<Boolean> taken = loop.createFuture();
        int current = turn;
        channel.eventLoop().execute(() -> {
            if (turn != current || !channel.isActive()) {
                complete(taken, false);
                return;
            }
            ChannelPromise promise = channel.newPromise();
            promise.addListener(done -> {
                if (last || !done.isSuccess()) {
                    onWritten(current, done.cause());
                }
                complete(taken, done.isSuccess());
            });
            channel.writeAndFlush(content, promise);
        });
        return taken;
    }

    private static void complete(Future<Boolean> future, boolean outcome) {
        if (!future.isDone()) {
            future.setResult(outcome);
        }
    }

    @Override
    public boolean hasSwitched() {
        return head != null && head.status() == 101;
    }

    @Override
    public Channel upgraded() {
        return channel;
    }

    @Override
    public void upgrade(ChannelHandler... handlers) {
        channel.eventLoop().execute(() -> {
            ChannelPipeline pipeline = channel.pipeline();
            pipeline.addLast(handlers);
            List<ByteBuf> early = takeEarly();
            ChannelHandlerContext here = pipeline.context(this);
            if (here != null) {
                early.forEach(here::fireChannelRead);
                here.fireChannelReadComplete();
                pipeline.remove(decoder);
                pipeline.remove(this);
            } else {
                // The pipeline of a closed channel was emptied: nobody else would tell them.
                early.forEach(pipeline::fireChannelRead);
                pipeline.fireChannelInactive();
            }
        });
    }

    private List<ByteBuf> takeEarly() {
        List<ByteBuf> early = upgraded == null ? List.of() : upgraded;
        upgraded = null;
        return early;
    }

    @Override
    public boolean resume() {
        if (!paused) {
            return false;
        }
        paused = false;
        channel.eventLoop().execute(channel::read);
        return true;
    }

    @Override
    public void abort() {
        listener = null;
        turn++;
        takeEarly().forEach(ByteBuf::release);
        channel.close();
    }

    @Override
    public boolean wasWritten() {
        return written;
    }

    @Override
    public boolean wasRefused() {
        return false;
    }

    @Override
    public long received() {
        return written ? decoder.received() : 0;
    }

    @Override
    public @Nullable Duration keepAlive() {
        return head == null ? null : ResponseHeads.keepAlive(head);
    }

    @Override
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

    private void start(int started, ClientRequest next, String target, ResponseListener to) {
        if (turn != started) {
            return;
        }
        listener = to;
        if (!channel.isActive()) {
            fail(disconnected(next, "before the request was sent", null));
            return;
        }
        written = true;
        secure = channel.pipeline().get(SslHandler.class) != null;
        decoder.expect(next.method().equals("HEAD"), next.attribute(Options.HEADER_LIMITS));
        ChannelFuture sent = write(next, target);
        // Mostly the network takes it at once.
        if (sent.isDone()) {
            onHeadWritten(started, next, sent);
        } else {
            sent.addListener(done -> onHeadWritten(started, next, sent));
        }
    }

    private ChannelFuture write(ClientRequest next, String target) {
        ByteBuf written = heads.of(next, target, channel.alloc());
        ByteBuffer body = Framing.isUpload(next) ? null : Framing.inline(next);
        return channel.writeAndFlush(
                body == null ? written : Unpooled.wrappedBuffer(written, Unpooled.wrappedBuffer(body)));
    }

    private void onHeadWritten(int started, ClientRequest sent, ChannelFuture done) {
        boolean upload = Framing.isUpload(sent);
        if (done.isSuccess() && turn == started && listener != null) {
            listener.onHeadSent(upload ? 0 : (int) Math.max(0, Framing.of(sent)));
        }
        if (!upload || !done.isSuccess()) {
            onWritten(started, done.cause());
        }
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

    private void packet(int bytes) {
        ResponseListener current = listener;
        if (current != null) {
            current.onPacket(bytes);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (upgraded != null) {
            if (message instanceof ByteBuf early) {
                upgraded.add(early);
            } else {
                ReferenceCountUtil.release(message);
            }
            return;
        }
        ResponseListener current = listener;
        ClientRequest sent = request;
        if (current == null || sent == null) {
            ReferenceCountUtil.release(message);
            return;
        }
        switch (message) {
            case ResponseHead read -> onHead(current, sent, read);
            case ByteBuf piece -> onBody(current, sent, piece);
            case Headers trailers -> onEnd(current, sent, trailers);
            case ResponseDecoder.Malformed(Throwable cause) -> malformed(sent, cause);
            default -> throw new AssertionError("the decoder gave " + message);
        }
    }

    private void onHead(ResponseListener current, ClientRequest sent, ResponseHead read) {
        if (read.status() == 101 && RequestCheck.isUpgrade(sent)) {
            listener = null;
            upgraded = new ArrayList<>();
            head = read;
            current.onHead(read);
            return;
        }
        if (read.status() < 200) {
            try {
                ResponseFields.checkInterim(read, ++interims);
            } catch (IllegalArgumentException e) {
                malformed(sent, e);
                return;
            }
            current.onInterim(read);
            return;
        }
        head = read;
        expected = decoder.length();
        spoiled = ResponseHeads.notPersistent(read, sent);
        current.onHead(read);
    }

    private void onBody(ResponseListener current, ClientRequest sent, ByteBuf piece) {
        bodyBytes += piece.readableBytes();
        if (decoder.received() - bodyBytes > MOST_FRAMING_BYTES + FRAMING_FACTOR * bodyBytes) {
            piece.release();
            malformed(sent, new IllegalArgumentException("its framing is many times what it carries"));
            return;
        }
        current.onBody(piece);
    }

    private void onEnd(ResponseListener current, ClientRequest sent, Headers trailers) {
        Throwable cut = cutOff();
        if (cut != null) {
            fail(new PayloadException(sent, bodyBytes, expected, cut));
            return;
        }
        listener = null;
        decoder.ended();
        current.onEnd(trailers);
    }

    /** A body that ends with its connection is whole only if that ended well, and with TLS if the peer said goodbye: anybody can end TCP. */
    private @Nullable Throwable cutOff() {
        if (channel.isActive() || broken != null) {
            return broken;
        }
        return secure && !saidGoodbye ? new IOException("TLS was cut off: no close_notify") : null;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent goodbye && goodbye.isSuccess()) {
            saidGoodbye = true;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (upgraded != null) {
            return;
        }
        ResponseListener current = listener;
        lowWater.read(bodyBytes - bodyBytesBefore, current == null ? 0 : expected - bodyBytes);
        bodyBytesBefore = bodyBytes;
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
            fail(Broken.malformed(sent, head == null, decoder, cause));
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
