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
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The least a client on Netty can do: keep-alive connections, one request after the other on each, no features, callbacks. */
final class RawNetty implements Contender {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Channel> channels = new ArrayList<>();
    private final Run run = new Run();

    /** What is to be done; touched by the event loop alone while it runs. */
    private static final class Run {
        String path = "/";
        String host = "";
        int left;
        int open;
        LongConsumer nanos = ignored -> {};
        CountDownLatch done = new CountDownLatch(1);

        @Nullable
        Throwable failure;
    }

    private static final class Driver extends SimpleChannelInboundHandler<HttpObject> {
        private final Run run;
        private long start;

        Driver(Run run) {
            this.run = run;
        }

        void next(Channel channel) {
            if (run.left == 0) {
                if (--run.open == 0) {
                    run.done.countDown();
                }
                return;
            }
            run.left--;
            start = System.nanoTime();
            DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, run.path);
            request.headers().set("Host", run.host).set("Accept", "*/*").set("User-Agent", "raw");
            channel.writeAndFlush(request, channel.voidPromise());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof LastHttpContent) {
                run.nanos.accept(System.nanoTime() - start);
                next(context.channel());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            run.failure = cause;
            run.done.countDown();
        }
    }

    @Override
    public void run(String url, int inFlight, int requests, LongConsumer nanos) throws Exception {
        URI uri = URI.create(url);
        while (channels.size() < inFlight) {
            channels.add(new Bootstrap()
                    .group(group)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpClientCodec(), new Driver(run));
                        }
                    })
                    .connect(uri.getHost(), uri.getPort())
                    .sync()
                    .channel());
        }
        CountDownLatch done = new CountDownLatch(1);
        group.next()
                .submit(() -> {
                    run.path = uri.getRawPath();
                    run.host = uri.getAuthority();
                    run.left = requests;
                    run.open = inFlight;
                    run.nanos = nanos;
                    run.done = done;
                    for (Channel channel : channels.subList(0, inFlight)) {
                        channel.pipeline().get(Driver.class).next(channel);
                    }
                })
                .sync();
        done.await();
        if (run.failure != null) {
            throw new IllegalStateException(run.failure);
        }
    }

    @Override
    public void close() throws Exception {
        group.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS).sync();
    }
}
