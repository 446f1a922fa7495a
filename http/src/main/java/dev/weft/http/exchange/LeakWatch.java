package dev.weft.http.exchange;

import dev.weft.http.message.ResponseHead;
import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import java.lang.ref.Cleaner;

/**
 * Notices an answer that was dropped without having been closed or read to its end: frees what it holds, and reports it if that was a
 * connection. It is the body that is watched: who has the answer has it, and a task that reads has it too. Nothing here, nor what it
 * refers to, may refer to the body.
 *
 * <p>Confined to the loop but {@link #run}, which runs when the garbage collector has found the body. Source: aiohttp's
 * {@code Unclosed response}.
 */
final class LeakWatch implements Runnable {
    private final Exchange exchange;
    private Cleaner.Cleanable cleanable = () -> {};
    private volatile boolean over;

    private LeakWatch(Exchange exchange) {
        this.exchange = exchange;
    }

    static LeakWatch watch(BodyStream body, Exchange exchange) {
        LeakWatch watch = new LeakWatch(exchange);
        watch.cleanable = LeakCleaner.watch(body, watch);
        return watch;
    }

    /** There is nothing to lose any more. */
    void end() {
        over = true;
        cleanable.clean();
    }

    @Override
    public void run() {
        if (!over) {
            try {
                exchange.loop().callSoonThreadsafe(this::dropped);
            } catch (IllegalStateException e) {
                // The loop is closed, and its connections with it.
                over = true;
            }
        }
    }

    private void dropped() {
        if (over) {
            return;
        }
        Loop loop = exchange.loop();
        ResponseHead head = exchange.answer();
        if (!exchange.isFinished() && head != null) {
            Throwable origin = exchange.call().origin();
            String hint = origin == null ? "; debug mode, or -Dweft.leaks=full, would say where it came from" : "";
            loop.callExceptionHandler(new LoopError(
                    "unclosed response <" + exchange.request() + " " + head.status() + "> was dropped" + hint,
                    origin,
                    null,
                    null,
                    origin));
        }
        exchange.dropped();
    }
}
