package dev.weft.benchmarks.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The least a client on Netty can do: keep-alive connections to one server, one request after the other on each, no features, callbacks.
 *
 * <p>Settings: one event loop on epoll, the pooled allocator, TLS by OpenSSL.
 */
final class RawNetty implements Contender {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Driver> drivers = new ArrayList<>();
    private @Nullable SslContext tls;

    /** A connection; touched by the event loop alone while it runs. */
    private static final class Driver extends SimpleChannelInboundHandler<HttpObject> {
        private final String host;
        private final String path;
        private @Nullable Channel channel;
        private @Nullable Work work;
        private long start;
        private int status;

        Driver(URI uri) {
            host = uri.getAuthority();
            path = uri.getRawPath();
        }

        void next(Work now) {
            work = now;
            if (now.take() == null) {
                work = null;
                now.idle();
                return;
            }
            start = System.nanoTime();
            DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
            request.headers().set("Host", host).set("Accept", "*/*").set("User-Agent", "raw");
            channel.writeAndFlush(request, channel.voidPromise());
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = context.channel();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpResponse head) {
                status = head.status().code();
            }
            if (message instanceof LastHttpContent) {
                work.ended(start, status);
                next(work);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            exceptionCaught(context, new IllegalStateException("the server has closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Work failed = work;
            if (failed != null) {
                work = null;
                failed.failed(cause);
                failed.idle();
            }
        }
    }

    @Override
    public void run(Work work) throws Exception {
        while (drivers.size() < work.inFlight()) {
            drivers.add(connect(URI.create(work.first())));
        }
        group.next()
                .submit(() -> drivers.subList(0, work.inFlight()).forEach(driver -> driver.next(work)))
                .sync();
        work.await();
    }

    private Driver connect(URI uri) throws Exception {
        if (uri.getScheme().equals("https") && tls == null) {
            tls = SslContextBuilder.forClient().build();
        }
        SslContext context = tls;
        Driver driver = new Driver(uri);
        new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (context != null) {
                            channel.pipeline()
                                    .addLast(context.newHandler(channel.alloc(), uri.getHost(), uri.getPort()));
                        }
                        channel.pipeline().addLast(new HttpClientCodec(), driver);
                    }
                })
                .connect(uri.getHost(), uri.getPort())
                .sync();
        return driver;
    }

    @Override
    public void close() throws Exception {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }
}
