package dev.weft.http.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.wire.HttpConnection;
import dev.weft.http.wire.RequestCheck;
import dev.weft.http.wire.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that changes its protocol: what came early reaches the new one, whatever happens meanwhile. No sockets. */
class UpgradeTest {
    private static final String HEAD = "HTTP/1.1 101 Sure\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    private final EmbeddedChannel channel = new EmbeddedChannel(false, false);
    private final StringBuilder heard = new StringBuilder();
    private int reads;

    private H1Connection connect() throws Exception {
        channel.config().setAutoRead(false);
        channel.config().setAllocator(memory);
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
                reads++;
                ctx.read();
            }
        });
        H1Connection.install(channel);
        channel.register();
        H1Connection connection = (H1Connection) HttpConnection.of(channel);
        ClientRequest request = ClientRequest.of("GET", HttpUrl.parse("http://h/"))
                .withHeader("Connection", "Upgrade")
                .withHeader("Upgrade", "x");
        ClientRequest upgrade = RequestCheck.asUpgrade(request);
        RequestCheck.check(upgrade);
        connection.send(upgrade, "/", new Answer());
        channel.runPendingTasks();
        channel.releaseOutbound();
        return connection;
    }

    private void feed(String latin1) {
        channel.writeInbound(Unpooled.copiedBuffer(latin1, ISO_8859_1));
    }

    private void upgrade(H1Connection connection) {
        connection.upgrade(new Other());
        channel.runPendingTasks();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNewProtocolGetsAllBehindTheHead(boolean closed) throws Exception {
        H1Connection connection = connect();
        for (char c : HEAD.toCharArray()) {
            feed(String.valueOf(c));
        }
        int before = reads;
        feed("ea");
        feed("rly");
        assertEquals(before, reads, "it is read before anybody wants it");
        if (closed) {
            channel.close();
        }
        upgrade(connection);
        if (!closed) {
            feed(" late");
            channel.close();
        }
        assertEquals("101 early" + (closed ? "" : " late") + " closed", heard.toString());
        assertEquals(0, memory.metric().usedHeapMemory());
    }

    @Test
    void nobodyWantsIt() throws Exception {
        H1Connection connection = connect();
        feed(HEAD + "early");
        connection.abort();
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
        assertEquals("101 ", heard.toString());
        assertEquals(0, memory.metric().usedHeapMemory());
    }

    /** The protocol behind HTTP. */
    private final class Other extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            heard.append(bytes.toString(ISO_8859_1));
            bytes.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            heard.append(" closed");
        }
    }

    private final class Answer implements ResponseListener {
        @Override
        public void onHeadSent(int bodyBytes) {}

        @Override
        public void onSent() {}

        @Override
        public void onPacket(int bytes) {}

        @Override
        public void onInterim(ResponseHead head) {
            throw new AssertionError(head);
        }

        @Override
        public void onHead(ResponseHead head) {
            heard.append(head.status()).append(' ');
        }

        @Override
        public void onBody(ByteBuf piece) {
            throw new AssertionError(piece);
        }

        @Override
        public void onEnd(Headers trailers) {
            throw new AssertionError(trailers);
        }

        @Override
        public void onFailure(ClientException failure) {
            throw new AssertionError(failure);
        }

        @Override
        public boolean wantsMore() {
            return true;
        }
    }
}
