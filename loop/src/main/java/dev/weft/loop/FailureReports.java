package dev.weft.loop;

import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What failed where nobody waits for it, and who is told. A failed future that nobody has looked at is reported when it is collected,
 * at the latest when the loop closes. {@link #add} and {@link #remove} for any thread, the rest confined to the loop.
 */
final class FailureReports {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Cleaner CLEANER = Cleaner.create();

    private final Loop loop;
    private final Set<Outcome.Failed> unretrieved = ConcurrentHashMap.newKeySet();
    private @Nullable Consumer<LoopError> handler;

    FailureReports(Loop loop) {
        this.loop = loop;
    }

    void setHandler(@Nullable Consumer<LoopError> value) {
        handler = value;
    }

    /** Tells the handler; if it fails, that is logged with what it was told of. */
    void tell(LoopError error) {
        if (handler == null) {
            LOG.error("{}", error.message(), error.exception());
            return;
        }
        try {
            handler.accept(error);
        } catch (Throwable e) {
            LOG.error("Unhandled error in exception handler, while handling: {}", error.message(), error.exception());
            LOG.error("The exception handler's own error:", e);
        }
    }

    /** A failure that nobody has looked at yet. */
    void add(Outcome.Failed failed) {
        unretrieved.add(failed);
    }

    /** Somebody has looked. */
    void remove(Outcome.Failed failed) {
        unretrieved.remove(failed);
    }

    void reportWhenCollected(Future<?> future, Outcome.Failed failed) {
        CLEANER.register(future, () -> {
            if (unretrieved.contains(failed)) {
                loop.post(() -> report(failed));
            }
        });
    }

    /** Reports what is left, when the loop closes. */
    void reportAll() {
        unretrieved.forEach(this::report);
    }

    private void report(Outcome.Failed failed) {
        if (unretrieved.remove(failed)) {
            Context before = loop.context;
            loop.context = failed.context;
            loop.callExceptionHandler(LoopError.unretrieved(failed));
            loop.context = before;
        }
    }
}
