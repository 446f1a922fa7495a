package dev.weft.http.connect;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/** Makes the TLS handlers of channels. A class of its own, so that plain HTTP loads nothing of TLS. */
final class SslSource {
    private final SslContext context;

    SslSource(SslContext context) {
        this.context = context;
    }

    SslHandler handler(ByteBufAllocator allocator, Origin origin) {
        // The name goes into SNI, and is what the certificate must be for.
        SslHandler handler = context.newHandler(allocator, origin.host(), origin.port());
        // The connect timeout covers the handshake.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }
}
