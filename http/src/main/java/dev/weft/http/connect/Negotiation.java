package dev.weft.http.connect;

import dev.weft.http.message.HttpVersion;
import dev.weft.http.wire.Protocols;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind TLS until both sides have agreed on a protocol, and puts that in its place, before the first byte of it can come. Source: RFC 7301;
 * RFC 9113 section 3.2. On the loop's thread.
 */
final class Negotiation extends ChannelInboundHandlerAdapter {
    private final Protocols protocols;
    private final HttpVersion wanted;
    private final SslHandler tls;

    private Negotiation(Protocols protocols, HttpVersion wanted, SslHandler tls) {
        this.protocols = protocols;
        this.wanted = wanted;
        this.tls = tls;
    }

    /** Adds it behind the TLS that was added last. */
    static void add(Channel channel, Protocols protocols, HttpVersion wanted, SslHandler tls) {
        channel.pipeline().addLast(new Negotiation(protocols, wanted, tls));
    }

    /** What is to be offered for a version. */
    static String[] offer(HttpVersion wanted) {
        return switch (wanted) {
            case AUTO -> new String[] {Protocols.H2, Protocols.H1};
            case HTTP_2 -> new String[] {Protocols.H2};
            case HTTP_1_1, HTTP_1_0 -> new String[] {Protocols.H1};
        };
    }

    /** Why what was agreed on cannot be spoken; null if it can. Null for {@code agreed} is what a server says that knows nothing of ALPN. */
    static @Nullable String objection(@Nullable String agreed, HttpVersion wanted) {
        if (agreed == null) {
            return wanted == HttpVersion.HTTP_2 ? "does not speak HTTP/2: it agreed on no protocol" : null;
        }
        for (String offered : offer(wanted)) {
            if (offered.equals(agreed)) {
                return null;
            }
        }
        return "wants to speak " + agreed + ", which was offered, but only " + String.join(" and ", offer(wanted))
                + " can be spoken here";
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // The protocol hears of it once it is there; TLS reads for itself.
        ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done
                && done.isSuccess()
                && objection(tls.applicationProtocol(), wanted) == null) {
            protocols.install(ctx.channel(), Protocols.H2.equals(tls.applicationProtocol()));
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** Who waits for the handshake is told by that. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
