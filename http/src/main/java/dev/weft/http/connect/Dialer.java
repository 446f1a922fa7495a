package dev.weft.http.connect;

import dev.weft.http.connect.Conversation.Failed;
import dev.weft.http.connect.HttpTunnel.Challenged;
import dev.weft.http.message.ClientConnectorException;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.ProxyException;
import dev.weft.http.wire.Protocols;
import dev.weft.loop.Loop;
import dev.weft.loop.net.channel.Netty;
import dev.weft.loop.net.dial.Tls;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections that speak HTTP: to the server, or through a proxy, with TLS where it belongs. Run by the task that needs the connection;
 * whatever ends the task's wait closes what was begun. Confined to the loop.
 */
final class Dialer {
    private final Loop loop;
    private final Sockets sockets;
    private final Handshakes handshakes;
    private final Tls proxyTls;
    private final Protocols protocols;

    /**
     * A dialer for a loop.
     *
     * @param protocols put HTTP into the pipelines of channels
     */
    Dialer(Loop loop, ConnectorSettings settings, Protocols protocols) {
        this.loop = loop;
        this.sockets = new Sockets(loop, settings);
        this.handshakes = new Handshakes(loop);
        this.proxyTls = settings.proxyTls().offering(Protocols.H1);
        this.protocols = protocols;
    }

    /**
     * A channel that speaks HTTP with the origin of a route.
     *
     * @param tlsLimit for each TLS handshake; null for none
     * @throws dev.weft.http.message.ClientException if none came about; nothing is left open then
     */
    Channel dial(Patience wait, Route route, @Nullable Duration tlsLimit) {
        sockets.checkTarget(wait);
        Tls tls = route.tls();
        if (tls != null) {
            handshakes.prepare(wait, tls);
        }
        Proxy proxy = route.proxy();
        if (proxy != null && !route.isForward()) {
            return tunnel(wait, route, proxy, tlsLimit);
        }
        if (proxy != null) {
            return toProxy(wait, proxy, opened -> protocols.install(opened, false), tlsLimit);
        }
        Channel channel = sockets.connect(wait, route.origin(), opened -> begin(opened, route));
        return tls == null
                ? channel
                : handshakes.await(wait, route.origin().toString(), channel, route.version(), tlsLimit);
    }

    /**
     * Where a route that leads straight to its origin may be connected to, as {@link #dial} would.
     *
     * @throws dev.weft.http.message.ClientException if that is nowhere
     */
    List<InetSocketAddress> addresses(Patience wait, Route route) {
        sockets.checkTarget(wait);
        return sockets.addresses(wait, route.origin());
    }

    void clearDnsCache() {
        sockets.clearDnsCache();
    }

    /** The handlers of those who speak with the origin. What has closed meanwhile needs none of TLS. */
    private void begin(Channel channel, Route route) {
        Tls tls = route.tls();
        if (tls == null) {
            protocols.install(channel, route.version() == HttpVersion.HTTP_2);
        } else if (channel.isOpen()) {
            Handshakes.add(channel, tls, route.certificateName(), route.origin().port());
            Negotiation.add(channel, protocols, route.version(), Handshakes.handler(channel));
        }
    }

    /** A channel to a proxy, with handlers that speak with it. */
    private Channel toProxy(Patience wait, Proxy proxy, Consumer<Channel> handlers, @Nullable Duration tlsLimit) {
        Origin peer = new Origin(false, proxy.host(), proxy.port());
        try {
            if (proxy.kind() != Proxy.Kind.HTTPS) {
                return sockets.connect(wait, peer, handlers);
            }
            handshakes.prepare(wait, proxyTls);
            Channel channel = sockets.connect(wait, peer, opened -> {
                Handshakes.add(opened, proxyTls, peer.host(), peer.port());
                handlers.accept(opened);
            });
            return handshakes.await(wait, peer.toString(), channel, HttpVersion.HTTP_1_1, tlsLimit);
        } catch (ClientConnectorException e) {
            throw new ProxyException(wait.request(), proxy, 0, e.reason(), e);
        }
    }

    private Channel tunnel(Patience wait, Route route, Proxy proxy, @Nullable Duration tlsLimit) {
        Origin target = route.origin();
        // Both before the proxy is bothered.
        SocksTunnel.check(wait, proxy, target.host(), target.port());
        String host = proxy.kind() == Proxy.Kind.SOCKS5
                ? sockets.addressForProxy(wait, target).getHostAddress()
                : target.host();
        Channel channel;
        try {
            channel = through(wait, route, proxy, host, null, tlsLimit);
        } catch (Challenged first) {
            try {
                channel = through(wait, route, proxy, host, first.authorization(), tlsLimit);
            } catch (Challenged second) {
                throw new AssertionError("a challenge to its own answer", second);
            }
        }
        return route.tls() == null
                ? channel
                : handshakes.await(wait, target.toString(), channel, route.version(), tlsLimit);
    }

    /** A channel that leads through a proxy, the handlers for its end in place. */
    private Channel through(
            Patience wait,
            Route route,
            Proxy proxy,
            String host,
            @Nullable String authorization,
            @Nullable Duration tlsLimit)
            throws Challenged {
        Origin target = route.origin();
        Channel channel = toProxy(wait, proxy, opened -> Conversation.add(loop, opened), tlsLimit);
        boolean open = false;
        try {
            Conversation proxied = Conversation.of(channel);
            switch (proxy.kind()) {
                case HTTP, HTTPS -> HttpTunnel.open(wait, proxied, proxy, target.toString(), authorization);
                case SOCKS4 -> SocksTunnel.open4(wait, proxied, proxy, host, target.port());
                case SOCKS5, SOCKS5H -> SocksTunnel.open5(wait, proxied, proxy, host, target.port());
            }
            open = proxied.handOver(wait, end -> begin(end, route)) || route.tls() == null;
        } catch (Failed e) {
            throw new ProxyException(wait.request(), proxy, 0, String.valueOf(e.getMessage()), e);
        } finally {
            if (!open) {
                Netty.abort(channel);
            }
        }
        if (!open) {
            throw TlsFailures.ended(wait.request(), target.toString(), null);
        }
        return channel;
    }
}
