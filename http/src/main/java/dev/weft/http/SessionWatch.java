package dev.weft.http;

import dev.weft.http.connect.Connector;
import dev.weft.http.exchange.Calls;
import dev.weft.http.exchange.LeakCleaner;
import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import java.lang.ref.Cleaner;

/**
 * Notices a session that was dropped open, or that was left open when its loop closed: reports it, with where it was created, and closes its
 * connections. Must not refer to the session.
 *
 * <p>Confined to the loop but {@link #run}, which runs when the garbage collector has found the session. Source: aiohttp's
 * {@code Unclosed client session}.
 */
final class SessionWatch implements Runnable {
    private final Loop loop;
    private final Calls calls;
    private final Connector connector;
    private final Throwable created = new Throwable("the session was created here");
    private final Runnable atClose = () -> report("unclosed session: its loop was closed before it");
    private Cleaner.Cleanable cleanable = () -> {};
    private volatile boolean over;

    private SessionWatch(Loop loop, Calls calls, Connector connector) {
        this.loop = loop;
        this.calls = calls;
        this.connector = connector;
    }

    static SessionWatch watch(ClientSession session, Loop loop, Calls calls, Connector connector) {
        SessionWatch watch = new SessionWatch(loop, calls, connector);
        watch.cleanable = LeakCleaner.watch(session, watch);
        loop.callAtClose(watch.atClose);
        return watch;
    }

    /** The session is closed. */
    void end() {
        over = true;
        cleanable.clean();
        loop.removeAtClose(atClose);
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

    private void dropped() {
        if (!over) {
            report("unclosed session was dropped");
            end();
            calls.close();
            connector.close();
        }
    }

    private void report(String message) {
        loop.callExceptionHandler(new LoopError(message, created, null, null, created));
    }
}
