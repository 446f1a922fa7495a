package dev.weft.http.connect;

/**
 * The connections of one origin; one that several requests share counts once.
 *
 * @param acquired held by requests, those being made included
 * @param idle open, and held by nobody
 * @param waiting requests that wait for one, or for room on one
 */
public record Occupancy(int acquired, int idle, int waiting) {}
