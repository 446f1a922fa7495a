package dev.weft.http;

/**
 * What a session has done since it was made. For rates, take the difference of two.
 *
 * @param requests requests that were sent over a connection: each hop of a redirect, each attempt
 * @param reused how many of them over one that had been used before
 * @param retries how many of them because the connection of the last attempt turned out dead, or its server wanted another one
 * @param bytesSent bytes of bodies that the network took, content coding applied, framing and heads not counted
 * @param bytesReceived bytes of bodies that came, before content coding is undone, framing and heads not counted
 */
public record SessionTotals(long requests, long reused, long retries, long bytesSent, long bytesReceived) {}
