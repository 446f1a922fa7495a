package dev.weft.loop.net;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Loop;
import dev.weft.loop.net.channel.Netty;
import dev.weft.loop.net.channel.TlsChannels;
import dev.weft.loop.net.dial.ConnectionException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * The channel's end of a connection: feeds the inbox, drains the outbox, and knows how the connection ended. It outlives the
 * {@link Connection} that the program holds, and does not know it: so one that was dropped can be noticed. Confined to the loop.
 */
final class Wire extends ChannelInboundHandlerAdapter {
    private static final String NAME = "weft";
    /** The pipeline of a channel that was closed is empty: it could not be asked. */
    private static final AttributeKey<Wire> WIRE = AttributeKey.valueOf(Wire.class, "wire");

    private final Loop loop;
    private final Channel channel;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Signal gone;
    private Runnable whenGone = () -> {};
    private boolean closing;
    private boolean aborted;
    private @Nullable IOException failure;

    private Wire(Loop loop, Channel channel, int limitBytes) {
        this.loop = loop;
        this.channel = channel;
        inbox = new Inbox(loop, limitBytes, on -> channel.config().setAutoRead(on));
        outbox = new Outbox(loop, channel);
        gone = new Signal(loop);
    }

    /** Puts a wire at the end of a channel's pipeline, before the channel is connected. On the loop's own thread. */
    static Wire attach(Loop loop, Channel channel, int limitBytes) {
        Wire wire = new Wire(loop, channel, limitBytes);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config()
                .setWriteBufferWaterMark(new WriteBufferWaterMark(Outbox.LOW_WATER_BYTES, Outbox.HIGH_WATER_BYTES));
        channel.attr(WIRE).set(wire);
        channel.pipeline().addLast(NAME, wire);
        return wire;
    }

    /** The wire of a channel it was attached to. */
    static Wire of(Channel channel) {
        return channel.attr(WIRE).get();
    }

    Loop loop() {
        return loop;
    }

    Channel channel() {
        return channel;
    }

    /** What was received. */
    Inbox inbox() {
        checkLoop();
        return inbox;
    }

    /** What is to be sent. */
    Outbox outbox() {
        checkLoop();
        if (closing && !gone.hasFired()) {
            throw new ConnectionException(
                    "cannot write, the connection was closed by this side", new ClosedChannelException());
        }
        return outbox;
    }

    void checkLoop() {
        if (Asyncio.getRunningLoop() != loop) {
            throw new IllegalStateException("the connection belongs to another loop than the one that runs here");
        }
    }

    boolean isSecure() {
        return TlsChannels.of(channel) != null;
    }

    // ---- the channel's events

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!closing && message instanceof ByteBuf data) {
                inbox.feed(data);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean goodbye = event instanceof SslCloseCompletionEvent end && end.isSuccess();
        if (goodbye || event instanceof ChannelInputShutdownEvent) {
            inbox.feedEnd();
            SslHandler tls = TlsChannels.of(channel);
            if (tls != null) {
                endSecured(tls, goodbye);
            }
        }
    }

    /** The peer's end, where there is no half-closed connection: as in asyncio, this side closes too. */
    private void endSecured(SslHandler tls, boolean goodbye) {
        if (goodbye) {
            close();
            return;
        }
        // TLS does not see that TCP has ended, and would wait for an answer that cannot come.
        tls.setCloseNotifyReadTimeoutMillis(0);
        if (!tls.handshakeFuture().isDone() || (closing && outbox.unsentBytes() == 0)) {
            Netty.abort(channel);
        } else {
            close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        outbox.wakeWriters();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
        if (failure == null) {
            failure = Netty.ioException(error);
        }
        Netty.abort(channel);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (failure == null && !aborted) {
            failure = outbox.failure();
        }
        outbox.handOver();
        outbox.close();
        if (failure == null || closing) {
            inbox.feedEnd();
        } else {
            inbox.fail(failure);
        }
        gone.fire();
        whenGone.run();
    }

    // ---- its end

    /** Sets what runs when the connection is gone. */
    void whenGone(Runnable action) {
        whenGone = action;
    }

    boolean isClosing() {
        return closing || gone.hasFired();
    }

    boolean isGone() {
        return gone.hasFired();
    }

    /** Begins to close: what was written is sent first. */
    void close() {
        if (closing || gone.hasFired()) {
            return;
        }
        closing = true;
        channel.eventLoop().execute(() -> {
            // A paused channel would not notice the peer's goodbye.
            channel.config().setAutoRead(true);
            outbox.whenSent(done -> channel.close());
        });
    }

    /** Closes at once; what was not sent is dropped. */
    void abort() {
        closing = true;
        aborted = true;
        Netty.abort(channel);
    }

    /** Suspends the calling task until the connection is gone. */
    void awaitGone() {
        gone.await();
    }

    boolean hasUnsent() {
        return outbox.unsentBytes() > 0;
    }

    /** What keeps the end from having been a good one: an error of the network, or bytes that were written and never sent. */
    @Nullable
    ConnectionException loss() {
        IOException cause = failure;
        if (aborted || (cause == null && outbox.unsentBytes() == 0)) {
            return null;
        }
        return new ConnectionException(
                "connection lost: " + (cause == null ? "closed" : Netty.reason(cause)) + ", " + outbox.unsentBytes()
                        + " bytes were not sent",
                cause == null ? new ClosedChannelException() : cause);
    }

    // ---- TLS

    /** Suspends the calling task until TLS is agreed on, on a connection that is in use. */
    void secure(SslHandler tls, String peer) {
        checkLoop();
        outbox();
        var inserted = channel.eventLoop().submit(() -> {
            outbox.handOver();
            TlsChannels.insertBefore(channel, NAME, tls, inbox.takeAll());
            if (inbox.hasEnded()) {
                // The peer has gone before TLS was there to hear of it.
                endSecured(tls, false);
            }
        });
        Netty.join(inserted);
        Throwable problem = inserted.cause();
        if (problem instanceof RuntimeException wrong) {
            throw wrong;
        }
        TlsChannels.handshake(channel, tls, peer);
    }
}
