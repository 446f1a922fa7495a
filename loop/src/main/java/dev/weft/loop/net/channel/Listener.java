package dev.weft.loop.net.channel;

import dev.weft.loop.Asyncio;
import dev.weft.loop.net.dial.ConnectionException;
import dev.weft.loop.poll.Poller;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Listens on addresses, on the running loop. */
public final class Listener {
    /** The type bits of a Unix file mode, and what they are for a socket. */
    private static final int TYPE_MASK = 0170000;

    private static final int SOCKET_TYPE = 0140000;

    private Listener() {}

    /**
     * A channel that listens on a TCP address; its own accepted channels get the initializer, on the loop. Suspends the calling
     * task.
     *
     * @throws ConnectionException if the address cannot be had
     */
    public static Channel listen(InetSocketAddress address, int backlog, Consumer<Channel> initializer) {
        Poller poller = Asyncio.getRunningLoop().poller();
        ServerBootstrap bootstrap = bootstrap(poller, initializer)
                .channel(poller.transport().serverSocketChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, backlog)
                .childOption(ChannelOption.TCP_NODELAY, true);
        return bind(bootstrap, address, Addresses.text(address));
    }

    /**
     * A channel that listens on a Unix socket, in the place of an earlier server's. Suspends the calling task.
     *
     * <p>Netty removes whatever is at the path before it binds, and again when it closes. So the socket is made beside the path and
     * then moved there: another kind of file is safe, and a successor's socket too. The path is the caller's to clean up.
     *
     * @throws ConnectionException if the path cannot be had
     */
    public static Channel listen(Path path, int backlog, Consumer<Channel> initializer) {
        Poller poller = Asyncio.getRunningLoop().poller();
        Path beside = path.resolveSibling(
                "." + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36), 36));
        ServerBootstrap bootstrap = bootstrap(poller, initializer)
                .channel(poller.transport().serverUnixChannel())
                .option(ChannelOption.SO_BACKLOG, backlog);
        try {
            checkFree(path);
            Channel channel = bind(bootstrap, poller.transport().unixAddress(beside), path.toString());
            move(channel, beside, path);
            return channel;
        } catch (IOException e) {
            throw new ConnectionException("cannot listen on " + path + ": " + Netty.reason(e), e);
        }
    }

    private static void checkFree(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isSocket(path)) {
            throw new FileAlreadyExistsException(path.toString(), null, "it is not a socket");
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) instanceof Integer mode
                && (mode & TYPE_MASK) == SOCKET_TYPE;
    }

    private static void move(Channel channel, Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static ServerBootstrap bootstrap(Poller poller, Consumer<Channel> initializer) {
        return new ServerBootstrap().group(poller.eventLoop()).childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                initializer.accept(channel);
            }
        });
    }

    private static Channel bind(ServerBootstrap bootstrap, SocketAddress address, String where) {
        ChannelFuture binding = bootstrap.bind(address);
        try {
            Netty.join(binding);
        } catch (Throwable e) {
            Netty.abort(binding.channel());
            throw e;
        }
        Throwable failure = binding.cause();
        if (failure != null) {
            throw new ConnectionException(
                    "cannot listen on " + where + ": " + Netty.reason(failure), Netty.ioException(failure));
        }
        return binding.channel();
    }
}
