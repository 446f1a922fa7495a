package dev.weft.http.exchange;

/** What the exchanges of a session add up to since it was made. Confined to the loop. */
public final class Counters {
    private long requests;
    private long reused;
    private long retries;
    private long bytesSent;
    private long bytesReceived;

    Counters() {}

    void request(boolean onUsedConnection) {
        requests++;
        if (onUsedConnection) {
            reused++;
        }
    }

    void retry() {
        retries++;
    }

    void sent(int bytes) {
        bytesSent += bytes;
    }

    void received(int bytes) {
        bytesReceived += bytes;
    }

    /** Requests that were sent over a connection: each hop, each attempt. */
    public long requests() {
        return requests;
    }

    /** How many of them over one that had been used before. */
    public long reused() {
        return reused;
    }

    /** How many of them because the connection of the last attempt turned out dead, or its server wanted another one. */
    public long retries() {
        return retries;
    }

    /** Bytes of bodies that the network took. */
    public long bytesSent() {
        return bytesSent;
    }

    /** Bytes of bodies that came. */
    public long bytesReceived() {
        return bytesReceived;
    }
}
