package dev.weft.benchmarks.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
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
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A server of HTTP/2 over TLS that answers a request for {@code /N} when N of them are pending, on all connections together, and then all at once. Takes
 * 100 streams on each connection. Prints the port it listens on and ends with its input. One event loop, on which all of it is confined.
 */
public final class PendingServer {
    private static final int MOST_STREAMS = 100;
    private static final byte[] BODY = "hello, world\n".getBytes(StandardCharsets.US_ASCII);

    private final List<Runnable> pending = new ArrayList<>();

    private PendingServer() {}

    /** The arguments are the files of the certificate and of its key. */
    public static void main(String[] args) throws Exception {
        SslContext tls = SslContextBuilder.forServer(new File(args[0]), new File(args[1]))
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        PendingServer server = new PendingServer();
        Channel listening = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()), server.handler());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        System.out.println(((InetSocketAddress) listening.localAddress()).getPort());
        while (System.in.read() >= 0) {
            // Who started it keeps the input open for as long as the server is to run.
        }
        System.exit(0);
    }

    private Http2ConnectionHandler handler() {
        Answers answers = new Answers();
        Http2ConnectionHandler handler = new Http2ConnectionHandlerBuilder()
                .server(true)
                .frameListener(answers)
                .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(MOST_STREAMS))
                .build();
        answers.handler = handler;
        return handler;
    }

    /** A request came; it is answered when there are so many. */
    private void add(int together, Runnable answer) {
        pending.add(answer);
        if (pending.size() >= together) {
            List.copyOf(pending).forEach(Runnable::run);
            pending.clear();
        }
    }

    /** One connection. */
    private final class Answers extends Http2FrameAdapter {
        Http2ConnectionHandler handler;

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
            add(
                    Integer.parseInt(
                            head.path().subSequence(1, head.path().length()).toString()),
                    () -> {
                        Http2Headers fields = new DefaultHttp2Headers(false)
                                .status("200")
                                .add("content-type", "text/plain")
                                .add("content-length", Integer.toString(BODY.length));
                        handler.encoder().writeHeaders(ctx, id, fields, 0, false, ctx.newPromise());
                        handler.encoder().writeData(ctx, id, Unpooled.wrappedBuffer(BODY), 0, true, ctx.newPromise());
                        ctx.flush();
                    });
        }
    }
}
