package dev.weft.http.connect;

import dev.weft.http.connect.OffLoop.Result;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.Phase;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections: name, TCP to one address after another, TLS. Run by the task that needs the connection; whatever ends the task's
 * wait closes what was begun.
 */
public final class Dialer {
    private static final int SMALLEST_READ = 1024;
    private static final int FIRST_READ = 8 * 1024;
    private static final int LARGEST_READ = 256 * 1024;

    private final Loop loop;
    private final Tls tls;
    private final Bootstrap bootstrap;
    private final Consumer<Channel> protocol;

    /**
     * A dialer for a loop.
     *
     * @param protocol puts the protocol's handlers into a new channel's pipeline; they read once the channel is active
     */
    public Dialer(Loop loop, TlsSettings tls, Consumer<Channel> protocol) {
        this.loop = loop;
        this.tls = new Tls(tls);
        this.protocol = protocol;
        this.bootstrap = new Bootstrap()
                .group(loop.poller().eventLoop())
                .channel(loop.poller().transport().socketChannel())
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                // Reads happen on credit.
                .option(ChannelOption.AUTO_READ, false)
                // A server that refuses an upload half-way answers first: a failed write must not close what is still
                // to be read.
                .option(ChannelOption.AUTO_CLOSE, false)
                // The connect timeout is ours, over all of name, TCP and TLS.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, LARGEST_READ));
    }

    /** A connected channel, its TLS handshake done. */
    Channel dial(Patience wait, Origin origin) {
        InetAddress[] addresses = resolve(wait, origin);
        SslSource ssl = origin.tls() ? tls.ready(loop, wait) : null;
        List<String> failures = new ArrayList<>();
        List<Throwable> causes = new ArrayList<>();
        for (InetAddress address : addresses) {
            SslHandler secure = ssl == null ? null : ssl.handler(PooledByteBufAllocator.DEFAULT, origin);
            Channel channel = open(secure);
            boolean whole = false;
            try {
                Throwable failure = connect(wait, channel, new InetSocketAddress(address, origin.port()));
                if (failure == null) {
                    if (secure != null) {
                        handshake(wait, origin, secure);
                    }
                    whole = true;
                    return channel;
                }
                failures.add(address.getHostAddress() + ": " + plain(failure));
                causes.add(failure);
            } finally {
                if (!whole) {
                    channel.close();
                }
            }
        }
        throw connectFailed(wait, origin, failures, causes);
    }

    private InetAddress[] resolve(Patience wait, Origin origin) {
        String host = origin.host();
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            if (literal != null) {
                return new InetAddress[] {InetAddress.getByAddress(literal)};
            }
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + literal.length + " bytes", e);
        }
        ConnectListener told = wait.listener();
        if (told != null) {
            told.onLookUp(host);
        }
        InetAddress[] addresses = null;
        Result<InetAddress[]> answer;
        try {
            answer =
                    wait.await(Phase.DNS, OffLoop.call(loop, "weft-dns " + host, () -> InetAddress.getAllByName(host)));
            addresses = answer.value();
        } finally {
            if (told != null) {
                told.onAddresses(host, addresses == null ? List.of() : List.of(addresses));
            }
        }
        if (addresses == null || addresses.length == 0) {
            throw new DnsException(wait.request(), "the host " + host + " has no address", answer.failure());
        }
        return addresses;
    }

    private Channel open(@Nullable SslHandler secure) {
        return bootstrap
                .clone()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (secure != null) {
                            channel.pipeline().addLast(secure);
                        }
                        protocol.accept(channel);
                    }
                })
                .register()
                .channel();
    }

    private @Nullable Throwable connect(Patience wait, Channel channel, InetSocketAddress address) {
        Future<@Nullable Throwable> connected = loop.createFuture();
        ConnectListener told = wait.listener();
        // Behind the registration, which is in Netty's queue too.
        channel.eventLoop().execute(() -> {
            if (told != null) {
                channel.pipeline().addFirst(new ConnectProbe(told));
            }
            ChannelFuture outcome = channel.connect(address);
            outcome.addListener(done -> complete(connected, done.cause()));
        });
        return wait.await(Phase.CONNECT, connected);
    }

    private void handshake(Patience wait, Origin origin, SslHandler handler) {
        Future<@Nullable Throwable> done = loop.createFuture();
        handler.handshakeFuture().addListener(outcome -> complete(done, outcome.cause()));
        ConnectListener told = wait.listener();
        if (told != null) {
            told.onHandshake();
        }
        Throwable failure;
        try {
            failure = wait.await(Phase.TLS, done);
        } finally {
            if (told != null) {
                boolean agreed = handler.handshakeFuture().isSuccess();
                told.onSecured(agreed ? handler.engine().getSession() : null);
            }
        }
        if (failure != null) {
            throw TlsFailures.explain(wait.request(), origin, failure);
        }
    }

    private static void complete(Future<@Nullable Throwable> future, @Nullable Throwable cause) {
        if (!future.isDone()) {
            future.setResult(cause);
        }
    }

    private static ClientException connectFailed(
            Patience wait, Origin origin, List<String> failures, List<Throwable> causes) {
        String reason = failures.size() == 1
                ? plain(causes.getFirst())
                : "none of its " + failures.size() + " addresses answered (" + String.join("; ", failures) + ")";
        ConnectFailedException failed = new ConnectFailedException(
                wait.request(), "cannot connect to " + origin + ": " + reason, causes.getLast());
        causes.subList(0, causes.size() - 1).forEach(failed::addSuppressed);
        return failed;
    }

    private static String plain(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof ConnectException && message.contains("refused")) {
            return "connection refused";
        }
        if (failure instanceof NoRouteToHostException) {
            return "no route to host";
        }
        return message.contains("Network is unreachable") ? "network unreachable" : message;
    }
}
