package dev.weft.loop.net.channel;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The seam between Netty's futures and errors and the loop's. */
public final class Netty {
    /** What the native transports put before the system's words: the call and its error number. */
    private static final Pattern CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

    private Netty() {}

    /**
     * Suspends the calling task until a future of a channel of its loop is done, however it ends: the caller looks at it.
     * Cancelling the task leaves the future alone.
     */
    public static void join(io.netty.util.concurrent.Future<?> future) {
        if (future.isDone()) {
            return;
        }
        Future<@Nullable Void> done = Asyncio.getRunningLoop().createFuture();
        future.addListener(ended -> complete(done));
        done.await();
    }

    /** The same, but waits for so long at most. */
    public static void join(io.netty.util.concurrent.Future<?> future, Duration limit) {
        if (future.isDone()) {
            return;
        }
        Loop loop = Asyncio.getRunningLoop();
        Future<@Nullable Void> done = loop.createFuture();
        future.addListener(ended -> complete(done));
        TimerHandle timer = loop.callLater(limit, () -> complete(done));
        try {
            done.await();
        } finally {
            timer.cancel();
        }
    }

    private static void complete(Future<@Nullable Void> done) {
        if (!done.isDone()) {
            done.setResult(null);
        }
    }

    /** Closes a channel at once: nothing more is sent, no goodbye of TLS either. Any thread. */
    public static void abort(Channel channel) {
        channel.eventLoop()
                .execute(() -> channel.unsafe().close(channel.unsafe().voidPromise()));
    }

    /** An error as the network's: what a decoder wrapped is unwrapped, what is no I/O error becomes one. */
    public static IOException ioException(Throwable error) {
        Throwable inner = error instanceof DecoderException && error.getCause() != null ? error.getCause() : error;
        return inner instanceof IOException io ? io : new IOException(reason(inner), inner);
    }

    /** What an error says, without the name of the system call. */
    public static String reason(Throwable error) {
        String message = error.getMessage();
        if (message != null) {
            return CALL.matcher(message).replaceFirst("");
        }
        return error instanceof ClosedChannelException
                ? "it was closed"
                : error.getClass().getSimpleName();
    }
}
