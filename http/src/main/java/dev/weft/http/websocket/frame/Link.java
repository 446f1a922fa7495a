package dev.weft.http.websocket.frame;

import dev.weft.http.exchange.Upgraded;
import io.netty.channel.Channel;

/**
 * What carries the frames of a WebSocket: a channel of bytes, whatever is below it, that is given up once. Confined to the loop.
 *
 * @param channel reads by {@link Channel#read()}
 * @param end gives it up, and closes it
 */
record Link(Channel channel, Runnable end) {
    static Link of(Upgraded upgraded) {
        return new Link(upgraded.channel(), upgraded.ending());
    }
}
