package dev.weft.http.exchange;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.HttpVersion;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that asked to change the protocol, and the connection, if the server agreed: it stays leased until {@link #end},
 * which whoever has this calls at some time. Confined to the loop.
 */
public final class Upgraded {
    private final ClientResponse response;
    private final @Nullable Exchange exchange;

    Upgraded(ClientResponse response, @Nullable Exchange exchange) {
        this.response = response;
        this.exchange = exchange;
    }

    /** The answer: that the server agreed, or why it did not. */
    public ClientResponse response() {
        return response;
    }

    /** Whether the server agreed: by a 101, or with HTTP/2 by any 2xx. */
    public boolean isAgreed() {
        return response.status() == 101 || (isHttp2() && response.status() / 100 == 2);
    }

    /** Whether it is a stream of HTTP/2: the server has agreed by its status alone. */
    public boolean isHttp2() {
        return response.version().equals(HttpVersion.HTTP_2.toString());
    }

    /** Whether there is a connection: the server agreed, and nobody has closed it since. */
    public boolean isSwitched() {
        return isAgreed() && exchange != null && !exchange.isFinished();
    }

    private Exchange exchange() {
        if (exchange == null) {
            throw new IllegalStateException(response + ": there is no connection");
        }
        return exchange;
    }

    /** What the new protocol is spoken on: the connection's channel, or the stream's. */
    public Channel channel() {
        return exchange().upgraded();
    }

    /**
     * Puts the new protocol into the channel, in HTTP's place; the first handler gets what came behind the answer. The handlers read by
     * {@link Channel#read()}, and hear of the end of the connection even if it was closed before.
     *
     * @param onFailure is told why, if the session is closed; the connection is closed then
     */
    public void handOver(Consumer<ClientException> onFailure, ChannelHandler... handlers) {
        exchange().upgrade(onFailure, handlers);
    }

    /** What {@link #end} does, for the new protocol to hold: it does not refer to the response, so that one that is dropped is noticed. */
    public Runnable ending() {
        return exchange()::end;
    }

    /** Closes the connection, or the stream, and gives the lease back; may be called again. */
    public void end() {
        if (exchange != null) {
            exchange.end();
        }
    }
}
