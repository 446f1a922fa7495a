package dev.weft.loop.net.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How much has to have come before a socket is read. While what is due comes fast it is read in large pieces, which saves a twentieth to a fifth of
 * the work, and over TLS a third to a half. Who sends less within a moment is not fast, and what came is read then.
 *
 * <p>On the loop's thread. Where the system does not wait for so much, this does nothing; Linux's epoll does. Source: {@code SO_RCVLOWAT} in
 * socket(7).
 */
public final class LowWater {
    /** A record of TLS at its largest: so much of what is due may be read, and not be decrypted yet. Source: RFC 5246 section 6.2.3. */
    private static final int TLS_RECORD_BYTES = 5 + (1 << 14) + 2048;

    /** Level and name of it on Linux. */
    private static final ChannelOption<Integer> SO_RCVLOWAT = new IntegerUnixChannelOption("SO_RCVLOWAT", 1, 18);

    /** Measured for 10 MiB: a half of it gains half as much, twice as much gains no more. */
    private static final int MOST_BYTES = 128 << 10;

    /** Where less comes at a time, or is due, it is not worth two calls of the system. */
    public static final int LEAST_BYTES = 32 << 10;

    /** Before so much has come on a connection, the system's buffer may be too small for the mark: the server would wait for us. */
    private static final int BEFORE_BYTES = 256 << 10;

    private final Channel channel;
    private final Duration patience;
    private final boolean works;
    private int mark = 1;
    private long seen;
    /** Below 0 until it is asked for. By then they are agreed on. */
    private long layersOfTls = -1;

    private long endNanos;
    private @Nullable ScheduledFuture<?> watch;
    private long watchNanos;

    /**
     * Of a channel that is, or will be, registered.
     *
     * @param patience how long what has come of a large body may wait for more; where it is near to the system's own tick, its timer takes some of
     *     the gain
     */
    public LowWater(Channel channel, Duration patience) {
        this.channel = channel;
        this.patience = patience;
        this.works = channel instanceof EpollSocketChannel;
    }

    /**
     * Decides about the next read, behind one.
     *
     * @param bytes how many it gave of what is due
     * @param due how many are sure to come if nothing breaks; 0 or less if that is not known. What TLS may hold back of them is taken off here
     */
    public void read(long bytes, long due) {
        seen += bytes;
        boolean fast = seen >= BEFORE_BYTES && bytes >= LEAST_BYTES && due >= LEAST_BYTES;
        long unread = fast ? due - layersOfTls() * TLS_RECORD_BYTES : 0;
        if (unread >= LEAST_BYTES) {
            waitFor((int) Math.min(unread, MOST_BYTES), patience);
        } else {
            set(1);
        }
    }

    /** Each may have a part of a record; through an HTTPS proxy there are two. */
    private long layersOfTls() {
        if (layersOfTls < 0) {
            layersOfTls = channel.pipeline().toMap().values().stream()
                    .filter(SslHandler.class::isInstance)
                    .count();
        }
        return layersOfTls;
    }

    /** The next read is made when so much has come, or so long from now whatever has come. */
    public void waitFor(int bytes, Duration most) {
        if (works) {
            endNanos = now() + most.toNanos();
            watch();
            set(bytes);
        }
    }

    /** Something else is due now, however short it is. */
    public void reset() {
        set(1);
    }

    /** Looks at the end of the wait, or before. */
    private void watch() {
        if (watch != null && watchNanos > endNanos) {
            watch.cancel(false);
            watch = null;
        }
        if (watch == null) {
            watchNanos = endNanos;
            watch = channel.eventLoop().schedule(this::look, endNanos - now(), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        watch = null;
        if (mark == 1) {
            return;
        }
        if (now() < endNanos) {
            watch();
        } else {
            set(1);
        }
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }

    private void set(int bytes) {
        if (bytes == mark || !channel.isOpen()) {
            return;
        }
        mark = bytes;
        try {
            channel.config().setOption(SO_RCVLOWAT, bytes);
        } catch (ChannelException e) {
            // The other side has ended it: that is read whatever the mark is.
        }
    }
}
