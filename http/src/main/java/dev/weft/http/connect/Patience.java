package dev.weft.http.connect;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Phase;
import dev.weft.loop.Future;
import org.jspecify.annotations.Nullable;

/** How a request waits: so that its deadline, or the end of its session, can end the wait. Implemented by what owns the request. */
public interface Patience {
    /** Waits for a future, and throws what ended the request if something did. */
    <T extends @Nullable Object> T await(Phase phase, Future<T> future);

    /** Throws what ended the request if something did: to be called before work that is not waited for at once. */
    void check();

    /** The request, for errors. */
    ClientRequest request();

    /** Who is told of the steps; null for nobody. */
    default @Nullable ConnectListener listener() {
        return null;
    }
}
