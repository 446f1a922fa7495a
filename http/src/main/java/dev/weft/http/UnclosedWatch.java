package dev.weft.http;

import dev.weft.http.exchange.LeakCleaner;
import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import java.lang.ref.Cleaner;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices a session or a connector that was dropped open, or was left open when its loop closed: reports it, with where it was created, and
 * closes what it holds. Must not refer to what it watches.
 *
 * <p>Confined to the loop but {@link #run}, which runs when the garbage collector has found it. Source: aiohttp's
 * {@code Unclosed client session} and {@code Unclosed connector}.
 */
final class UnclosedWatch implements Runnable {
    private final Loop loop;
    private final String what;
    private final BooleanSupplier holds;
    private final Runnable close;
    private final Throwable created;
    private final Runnable atClose = this::leftOpen;
    private Cleaner.@Nullable Cleanable cleanable;
    private volatile boolean over;

    /**
     * One that does not watch yet.
     *
     * @param what its name
     * @param holds whether it holds anything that has to be closed: only then it is a leak
     * @param close closes that
     */
    UnclosedWatch(Loop loop, String what, BooleanSupplier holds, Runnable close) {
        this.loop = loop;
        this.what = what;
        this.holds = holds;
        this.close = close;
        this.created = new Throwable("the " + what + " was created here");
    }

    void watch(Object object) {
        cleanable = LeakCleaner.watch(object, this);
        loop.callAtClose(atClose);
    }

    /** It is closed. */
    void end() {
        if (!over) {
            over = true;
            loop.removeAtClose(atClose);
            if (cleanable != null) {
                cleanable.clean();
            }
        }
    }

    @Override
    public void run() {
        if (!over) {
            try {
                loop.callSoonThreadsafe(this::dropped);
            } catch (IllegalStateException e) {
                // The loop is closed, and has told of it.
                over = true;
            }
        }
    }

    private void leftOpen() {
        over = true;
        report(" when its loop was closed");
    }

    private void dropped() {
        if (!over) {
            report(" was dropped");
            end();
            close.run();
        }
    }

    private void report(String how) {
        if (holds.getAsBoolean()) {
            loop.callExceptionHandler(new LoopError("unclosed " + what + how, created, null, null, created));
        }
    }
}
