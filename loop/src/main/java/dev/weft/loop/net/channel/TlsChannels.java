package dev.weft.loop.net.channel;

import dev.weft.loop.Asyncio;
import dev.weft.loop.net.dial.Tls;
import dev.weft.loop.net.dial.TlsException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.AttributeKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** TLS on channels, through Netty's {@link SslHandler}. */
public final class TlsChannels {
    /** The pipeline of a channel that was closed is empty: it could not be asked. */
    private static final AttributeKey<SslHandler> TLS = AttributeKey.valueOf(TlsChannels.class, "tls");

    private TlsChannels() {}

    /** Adds TLS to the end of a client's pipeline. On the loop's own thread, or before the channel is registered. */
    public static void addClient(Channel channel, Tls tls, String serverName, int port) {
        channel.pipeline().addLast(client(channel, tls, serverName, port));
    }

    /** Whether what a client needs is there, so that {@link #prepareClient} has nothing to do. */
    public static boolean isPrepared(Tls tls) {
        return TlsContexts.hasClient(tls);
    }

    /**
     * Makes what a client needs, in a thread of its own: it takes too long for the loop. Suspends the calling task; to be called
     * before a handler is made.
     *
     * @throws IllegalArgumentException if the settings do not work
     */
    public static void prepareClient(Tls tls) {
        if (!TlsContexts.hasClient(tls)) {
            Asyncio.toThread(() -> TlsContexts.client(tls)).await();
        }
    }

    /**
     * Makes what a server needs; see {@link #prepareClient}.
     *
     * @throws IllegalArgumentException if the settings do not work, or have no certificate
     */
    public static void prepareServer(Tls tls) {
        if (!TlsContexts.hasServer(tls)) {
            Asyncio.toThread(() -> TlsContexts.server(tls)).await();
        }
    }

    /** Adds TLS to the end of a server's pipeline. On the loop's own thread. */
    public static void addServer(Channel channel, Tls tls) {
        channel.pipeline().addLast(server(channel, tls));
    }

    /** A handler for the side that connects. */
    public static SslHandler client(Channel channel, Tls tls, String serverName, int port) {
        return prepare(channel, tls, TlsContexts.client(tls).newHandler(channel.alloc(), serverName, port));
    }

    /** A handler for the side that accepts. */
    public static SslHandler server(Channel channel, Tls tls) {
        return prepare(channel, tls, TlsContexts.server(tls).newHandler(channel.alloc()));
    }

    private static SslHandler prepare(Channel channel, Tls tls, SslHandler handler) {
        handler.setHandshakeTimeoutMillis(tls.handshakeTimeout().toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(tls.shutdownTimeout().toMillis());
        handler.setCloseNotifyReadTimeoutMillis(tls.shutdownTimeout().toMillis());
        channel.attr(TLS).set(handler);
        return handler;
    }

    /** The innermost TLS of a channel, also of one that was closed; null if it is plain. */
    public static @Nullable SslHandler of(Channel channel) {
        return channel.attr(TLS).get();
    }

    /** The names of hosts in the certificate that the peer has shown to the innermost TLS of a channel, as it has them; empty without one. */
    public static List<String> peerNames(Channel channel) {
        X509Certificate certificate = peerCertificate(channel);
        return certificate == null ? List.of() : ServiceIdentity.hosts(certificate);
    }

    /** Whether that certificate is a host's, by the rules that hold in handshakes. */
    public static boolean isPeerNamed(Channel channel, String host) {
        X509Certificate certificate = peerCertificate(channel);
        return certificate != null && ServiceIdentity.isFor(certificate, host);
    }

    private static @Nullable X509Certificate peerCertificate(Channel channel) {
        SslHandler handler = of(channel);
        try {
            Certificate[] chain =
                    handler == null ? null : handler.engine().getSession().getPeerCertificates();
            return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate own ? own : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /**
     * Suspends the calling task until the innermost TLS of a channel is agreed on.
     *
     * @param peer the other side, for messages
     * @throws TlsException if it is not; the channel is closed then, as it is when the task is cancelled
     */
    public static void handshake(Channel channel, String peer) {
        SslHandler handler = of(channel);
        if (handler == null) {
            throw new IllegalStateException("no TLS on the connection to " + peer);
        }
        handshake(channel, handler, peer);
    }

    /** Suspends the calling task until this TLS of a channel is agreed on; see {@link #handshake(Channel, String)}. */
    public static void handshake(Channel channel, SslHandler handler, String peer) {
        var agreed = handler.handshakeFuture();
        try {
            Netty.join(agreed);
        } catch (Throwable e) {
            Netty.abort(channel);
            throw e;
        }
        Throwable failure = agreed.cause();
        if (failure != null) {
            Netty.abort(channel);
            throw failed(peer, failure, handler);
        }
    }

    private static TlsException failed(String peer, Throwable failure, SslHandler handler) {
        return new TlsException("no TLS with " + peer + ": " + reason(failure, handler), Netty.ioException(failure));
    }

    private static String reason(Throwable failure, SslHandler handler) {
        if (failure instanceof SslHandshakeTimeoutException) {
            return "the handshake took longer than " + handler.getHandshakeTimeoutMillis() + " ms";
        }
        CertificateException refused = CertificateRefusals.find(failure, CertificateException.class);
        return Netty.reason(refused == null ? failure : refused);
    }

    /**
     * Puts TLS under a handler of a channel that is in use. Bytes that came before are the first that TLS gets: they were sent in the
     * clear, so nobody may read them as if they had not been. On the loop's own thread.
     */
    public static void insertBefore(Channel channel, String handlerName, SslHandler handler, ByteBuf unread) {
        channel.pipeline().addBefore(handlerName, null, handler);
        ChannelHandlerContext context = channel.pipeline().context(handler);
        if (context == null || !unread.isReadable()) {
            unread.release();
            return;
        }
        try {
            handler.channelRead(context, unread);
            handler.channelReadComplete(context);
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
    }
}
