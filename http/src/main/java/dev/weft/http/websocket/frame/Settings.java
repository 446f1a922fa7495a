package dev.weft.http.websocket.frame;

import dev.weft.http.websocket.PerMessageDeflate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a WebSocket is to be like.
 *
 * @param protocols the subprotocols that are offered, the favourite first
 * @param deflate the compression that is offered; null for none
 * @param heartbeat the silence after which the other side is asked for a sign of life; null for never
 * @param receiveTimeout for one message; null for none
 * @param closeTimeout for the other side's answer to Close
 * @param maxMessageBytes the largest message that is received, uncompressed
 * @param aheadBytes how far the network is read ahead of the receiver
 * @param autoPing whether pings are answered here, and pongs kept from the receiver
 * @param autoClose whether a Close is answered here
 */
public record Settings(
        List<String> protocols,
        @Nullable PerMessageDeflate deflate,
        @Nullable Duration heartbeat,
        @Nullable Duration receiveTimeout,
        Duration closeTimeout,
        int maxMessageBytes,
        int aheadBytes,
        boolean autoPing,
        boolean autoClose) {}
