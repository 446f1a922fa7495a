package dev.weft.http.conformance;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the reads of the client's channels to some servers as small as their {@link Split} says: the client sees what a network would have
 * cut, without pauses. Netty finds it as a service, see {@link NettySetup}. Any thread.
 */
public final class SplitReads extends ChannelInitializerExtension {
    private static final ConcurrentHashMap<Integer, Reads> SERVERS = new ConcurrentHashMap<>();

    /** How what comes from a server is read; for as long as it is open. */
    static final class Reads implements AutoCloseable {
        private final int port;
        private final Split split;
        private final AtomicInteger channels = new AtomicInteger();

        private Reads(int port, Split split) {
            this.port = port;
            this.split = split;
        }

        /** How many channels read like this so far. */
        int channels() {
            return channels.get();
        }

        @Override
        public void close() {
            SERVERS.remove(port);
        }
    }

    /** What comes from the server at this port is read like this. */
    static Reads from(int port, Split split) {
        Reads reads = new Reads(port, split);
        SERVERS.put(port, reads);
        return reads;
    }

    @Override
    public void postInitializeClientChannel(Channel channel) {
        ClientChannels.opened(channel);
        // Behind the client's initializer: what that sets for the channel is set when this is added.
        channel.pipeline().addLast(new ChannelHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext ctx) {
                slice(channel);
                ctx.pipeline().remove(this);
            }
        });
    }

    private static void slice(Channel channel) {
        RecvByteBufAllocator usual = channel.config().getRecvByteBufAllocator();
        // Netty asks for the handle when it reads for the first time: then the channel knows its server.
        channel.config().setRecvByteBufAllocator(() -> {
            boolean inet = channel.remoteAddress() instanceof InetSocketAddress;
            Reads reads = inet ? SERVERS.get(((InetSocketAddress) channel.remoteAddress()).getPort()) : null;
            if (reads == null) {
                return usual.newHandle();
            }
            reads.channels.incrementAndGet();
            return reads.split.equals(Split.WHOLE) ? usual.newHandle() : new Sliced(reads.split).newHandle();
        });
    }

    private static final class Sliced extends DefaultMaxMessagesRecvByteBufAllocator {
        private static final int UNLIMITED = 64 * 1024;

        private final Split split;

        Sliced(Split split) {
            super(1);
            this.split = split;
        }

        @Override
        @SuppressWarnings("deprecation") // the type of Netty's own method
        public Handle newHandle() {
            return new MaxMessageHandle() {
                private long read;

                @Override
                public int guess() {
                    if (read < split.first()) {
                        return (int) (split.first() - read);
                    }
                    return split.then() == 0 ? UNLIMITED : split.then();
                }

                @Override
                public void lastBytesRead(int bytes) {
                    super.lastBytesRead(bytes);
                    read += Math.max(0, bytes);
                }
            };
        }
    }
}
