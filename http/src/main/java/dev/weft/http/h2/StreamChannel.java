package dev.weft.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a channel of bytes, for the protocol that is spoken on it once the server has agreed to one: RFC 8441 section 5. What is written goes out as
 * DATA, and counts as written when the windows have let it out. What comes waits until somebody reads, one frame for each read; only then may the server
 * send as much again. On the loop's thread.
 *
 * <p>Invariant: a stream that ends takes its channel with it, and the other way round; a buffer that came is read or released.
 */
final class StreamChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final H2Stream stream;
    private final ChannelConfig config;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>();
    private boolean open = true;
    /** Whether its handlers are there. */
    private boolean begun;

    /** Whether somebody wants to read. */
    private boolean reading;

    /** Whether that is about to be answered. */
    private boolean delivering;

    /** Whether nothing comes behind what is unread. */
    private boolean ended;
    /** Whether the stream is gone: what is unread does not wait for who reads. */
    private boolean lost;

    private @Nullable Throwable cause;
    /** How many of the outbound buffer's messages are with the stream. */
    private int writing;

    private StreamChannel(H2Stream stream, Channel connection) {
        super(connection);
        this.stream = stream;
        this.config = new DefaultChannelConfig(this).setAutoRead(false);
    }

    /** One that nobody has yet: what comes waits for its handlers. */
    static StreamChannel open(H2Stream stream, Channel connection) {
        StreamChannel channel = new StreamChannel(stream, connection);
        connection.eventLoop().register(channel);
        return channel;
    }

    // ---- for its stream

    /** The protocol is there: its handlers read from now on, and hear of an end that came before. */
    void begin(ChannelHandler... handlers) {
        begun = true;
        pipeline().addLast(handlers);
        if (!open) {
            pipeline().fireChannelInactive();
            return;
        }
        pipeline().fireChannelReadComplete();
        if (lost) {
            lose();
        }
    }

    /** Bytes came, and perhaps the end of what the server sends. */
    void onData(ByteBuf data, boolean end) {
        if (data.isReadable()) {
            unread.add(data.retain());
        }
        ended |= end;
        if (!delivering) {
            deliver();
        }
    }

    /** The stream is gone; the reason is null if there is none to tell. */
    void onLost(@Nullable Throwable why) {
        lost = true;
        cause = why;
        if (begun) {
            lose();
        }
    }

    private void lose() {
        boolean some = !unread.isEmpty();
        for (ByteBuf next = unread.poll(); next != null; next = unread.poll()) {
            pipeline().fireChannelRead(next);
        }
        if (some) {
            pipeline().fireChannelReadComplete();
        }
        if (cause != null) {
            pipeline().fireExceptionCaught(cause);
        }
        end();
    }

    /** Nobody wants it any more. */
    void end() {
        unsafe().close(unsafe().voidPromise());
    }

    /** Gives who reads what is next. What that makes it send is out before it reads on, as it is where reading asks the system. */
    private void deliver() {
        delivering = false;
        if (!open || !reading) {
            return;
        }
        ByteBuf next = unread.poll();
        if (next != null) {
            reading = false;
            int bytes = next.readableBytes();
            pipeline().fireChannelRead(next);
            stream.consumed(bytes);
            pipeline().fireChannelReadComplete();
        } else if (ended) {
            end();
        }
    }

    // ---- for the channel

    @Override
    protected void doBeginRead() {
        reading = true;
        if (!delivering && (ended || !unread.isEmpty())) {
            delivering = true;
            eventLoop().execute(this::deliver);
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("bytes are what a stream takes, not " + message.getClass());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer messages) throws Exception {
        // What fails at once may let others in.
        for (List<ByteBuf> next = next(messages); !next.isEmpty(); next = next(messages)) {
            for (ByteBuf message : next) {
                writing++;
                stream.write(message.retainedDuplicate()).addListener(done -> onWritten(messages, done.cause()));
            }
        }
    }

    private List<ByteBuf> next(ChannelOutboundBuffer messages) throws Exception {
        List<ByteBuf> next = new ArrayList<>(2);
        int[] skipped = {writing};
        messages.forEachFlushedMessage(message -> {
            if (skipped[0]-- <= 0) {
                next.add((ByteBuf) message);
            }
            return true;
        });
        return next;
    }

    private void onWritten(ChannelOutboundBuffer messages, @Nullable Throwable failure) {
        writing--;
        // The messages of a channel that was closed have failed with it.
        if (!open) {
            return;
        }
        if (failure == null) {
            messages.remove();
        } else {
            messages.remove(failure);
        }
    }

    @Override
    protected void doClose() {
        if (open) {
            stream.flush();
            open = false;
            unread.forEach(ByteBuf::release);
            unread.clear();
            stream.onChannelClosed(writing == 0);
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return parent().localAddress();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return parent().remoteAddress();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a stream is bound with its connection");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("a stream is open from its beginning"));
            }
        };
    }
}
