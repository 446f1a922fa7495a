package dev.weft.http.connect;

import dev.weft.http.connect.Pool.Plan;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.Phase;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request's place in the queue for a connection, from {@link Connector#queue} until it is closed, its turn taken or not. Confined to the loop. */
public final class Turn implements AutoCloseable {
    private final Connector connector;
    private final Route route;
    private @Nullable Plan<Connection> plan;
    /** Done when it is its turn, failed when nobody waits for that any more; null where there is nothing to wait for. */
    private @Nullable Future<@Nullable Void> coming;

    /** How it waits; null if it does not. */
    private @Nullable Patience waiting;

    Turn(Connector connector, Route route) {
        this.connector = connector;
        this.route = route;
    }

    /** Which connections it waits for. */
    public Route route() {
        return route;
    }

    /** It is its turn; false if it was given up. */
    boolean come(Plan<Connection> given) {
        Future<@Nullable Void> future = coming;
        if (future != null && future.isDone()) {
            return false;
        }
        plan = given;
        if (future != null) {
            future.setResult(null);
        }
        return true;
    }

    /** Begins to wait, unless it is its turn. */
    void waits(Loop loop, Patience patience, ClientTimeout limits) {
        if (plan == null) {
            Duration limit = ClientTimeout.finite(limits.pool());
            Patience patient = limit == null ? patience : new Stage(loop, patience, limit, PoolTimeoutException::new);
            Future<@Nullable Void> future = loop.createFuture();
            patient.begin(Phase.POOL, future);
            waiting = patient;
            coming = future;
        }
    }

    /** What is waited for before it is taken; null if nothing is. */
    public @Nullable Future<@Nullable Void> coming() {
        return coming;
    }

    /** What it gives, once it is there. */
    Plan<Connection> take() {
        Plan<Connection> given = plan;
        if (given == null) {
            throw new AssertionError("it is not its turn");
        }
        close();
        return given;
    }

    /** Leaves the queue. Nothing happens the second time. */
    @Override
    public void close() {
        Patience waited = waiting;
        if (waited != null) {
            waiting = null;
            waited.end(Phase.POOL);
            if (waited instanceof Stage stage) {
                stage.close();
            }
            connector.leave(this);
        }
    }
}
