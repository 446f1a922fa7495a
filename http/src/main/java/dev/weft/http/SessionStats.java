package dev.weft.http;

/**
 * The connections of a session at one moment.
 *
 * @param acquired connections that requests hold, those being made included
 * @param idle connections that are open and free
 * @param waiting requests that wait for a connection
 */
public record SessionStats(int acquired, int idle, int waiting) {}
