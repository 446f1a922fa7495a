package dev.weft.benchmarks.http;

import dev.weft.http.ClientSession;
import dev.weft.http.Connector;
import dev.weft.http.FetchOptions;
import dev.weft.http.cookie.CookieJar;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.BackgroundLoop;
import dev.weft.loop.Loop;
import dev.weft.loop.Runner;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** Ours: a task for each of those in flight, with all defaults (cookies, redirects, decompression, timeouts) or with all of that off. */
final class Weft implements Contender {
    /** As who takes a whole body has it: {@code bytes()}, {@code text()}, {@code json()}. */
    private static final int LOW_WATER_BYTES = 512 << 10;

    private final BackgroundLoop loop;
    private final ClientSession session;

    Weft(String carrier, int connections, boolean http2, boolean allOff) {
        loop = Loop.start(Runner.builder().carrier(carrier));
        session = loop.submit(() -> session(connections, http2, allOff)).join();
    }

    private static ClientSession session(int connections, boolean http2, boolean allOff) {
        ClientSession.Builder settings = ClientSession.builder()
                .connector(Connector.builder()
                        .limit(connections)
                        .keepAlive(Duration.ofMinutes(10))
                        .build());
        if (http2) {
            settings.version(HttpVersion.HTTP_2);
        }
        if (allOff) {
            settings.cookieJar(CookieJar.none())
                    .redirects(RedirectPolicy.none())
                    .autoDecompress(false)
                    .timeout(ClientTimeout.none());
        }
        return settings.build();
    }

    @Override
    public void run(Work work) {
        loop.submit(() -> {
                    // One object is one task to gather, however often it is there.
                    List<Awaitable<Void, RuntimeException>> tasks = new ArrayList<>();
                    for (int i = 0; i < work.inFlight(); i++) {
                        tasks.add(() -> fetch(work));
                    }
                    return Asyncio.gather(tasks).await();
                })
                .join();
        work.check();
    }

    private Void fetch(Work work) {
        for (String url = work.take(); url != null; url = work.take()) {
            long start = System.nanoTime();
            work.ended(start, get(url));
        }
        return null;
    }

    private int get(String url) {
        try (ClientResponse response = session.get(url).await()) {
            drop(response);
            return response.status();
        }
    }

    private static void drop(ClientResponse response) {
        response.content().lowWater(LOW_WATER_BYTES);
        for (ByteBuffer ignored : response.content()) {
            // Read to the end, and dropped.
        }
    }

    /**
     * Fetches so many different URLs through {@code fetchAll}, drops the results, and gives the bytes in use, after a collection, at each fifth
     * of the way.
     */
    List<Long> fetchAll(String url, int inFlight, int requests) {
        Iterator<String> urls =
                IntStream.range(0, requests).mapToObj(i -> url + "?" + i).iterator();
        FetchOptions<Integer> options = FetchOptions.<Integer>reading(response -> {
                    drop(response);
                    return response.status();
                })
                .concurrency(inFlight)
                .perHost(inFlight);
        return loop.submit(() -> {
                    List<Long> used = new ArrayList<>();
                    int done = 0;
                    try (var results = session.fetchAll(urls, options)) {
                        for (var result : results) {
                            if (!Integer.valueOf(200).equals(result.get())) {
                                throw new IllegalStateException(result.toString());
                            }
                            if (++done % (requests / 5) == 0) {
                                used.add(Memory.usedAfterCollection());
                            }
                        }
                    }
                    return used;
                })
                .join();
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
