package dev.weft.http.connect;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/** What one origin has, over all of its routes; of the {@link Pool}. Confined to the loop. */
final class Host<C, W> {
    final Origin origin;
    final Map<Route, Lane<C, W>> lanes = new LinkedHashMap<>();
    /** The one unused for the longest first. */
    final LinkedHashSet<Member<C, W>> idle = new LinkedHashSet<>();

    /** Connections that requests hold, those being made included. */
    int acquired;
    /** What counts towards its limit: connections, and each request beyond the first of one. */
    int weight;

    int waiting;

    /** What its limit said when its lanes were looked at last. */
    boolean wasCapped;

    boolean wasStuck;

    Host(Origin origin) {
        this.origin = origin;
    }

    Occupancy occupancy() {
        return new Occupancy(acquired, idle.size(), waiting);
    }
}
