package dev.weft.benchmarks.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.collection.IntObjectHashMap;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The least a client on Netty can do over HTTP/2: one connection to one server, so many streams at a time, no features, callbacks.
 *
 * <p>Settings: one event loop on epoll, the pooled allocator, TLS by OpenSSL, Netty's frames without its channels for streams.
 */
final class RawHttp2 implements Contender {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private @Nullable Driver driver;

    /** The connection; touched by the event loop alone while it runs. */
    private static final class Driver extends Http2FrameAdapter {
        private static final int WINDOW_BYTES = 16 << 20;

        private final String host;
        private final String path;
        private final Http2ConnectionHandler handler;
        /** When each request began, and its status once that is there. */
        private final IntObjectHashMap<long[]> streams = new IntObjectHashMap<>();

        private @Nullable ChannelHandlerContext context;
        private @Nullable Work work;

        Driver(URI uri) {
            host = uri.getAuthority();
            path = uri.getRawPath();
            handler = new Http2ConnectionHandlerBuilder()
                    .server(false)
                    .frameListener(this)
                    .initialSettings(
                            Http2Settings.defaultSettings().pushEnabled(false).initialWindowSize(WINDOW_BYTES))
                    .build();
        }

        void begin(Channel channel, Work now) {
            context = channel.pipeline().context(handler);
            work = now;
            for (int i = 0; i < now.inFlight(); i++) {
                next(now);
            }
            context.flush();
        }

        private void next(Work now) {
            if (now.take() == null) {
                now.idle();
                return;
            }
            int id = handler.connection().local().incrementAndGetNextStreamId();
            streams.put(id, new long[] {System.nanoTime(), 0});
            Http2Headers head = new DefaultHttp2Headers(false)
                    .method("GET")
                    .scheme("https")
                    .authority(host)
                    .path(path)
                    .add("accept", "*/*")
                    .add("user-agent", "raw");
            handler.encoder().writeHeaders(context, id, head, 0, true, context.newPromise());
        }

        private void ended(int id) {
            long[] stream = streams.remove(id);
            work.ended(stream[0], (int) stream[1]);
            next(work);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers head,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end) {
            onHeadersRead(ctx, id, head, padding, end);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers head, int padding, boolean end) {
            streams.get(id)[1] = Integer.parseInt(head.status().toString());
            if (end) {
                ended(id);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
            int size = data.readableBytes() + padding;
            if (end) {
                ended(id);
            }
            return size;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
            streams.remove(id);
            work.failed(new IllegalStateException("the server reset a stream: " + code));
            work.idle();
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int last, long code, ByteBuf details) {
            work.failed(new IllegalStateException("the server goes away: " + code));
            streams.forEach((id, stream) -> work.idle());
        }
    }

    @Override
    public void run(Work work) throws Exception {
        if (driver == null) {
            driver = new Driver(URI.create(work.first()));
            channel = connect(URI.create(work.first()), driver.handler);
        }
        group.next().submit(() -> driver.begin(channel, work)).sync();
        work.await();
    }

    private @Nullable Channel channel;

    private Channel connect(URI uri, Http2ConnectionHandler handler) throws Exception {
        SslContext tls = SslContextBuilder.forClient()
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
        return new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(tls.newHandler(channel.alloc(), uri.getHost(), uri.getPort()), handler);
                    }
                })
                .connect(uri.getHost(), uri.getPort())
                .sync()
                .channel();
    }

    @Override
    public void close() throws Exception {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }
}
