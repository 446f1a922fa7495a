package dev.weft.http.exchange;

import dev.weft.http.connect.Patience;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Phase;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of the user, over all its attempts, from its start to the end of the body: what the total timeout and the end of the session
 * can fail, wherever it is. Confined to the loop.
 */
final class Call implements Patience {
    private final Loop loop;
    private final ClientRequest request;
    private final Limits limits;
    /** The calls of the session that are under way; this one is among them until it ends. */
    private final Set<Call> open;

    private final Duration start;
    private final @Nullable TimerHandle timer;
    private Phase phase = Phase.POOL;
    private @Nullable Future<?> waiting;
    private @Nullable Exchange exchange;
    private @Nullable ClientException failure;

    /** Begins now. */
    Call(Loop loop, ClientRequest request, Limits limits, Set<Call> open) {
        this.loop = loop;
        this.request = request;
        this.limits = limits;
        this.open = open;
        this.start = loop.time();
        Duration total = limits.total();
        this.timer = total == null
                ? null
                : loop.callLater(
                        total,
                        () -> fail(new TotalTimeoutException(
                                request, phase, loop.time().minus(start), total)));
        open.add(this);
    }

    Loop loop() {
        return loop;
    }

    Limits limits() {
        return limits;
    }

    @Override
    public ClientRequest request() {
        return request;
    }

    /** Notes how far it is, for errors. */
    void at(Phase now) {
        phase = now;
    }

    /** The attempt that is to be failed with the call from now on; fails it if the call has failed already. */
    void attempt(Exchange next) {
        exchange = next;
        ClientException early = failure;
        if (early != null) {
            next.fail(early);
        }
    }

    @Override
    public <T extends @Nullable Object> T await(Phase next, Future<T> future) {
        phase = next;
        // Only before: what a wait gave has to reach its owner.
        ClientException early = failure;
        if (early != null) {
            throw early;
        }
        waiting = future;
        try {
            return future.await();
        } catch (ClientException e) {
            // Whoever waited is more telling than the timer.
            e.fillInStackTrace();
            throw e;
        } finally {
            waiting = null;
        }
    }

    /** Fails it, wherever it is, unless it has ended. */
    void fail(ClientException cause) {
        if (failure != null) {
            return;
        }
        failure = cause;
        Exchange current = exchange;
        Future<?> wait = waiting;
        end();
        if (current != null) {
            current.fail(cause);
        }
        if (wait != null && !wait.isDone()) {
            wait.setException(cause);
        }
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** It has ended, one way or another. */
    void end() {
        if (timer != null) {
            timer.cancel();
        }
        open.remove(this);
    }
}
