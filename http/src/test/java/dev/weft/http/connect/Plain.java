package dev.weft.http.connect;

import dev.weft.http.message.HttpVersion;
import dev.weft.http.wire.HttpConnection;
import dev.weft.http.wire.Wire;
import dev.weft.loop.Asyncio;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** In the place of a protocol: bytes as text, and nothing else. */
final class Plain extends ChannelInboundHandlerAdapter implements HttpConnection {
    private final StringBuilder received = new StringBuilder();

    static void install(Channel channel, boolean h2) {
        Plain plain = new Plain();
        channel.pipeline().addLast(plain);
        channel.attr(HttpConnection.KEY).set(plain);
    }

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_1_1;
    }

    @Override
    public int capacity() {
        return 1;
    }

    @Override
    public void owner(Owner owner) {}

    @Override
    public String retired() {
        return null;
    }

    @Override
    public Wire open() {
        return null;
    }

    @Override
    public void goodbye() {}

    private static Plain of(Connection connection) {
        return connection.channel().pipeline().get(Plain.class);
    }

    /** Sends a text, and waits until the answer ends with another. */
    static String talk(Connection connection, String text, String end) {
        Plain plain = of(connection);
        connection.channel().eventLoop().execute(() -> {
            plain.received.setLength(0);
            connection
                    .channel()
                    .writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1))
                    .channel();
        });
        return received(plain, end);
    }

    /** Waits until what came ends with a text. */
    static String hear(Connection connection, String end) {
        return received(of(connection), end);
    }

    private static String received(Plain plain, String end) {
        do {
            Asyncio.sleep(Duration.ofMillis(1)).await();
        } while (!plain.received.toString().endsWith(end));
        return plain.received.toString();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        received.append(bytes.toString(StandardCharsets.ISO_8859_1));
        bytes.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.read();
    }
}
