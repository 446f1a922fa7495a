package dev.weft.http.middleware;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.Options;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.Task;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revalidations that nobody waits for, one at a time for each entry. Tasks of the loop whose request caused them; their failures end here.
 *
 * <p>Any loop.
 */
final class Background {
    private static final Logger LOG = LoggerFactory.getLogger(Cache.class);

    private final Map<String, Task<?>> running = new ConcurrentHashMap<>();
    private final long limitBytes;

    /** A body of more bytes is not read to its end: it would not be stored. */
    Background(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Starts one, unless one runs for this entry. */
    void start(ClientRequest request, CacheEntry entry, Awaitable<ClientResponse, RuntimeException> validate) {
        String name = entry.key() + " " + entry.variant();
        if (running.containsKey(name)) {
            return;
        }
        Duration total = ClientTimeout.finite(request.attribute(Options.TIMEOUT).total());
        Task<?> task = Asyncio.createTask(() -> run(request, total, validate), "revalidate " + request);
        running.put(name, task);
        task.addDoneCallback(done -> running.remove(name, task));
    }

    private void run(
            ClientRequest request, @Nullable Duration total, Awaitable<ClientResponse, RuntimeException> validate) {
        try {
            Asyncio.timeout(total, () -> {
                try (ClientResponse answer = validate.await()) {
                    readToEnd(answer);
                }
            });
        } catch (RuntimeException e) {
            LOG.debug("cannot revalidate {} in the background", request, e);
        }
    }

    /** That is what stores it. */
    private void readToEnd(ClientResponse answer) {
        long seen = 0;
        for (ByteBuffer piece : answer.content()) {
            seen += piece.remaining();
            if (seen > limitBytes) {
                return;
            }
        }
    }

    @Nullable
    Void settled() {
        while (!running.isEmpty()) {
            Asyncio.gatherSettled(List.copyOf(running.values())).await();
            // The callback that takes a task out may come one tick after its end.
            Asyncio.sleep(Duration.ZERO).await();
        }
        return null;
    }
}
