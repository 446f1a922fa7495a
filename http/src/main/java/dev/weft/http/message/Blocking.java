package dev.weft.http.message;

import dev.weft.loop.Asyncio;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Calls that may block, made on a thread of the loop's executor while the calling task waits. */
final class Blocking {
    private Blocking() {}

    /** What the call gives; what it throws comes as it is, not wrapped. */
    static <T extends @Nullable Object> T call(Callable<? extends T> call) throws Exception {
        try {
            return Asyncio.<T>toThread(call).await();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
