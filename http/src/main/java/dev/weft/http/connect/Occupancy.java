package dev.weft.http.connect;

/**
 * The connections of one origin.
 *
 * @param acquired held by requests, those being made included
 * @param idle open and free
 * @param waiting requests that wait for one
 */
public record Occupancy(int acquired, int idle, int waiting) {}
