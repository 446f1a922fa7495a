package dev.weft.benchmarks.http;

import java.util.function.LongConsumer;

/** An HTTP client as its users would use it for many requests at a time. */
interface Contender extends AutoCloseable {
    /**
     * Sends so many GETs of a URL, so many at a time, reads each body to its end, and returns when all are answered.
     *
     * @param nanos is told how long each took
     * @throws Exception if one fails
     */
    void run(String url, int inFlight, int requests, LongConsumer nanos) throws Exception;

    @Override
    void close() throws Exception;
}
