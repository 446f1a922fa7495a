package dev.weft.loop.poll;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Locale;

/** The operating system's way to wait for I/O, as Netty offers it. */
public enum Transport {
    /** Linux. */
    EPOLL,
    /** macOS and the BSDs. */
    KQUEUE,
    /** The JDK's selector: everywhere. */
    NIO;

    /**
     * The best one of this machine.
     *
     * @param name {@code auto}, {@code epoll}, {@code kqueue} or {@code nio}
     * @throws IllegalArgumentException if there is no such transport
     * @throws UnsupportedOperationException if it does not work on this machine
     */
    public static Transport of(String name) {
        if (name.equals("auto")) {
            return System.getProperty("os.name").startsWith("Linux") ? orNio(EPOLL) : orNio(KQUEUE);
        }
        for (Transport transport : values()) {
            if (transport.name().toLowerCase(Locale.ROOT).equals(name)) {
                if (!transport.works()) {
                    throw new UnsupportedOperationException("transport " + name + " does not work on this machine");
                }
                return transport;
            }
        }
        throw new IllegalArgumentException("no transport is called " + name + ": auto, epoll, kqueue or nio");
    }

    private static Transport orNio(Transport wanted) {
        return wanted.works() ? wanted : NIO;
    }

    private boolean works() {
        return switch (this) {
            case EPOLL -> Epoll.isAvailable();
            case KQUEUE -> KQueue.isAvailable();
            case NIO -> true;
        };
    }

    IoHandlerFactory handlerFactory() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case KQUEUE -> KQueueIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** The channel class of a TCP client. */
    public Class<? extends SocketChannel> socketChannel() {
        return switch (this) {
            case EPOLL -> EpollSocketChannel.class;
            case KQUEUE -> KQueueSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }
}
