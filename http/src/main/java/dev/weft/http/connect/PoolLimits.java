package dev.weft.http.connect;

import java.time.Duration;

/**
 * How many connections there may be, and for how long. Source: the arguments of aiohttp's {@code TCPConnector}, httpx' {@code Limits}.
 *
 * @param limit most connections at a time, idle ones included, 0 for no limit
 * @param limitPerHost most connections to one origin, 0 for no limit; one that several requests share counts as many times as it serves requests, once
 *     if it is idle; all that goes through a proxy as it is ({@code http} through an HTTP proxy) counts as the proxy's
 * @param maxIdle most idle connections, 0 for no limit beyond the first
 * @param maxIdlePerHost most idle connections to one origin, 0 for no limit beyond the second
 * @param keepAlive how long an idle connection is kept, 0 to keep none
 */
public record PoolLimits(int limit, int limitPerHost, int maxIdle, int maxIdlePerHost, Duration keepAlive) {
    /** What a session may have where nothing is set and nothing is scarce. Source: aiohttp. */
    private static final int USUAL = 100;

    /** What a session has where nothing is set. */
    public static PoolLimits standard() {
        return new PoolLimits(Descriptors.most(USUAL), 0, 0, 0, Duration.ofSeconds(15));
    }

    /** The same limits with another one for all, as far as the process may open so many files. */
    public PoolLimits upTo(int connections) {
        return new PoolLimits(Descriptors.most(connections), limitPerHost, maxIdle, maxIdlePerHost, keepAlive);
    }
}
