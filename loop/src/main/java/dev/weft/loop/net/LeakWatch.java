package dev.weft.loop.net;

import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import java.lang.ref.Cleaner;
import java.util.concurrent.RejectedExecutionException;

/**
 * Notices connections that were dropped without having been closed: reports them, with where they were opened, and closes them. Runs
 * when the garbage collector finds them. Source: asyncio's {@code ResourceWarning: unclosed transport}.
 */
final class LeakWatch implements Runnable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Wire wire;
    private final String peer;
    private final Throwable opened;

    private LeakWatch(Wire wire, String peer, Throwable opened) {
        this.wire = wire;
        this.peer = peer;
        this.opened = opened;
    }

    static void watch(Connection connection, Wire wire, String peer, Throwable opened) {
        Cleaner.Cleanable watch = CLEANER.register(connection, new LeakWatch(wire, peer, opened));
        wire.channel().closeFuture().addListener(closed -> watch.clean());
    }

    /** On the cleaner's thread if the connection was dropped, on the loop's if it was closed. */
    @Override
    public void run() {
        if (!wire.channel().isOpen()) {
            return;
        }
        try {
            wire.channel().eventLoop().execute(this::report);
        } catch (RejectedExecutionException e) {
            // The loop is closed, and has closed its channels.
        }
    }

    private void report() {
        Loop loop = wire.loop();
        if (!wire.isGone()) {
            loop.callExceptionHandler(
                    new LoopError("unclosed connection with " + peer + " was dropped", opened, null, null, null));
            wire.close();
        }
    }
}
