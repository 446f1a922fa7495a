package dev.weft.loop.net;

import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.net.channel.Netty;
import dev.weft.loop.net.dial.ConnectionException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent: collected while a task runs, handed to the channel in one go when it suspends. Whoever writes while more than
 * the high-water mark waits is suspended until the channel is below its low one. Confined to the loop.
 *
 * <p>Source: {@code asyncio.streams.FlowControlMixin}.
 */
final class Outbox {
    /** asyncio's marks. */
    static final int HIGH_WATER_BYTES = 64 * 1024;

    static final int LOW_WATER_BYTES = 16 * 1024;
    /** Small writes share a buffer of this size. */
    private static final int SHARED_BYTES = 4 * 1024;

    private final Loop loop;
    private final Channel channel;
    private final ArrayDeque<ByteBuf> collected = new ArrayDeque<>();
    private final List<Future<@Nullable Void>> waiters = new ArrayList<>();
    private int collectedBytes;
    private long unsentBytes;
    private boolean handOverQueued;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    Outbox(Loop loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /** Queues a copy of the bytes, then suspends the calling task while too many wait. */
    void write(ByteBuffer data) {
        if (ended) {
            throw new IllegalStateException("write after writeEof");
        }
        checkOpen();
        int length = data.remaining();
        if (length > 0) {
            room(length).writeBytes(data.duplicate());
            collectedBytes += length;
            unsentBytes += length;
            queueHandOver();
        }
        while (isFull()) {
            awaitRoom();
            checkOpen();
        }
    }

    private ByteBuf room(int length) {
        ByteBuf last = collected.peekLast();
        if (last == null || last.writableBytes() < length) {
            last = channel.alloc().ioBuffer(Math.max(length, SHARED_BYTES));
            collected.add(last);
        }
        return last;
    }

    private void queueHandOver() {
        if (!handOverQueued) {
            handOverQueued = true;
            channel.eventLoop().execute(this::handOver);
        }
    }

    /** Gives what was collected to the channel. On the loop's own thread. */
    void handOver() {
        handOverQueued = false;
        collectedBytes = 0;
        for (ByteBuf next = collected.poll(); next != null; next = collected.poll()) {
            int length = next.readableBytes();
            channel.write(next).addListener(sent -> written((ChannelFuture) sent, length));
        }
        channel.flush();
        wakeWriters();
    }

    private void written(ChannelFuture sent, int length) {
        if (sent.isSuccess()) {
            unsentBytes -= length;
        } else if (failure == null) {
            failure = Netty.ioException(sent.cause());
        }
    }

    private boolean isFull() {
        return collectedBytes > HIGH_WATER_BYTES || !channel.isWritable();
    }

    private void awaitRoom() {
        Future<@Nullable Void> room = loop.createFuture();
        waiters.add(room);
        try {
            room.await();
        } finally {
            waiters.remove(room);
        }
    }

    /** Lets those go on who wait for room, if there is some. */
    void wakeWriters() {
        if (isFull() && !closed) {
            return;
        }
        for (Future<@Nullable Void> waiter : waiters) {
            if (!waiter.isDone()) {
                waiter.setResult(null);
            }
        }
    }

    private void checkOpen() {
        if (closed) {
            String reason = failure == null ? "it was closed" : Netty.reason(failure);
            throw new ConnectionException(
                    "cannot write, the connection is gone: " + reason,
                    failure == null ? new ClosedChannelException() : failure);
        }
    }

    /** The channel takes nothing any more. */
    void close() {
        closed = true;
        wakeWriters();
    }

    long unsentBytes() {
        return unsentBytes;
    }

    @Nullable
    IOException failure() {
        return failure;
    }

    /** Sends what was written, then tells the peer that nothing follows. */
    void end() {
        checkOpen();
        if (!ended) {
            ended = true;
            channel.eventLoop().execute(() -> whenSent(done -> ((DuplexChannel) channel).shutdownOutput()));
        }
    }

    boolean hasEnded() {
        return ended;
    }

    /** Runs an action when all that was written has been sent, or cannot be. On the loop's own thread. */
    void whenSent(ChannelFutureListener action) {
        handOver();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(action);
    }
}
