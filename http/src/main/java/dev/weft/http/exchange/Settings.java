package dev.weft.http.exchange;

import dev.weft.http.connect.TlsSettings;
import java.time.Duration;

/**
 * What a session sets for all its requests.
 *
 * @param limit most connections in all, 0 for no limit
 * @param limitPerHost most connections to one origin, 0 for no limit
 * @param keepAlive how long an idle connection is kept
 * @param tls whom to trust
 */
public record Settings(int limit, int limitPerHost, Duration keepAlive, TlsSettings tls) {}
