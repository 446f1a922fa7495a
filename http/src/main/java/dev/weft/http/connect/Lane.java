package dev.weft.http.connect;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The connections of one route, and who waits for one; of the {@link Pool}. Confined to the loop. */
final class Lane<C, W> {
    final Host<C, W> host;
    final Route route;

    /** Idle ones that may be used, the one unused for the longest first. */
    private final LinkedHashSet<Member<C, W>> idle = new LinkedHashSet<>();
    /** Those in use that have room for more, in the order they came to be. */
    private final TreeMap<Long, Member<C, W>> roomy = new TreeMap<>();
    /** How many take requests, now or when others have ended. */
    private int serving;
    /** Who waits, with the numbers they drew, in that order. */
    final LinkedHashMap<W, Long> waiters = new LinkedHashMap<>();

    /** Connections that are open. */
    int members;
    /** Connections that are being made. */
    int dialling;
    /** How many requests a connection is likely to take at a time. */
    int expected;
    /** Whether nobody waits for another one's connection, since the last one failed. */
    boolean alone;

    /** Where it is in the {@link Turns}. */
    Turns.Kind turn = Turns.Kind.NONE;

    long turnNumber;

    Lane(Host<C, W> host, Route route, int expected) {
        this.host = host;
        this.route = route;
        this.expected = expected;
    }

    /** Brings it up to date with one of its open connections. */
    void sort(Member<C, W> member) {
        if (member.isIdle() && member.hasRoom()) {
            idle.add(member);
        } else {
            idle.remove(member);
        }
        if (!member.isIdle() && member.hasRoom() && !member.drains) {
            roomy.put(member.number, member);
        } else if (member.shared) {
            roomy.remove(member.number);
        }
        serves(member, member.capacity > 0 && !member.retired);
    }

    private void serves(Member<C, W> member, boolean now) {
        if (member.serves != now) {
            member.serves = now;
            serving += now ? 1 : -1;
        }
    }

    /** One of its connections is closed. */
    void remove(Member<C, W> member) {
        idle.remove(member);
        roomy.remove(member.number);
        serves(member, false);
        members--;
    }

    /** The idle one that was used last. */
    @Nullable
    Member<C, W> newest() {
        return idle.isEmpty() ? null : idle.getLast();
    }

    /** The first one that came to be of those that are in use and have room. */
    @Nullable
    Member<C, W> roomy() {
        Map.Entry<Long, Member<C, W>> first = roomy.firstEntry();
        return first == null ? null : first.getValue();
    }

    /** Whether so many waiters fit into the connections that are being made, beside those for whom they are made. */
    boolean isAwaited(int waiting) {
        return !alone && waiting <= (long) dialling * (expected - 1);
    }

    /** Whether it has a connection, or one is being made, that serves its waiters at some time. */
    boolean isServed() {
        return dialling > 0 || serving > 0;
    }

    boolean isEmpty() {
        return members == 0 && dialling == 0 && waiters.isEmpty();
    }
}
