package dev.weft.benchmarks.http;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** So many GETs of some URLs in turn, so many at a time, and how long each took. Any thread may take and tell. */
final class Work {
    private static final long LONGEST_NANOS = 100_000_000_000L;

    private final List<String> urls;
    private final int inFlight;
    private final int requests;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch running;
    private final Histogram nanos = new ConcurrentHistogram(LONGEST_NANOS, 3);

    /** A request of a client that answers by callback. */
    interface Sender {
        void send(String url, Answer answer) throws Exception;
    }

    /** What such a client calls once for each request: with the status when the body is read to its end, or with why there is none. */
    interface Answer {
        void ended(int status, @Nullable Throwable failure);
    }

    /** A request of a client that blocks; gives the status when the body is read to its end. */
    interface Blocking {
        int get(String url) throws Exception;
    }

    Work(List<String> urls, int inFlight, int requests) {
        this.urls = urls;
        this.inFlight = Math.min(inFlight, requests);
        this.requests = requests;
        this.running = new CountDownLatch(this.inFlight);
    }

    int inFlight() {
        return inFlight;
    }

    /** The first of the URLs. */
    String first() {
        return urls.getFirst();
    }

    /** The URL of the next request; null when enough are under way, or one has failed. */
    @Nullable
    String take() {
        int number = taken.getAndIncrement();
        return number >= requests || failure.get() != null ? null : urls.get(number % urls.size());
    }

    void ended(long startNanos, int status) {
        if (status != 200) {
            failed(new IllegalStateException("status " + status));
        }
        nanos.recordValue(Math.min(LONGEST_NANOS, System.nanoTime() - startNanos));
    }

    void failed(Throwable why) {
        failure.compareAndSet(null, why);
    }

    /** One of those that are in flight has found nothing more to take. */
    void idle() {
        running.countDown();
    }

    /** How long each request took. */
    Histogram nanos() {
        return nanos;
    }

    /** For clients that answer by callback: each answer sends the next request. */
    void byCallback(Sender sender) throws Exception {
        for (int i = 0; i < inFlight; i++) {
            next(sender);
        }
        await();
    }

    /** Sends one request, and another one when that is answered. */
    void next(Sender sender) {
        String url = take();
        if (url == null) {
            idle();
            return;
        }
        long start = System.nanoTime();
        try {
            sender.send(url, (status, why) -> {
                if (why == null) {
                    ended(start, status);
                } else {
                    failed(why);
                }
                next(sender);
            });
        } catch (Exception e) {
            failed(e);
            idle();
        }
    }

    /** For clients that block: a virtual thread for each of those in flight. */
    void byVirtualThread(Blocking client) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < inFlight; i++) {
                threads.execute(() -> {
                    try {
                        for (String url = take(); url != null; url = take()) {
                            long start = System.nanoTime();
                            ended(start, client.get(url));
                        }
                    } catch (Exception e) {
                        failed(e);
                    }
                    idle();
                });
            }
        }
        await();
    }

    /** Until all that was begun has ended. */
    void await() throws Exception {
        running.await();
        check();
    }

    /** Throws what failed, if something has. */
    void check() {
        Throwable why = failure.get();
        if (why != null) {
            throw new IllegalStateException(why);
        }
        if (nanos.getTotalCount() != requests) {
            throw new IllegalStateException(nanos.getTotalCount() + " answers to " + requests + " requests");
        }
    }
}
