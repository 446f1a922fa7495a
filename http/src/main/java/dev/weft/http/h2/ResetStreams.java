package dev.weft.http.h2;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * The streams that were reset from here lately: what the server had sent by then still comes, and says nothing about the server. Pure. Source: RFC 9113
 * sections 5.1 and 5.4.2.
 */
final class ResetStreams {
    /** So many are remembered: more than can be under way at a time, several times over. */
    private static final int MOST = 1024;

    private final Set<Integer> ids = new HashSet<>();
    private final ArrayDeque<Integer> inOrder = new ArrayDeque<>();

    /** It is reset now. */
    void add(int id) {
        if (ids.add(id)) {
            inOrder.add(id);
            if (inOrder.size() > MOST) {
                ids.remove(inOrder.remove());
            }
        }
    }

    /** Whether it was reset lately. */
    boolean contains(int id) {
        return ids.contains(id);
    }
}
