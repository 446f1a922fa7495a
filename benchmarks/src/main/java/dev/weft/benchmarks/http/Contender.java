package dev.weft.benchmarks.http;

/** An HTTP client as its users would use it for many requests at a time: keep-alive, all defaults of its own, bodies read to the end and dropped. */
interface Contender extends AutoCloseable {
    /**
     * Does a piece of work, and returns when all of it is answered.
     *
     * @throws Exception if a request fails
     */
    void run(Work work) throws Exception;

    @Override
    void close() throws Exception;
}
