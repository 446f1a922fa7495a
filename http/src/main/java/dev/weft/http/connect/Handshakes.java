package dev.weft.http.connect;

import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Phase;
import dev.weft.http.message.TlsException;
import dev.weft.http.message.TlsTimeoutException;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.net.channel.Netty;
import dev.weft.loop.net.channel.TlsChannels;
import dev.weft.loop.net.dial.Tls;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** TLS on channels: what it needs, its handler, its handshake. Confined to the loop. */
final class Handshakes {
    /** How long a connection that is closed may take to say so. */
    private static final int GOODBYE_MILLIS = 1000;

    private final Loop loop;

    Handshakes(Loop loop) {
        this.loop = loop;
    }

    /**
     * Makes what TLS needs, off the loop: reading the trust store takes a tenth of a second. Comes before {@link #add}.
     *
     * @throws TlsException if the settings do not work
     */
    void prepare(Patience wait, Tls tls) {
        if (TlsChannels.isPrepared(tls)) {
            return;
        }
        try {
            Child.await(
                    loop,
                    wait,
                    Phase.TLS,
                    () -> {
                        TlsChannels.prepareClient(tls);
                        return true;
                    },
                    prepared -> {});
        } catch (IllegalArgumentException e) {
            throw new TlsException(wait.request(), "TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /** Adds TLS to the end of a channel's pipeline; on the loop's thread. */
    static void add(Channel channel, Tls tls, String name, int port) {
        TlsChannels.addClient(channel, tls, name, port);
        SslHandler handler = handler(channel);
        // The limits are those of the request.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
        handler.setCloseNotifyReadTimeoutMillis(0);
    }

    static SslHandler handler(Channel channel) {
        SslHandler handler = TlsChannels.of(channel);
        if (handler == null) {
            throw new AssertionError("no TLS on " + channel);
        }
        return handler;
    }

    /**
     * Waits for the handshake of the TLS that was added last; whatever is thrown, the channel is closed then.
     *
     * @param version what is to be spoken then
     * @param limit for this alone; null for none
     * @throws TlsException if it fails, or they agreed on something else
     */
    Channel await(Patience wait, String peer, Channel channel, HttpVersion version, @Nullable Duration limit) {
        Future<@Nullable Throwable> agreed = loop.createFuture();
        handler(channel).handshakeFuture().addListener(outcome -> {
            if (!agreed.isDone()) {
                agreed.setResult(outcome.cause());
            }
        });
        ConnectListener told = wait.listener();
        if (told != null) {
            told.onHandshake();
        }
        boolean whole = false;
        try (Stage stage = new Stage(loop, wait, limit, TlsTimeoutException::new)) {
            Throwable failure = stage.await(Phase.TLS, agreed);
            if (failure != null) {
                throw TlsFailures.explain(wait.request(), peer, failure);
            }
            String objection = Negotiation.objection(handler(channel).applicationProtocol(), version);
            if (objection != null) {
                throw new TlsException(wait.request(), peer + " " + objection, null);
            }
            whole = true;
            return channel;
        } finally {
            if (told != null) {
                told.onSecured(whole ? handler(channel).engine().getSession() : null);
            }
            if (!whole) {
                Netty.abort(channel);
            }
        }
    }
}
