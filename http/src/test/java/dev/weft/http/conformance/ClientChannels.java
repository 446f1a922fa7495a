package dev.weft.http.conformance;

import dev.weft.http.wire.HttpConnection;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The client's channels that are open, as {@link SplitReads} hears of them. Any thread; what is in them is for their loop's thread to ask. */
final class ClientChannels {
    private static final Set<Channel> OPEN = ConcurrentHashMap.newKeySet();

    private ClientChannels() {}

    static void opened(Channel channel) {
        OPEN.add(channel);
        channel.closeFuture().addListener(done -> OPEN.remove(channel));
    }

    /** How much has to have come before the one channel is read. */
    static int lowWater() {
        Channel only = OPEN.stream()
                .filter(EpollSocketChannel.class::isInstance)
                .findAny()
                .orElse(null);
        return only == null ? 1 : only.config().getOption(new IntegerUnixChannelOption("SO_RCVLOWAT", 1, 18));
    }

    /** What connections of HTTP/2 hold: streams, and parts of the window that were not given back. Empty if nothing. */
    static List<String> held() {
        List<String> held = new ArrayList<>();
        for (Channel channel : OPEN) {
            if (channel.isActive() && HttpConnection.of(channel) instanceof Http2ConnectionHandler http2) {
                Http2Stream connection = http2.connection().connectionStream();
                int streams = http2.connection().numActiveStreams();
                int bytes = http2.decoder().flowController().unconsumedBytes(connection);
                if (streams > 0 || bytes > 0) {
                    held.add(streams + " streams, " + bytes + " bytes of the window");
                }
            }
        }
        return held;
    }
}
