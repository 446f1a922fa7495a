package dev.weft.http.connect;

/** An open connection, as the {@link Pool} counts it. Confined to the loop. */
final class Member<C, W> {
    final C connection;
    final Lane<C, W> lane;
    /** In the order in which they came to be. */
    final long number;
    /** Whether it serves several requests at a time. */
    final boolean shared;

    /** How many requests it takes at a time. */
    int capacity;
    /** How many requests it has; idle with 0. */
    int used = 1;
    /** Whether it takes no more. */
    boolean retired;
    /** Whether it takes none that come from now on, since another lane needs its place. */
    boolean drains;
    /** Whether its lane counts it as one that takes requests at some time. */
    boolean serves;

    /** One that serves the request it was made for. */
    Member(C connection, Lane<C, W> lane, long number, boolean shared, int capacity) {
        this.connection = connection;
        this.lane = lane;
        this.number = number;
        this.shared = shared;
        this.capacity = capacity;
    }

    boolean isIdle() {
        return used == 0;
    }

    boolean hasRoom() {
        return used < capacity && !retired;
    }

    /** What it counts towards the limit of its host. */
    int weight() {
        return Math.max(1, used);
    }
}
