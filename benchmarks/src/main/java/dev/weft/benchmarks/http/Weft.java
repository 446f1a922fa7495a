package dev.weft.benchmarks.http;

import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.BackgroundLoop;
import dev.weft.loop.Loop;
import dev.weft.loop.Runner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Ours, with all defaults (cookies, redirects, decompression, timeouts): a task for each of those in flight. */
final class Weft implements Contender {
    private final BackgroundLoop loop;
    private final ClientSession session;
    private int left;

    Weft(String carrier) {
        loop = Loop.start(Runner.builder().carrier(carrier));
        session = loop.submit(() -> ClientSession.builder().limit(0).build()).join();
    }

    @Override
    public void run(String url, int inFlight, int requests, LongConsumer nanos) {
        loop.submit(() -> {
                    left = requests;
                    List<Awaitable<Void, RuntimeException>> tasks = new ArrayList<>();
                    for (int i = 0; i < inFlight; i++) {
                        tasks.add(() -> fetch(url, nanos));
                    }
                    return Asyncio.gather(tasks).await();
                })
                .join();
    }

    private Void fetch(String url, LongConsumer nanos) {
        while (left > 0) {
            left--;
            long start = System.nanoTime();
            try (ClientResponse response = session.get(url).await()) {
                for (ByteBuffer ignored : response.content()) {
                    // Read to the end, and dropped.
                }
            }
            nanos.accept(System.nanoTime() - start);
        }
        return null;
    }

    @Override
    public void close() {
        loop.submit(() -> {
                    session.close();
                    return null;
                })
                .join();
        loop.close();
    }
}
