package dev.weft.http;

/**
 * The connections of a session at one moment. One of HTTP/2 counts once, however many requests it serves.
 *
 * @param acquired connections that requests hold, those being made included
 * @param idle connections that are open and serve no request
 * @param waiting requests that wait for a connection, or for room on one
 */
public record SessionStats(int acquired, int idle, int waiting) {}
