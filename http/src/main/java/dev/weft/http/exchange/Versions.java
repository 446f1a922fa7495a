package dev.weft.http.exchange;

import dev.weft.http.h1.H1Connection;
import dev.weft.http.h2.H2Connection;
import dev.weft.http.h2.H2Terms;
import dev.weft.http.wire.Protocols;
import io.netty.channel.Channel;

/**
 * HTTP/1.1 and HTTP/2, for a connector.
 *
 * @param terms for connections of HTTP/2
 */
public record Versions(H2Terms terms) implements Protocols {
    @Override
    public void install(Channel channel, boolean h2) {
        if (h2) {
            H2Connection.install(channel, terms);
        } else {
            H1Connection.install(channel);
        }
    }
}
