package dev.weft.http.connect;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Phase;
import dev.weft.loop.Future;
import org.jspecify.annotations.Nullable;

/** How a request waits: so that its deadline, or the end of its session, can end the wait. Implemented by what owns the request. */
public interface Patience {
    /**
     * A wait begins: from now on what ends the request fails the future. Throws what has ended it already; if it does not, {@link #end} follows, whatever
     * comes of the wait.
     */
    void begin(Phase phase, Future<?> future);

    /** The wait is over. */
    void end(Phase phase);

    /** Waits for a future, and throws what ended the request if something did. */
    default <T extends @Nullable Object> T await(Phase phase, Future<T> future) {
        begin(phase, future);
        try {
            return future.await();
        } catch (ClientException e) {
            // Where it was noticed tells nobody anything; who waited does.
            e.fillInStackTrace();
            throw e;
        } finally {
            end(phase);
        }
    }

    /** Throws what ended the request if something did: to be called before work that is not waited for at once. */
    void check();

    /** The request, for errors. */
    ClientRequest request();

    /** Who is told of the steps; null for nobody. */
    default @Nullable ConnectListener listener() {
        return null;
    }
}
