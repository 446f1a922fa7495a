package dev.weft.http.connect;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Phase;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A part of a request with a limit of its own, over several waits: the timeout ends the one that is on, or the next. Confined to the loop. */
final class Stage implements Patience, AutoCloseable {
    private final Patience outer;
    private final Timeout timeout;
    private final Loop loop;
    private final Duration start;
    private final @Nullable TimerHandle timer;
    private Phase phase = Phase.POOL;
    private @Nullable Future<?> waiting;
    private @Nullable ClientException expired;

    /** Makes the exception of a limit. */
    @FunctionalInterface
    interface Timeout {
        ClientException of(ClientRequest request, Phase phase, Duration elapsed, Duration limit);
    }

    /** Begins now; a limit of null is none. */
    Stage(Loop loop, Patience outer, @Nullable Duration limit, Timeout timeout) {
        this.loop = loop;
        this.outer = outer;
        this.timeout = timeout;
        this.start = loop.time();
        this.timer = limit == null ? null : loop.callLater(limit, () -> expire(limit));
    }

    @Override
    public void begin(Phase next, Future<?> future) {
        phase = next;
        ClientException late = expired;
        if (late != null) {
            throw late;
        }
        outer.begin(next, future);
        waiting = future;
    }

    @Override
    public void end(Phase of) {
        waiting = null;
        outer.end(of);
    }

    private void expire(Duration limit) {
        ClientException late = timeout.of(request(), phase, loop.time().minus(start), limit);
        expired = late;
        Future<?> current = waiting;
        if (current != null && !current.isDone()) {
            current.setException(late);
        }
    }

    @Override
    public void check() {
        if (expired != null) {
            throw expired;
        }
        outer.check();
    }

    @Override
    public ClientRequest request() {
        return outer.request();
    }

    @Override
    public @Nullable ConnectListener listener() {
        return outer.listener();
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
