package dev.weft.http.connect;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.wire.HttpConnection;
import dev.weft.http.wire.ResponseListener;
import dev.weft.http.wire.Wire;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** In the place of a protocol: bytes as text, and nothing else. In that of HTTP/2 it is shared, and says what a test wants it to. */
final class Plain extends ChannelInboundHandlerAdapter implements HttpConnection {
    static final int STREAMS = 3;

    private final StringBuilder received = new StringBuilder();
    private final boolean shared;
    private int capacity;
    private Owner owner;
    private String retired;
    private int goodbyes;
    private int aborted;

    private Plain(boolean shared) {
        this.shared = shared;
        this.capacity = shared ? STREAMS : 1;
    }

    static void install(Channel channel, boolean h2) {
        Plain plain = new Plain(h2);
        channel.pipeline().addLast(plain);
        channel.attr(HttpConnection.KEY).set(plain);
    }

    @Override
    public HttpVersion version() {
        return shared ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public void owner(Owner told) {
        owner = told;
    }

    @Override
    public String retired() {
        return retired;
    }

    @Override
    public Wire open() {
        return new NoWire(this);
    }

    @Override
    public void goodbye() {
        goodbyes++;
    }

    /** It takes so many requests from now on. */
    static void capacity(Connection connection, int requests) {
        Plain plain = (Plain) connection.http();
        plain.capacity = requests;
        plain.owner.onCapacity(requests);
    }

    /** It takes no request any more. */
    static void retire(Connection connection) {
        Plain plain = (Plain) connection.http();
        plain.retired = "enough";
        plain.owner.onRetired(plain.retired);
    }

    /** How often it said goodbye. */
    static int goodbyes(Connection connection) {
        return ((Plain) connection.http()).goodbyes;
    }

    /** How many requests were ended before their time. */
    static int aborted(Connection connection) {
        return ((Plain) connection.http()).aborted;
    }

    /** Nothing is sent by it. */
    private record NoWire(Plain plain) implements Wire {
        private static UnsupportedOperationException nothing() {
            return new UnsupportedOperationException("nothing is sent");
        }

        @Override
        public void send(ClientRequest request, String target, ResponseListener to) {
            throw nothing();
        }

        @Override
        public Future<Boolean> write(Loop loop, ByteBuffer piece, boolean last) {
            throw nothing();
        }

        @Override
        public Future<Boolean> endUpload(Loop loop) {
            throw nothing();
        }

        @Override
        public boolean resume() {
            return false;
        }

        @Override
        public void abort() {
            plain.aborted++;
        }

        @Override
        public boolean wasWritten() {
            return false;
        }

        @Override
        public boolean wasRefused() {
            return false;
        }

        @Override
        public long received() {
            return 0;
        }

        @Override
        public Duration keepAlive() {
            return null;
        }

        @Override
        public String notReusable() {
            return null;
        }

        @Override
        public boolean hasSwitched() {
            return false;
        }

        @Override
        public Channel upgraded() {
            throw nothing();
        }

        @Override
        public void upgrade(ChannelHandler... handlers) {
            throw nothing();
        }
    }

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
