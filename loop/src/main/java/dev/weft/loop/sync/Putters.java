package dev.weft.loop.sync;

import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for room in a queue, in order, each with its item. The one who makes room moves the first item in, so that
 * nobody can take the room in between. Confined to the loop.
 */
final class Putters<T> {
    /** Each item by the place of its task; cancelled places stay until their task runs, or until they are at the head. */
    private final LinkedHashMap<Future<Boolean>, T> waiting = new LinkedHashMap<>();

    /**
     * Waits, at the end of the line, until the item is in.
     *
     * @return false if it was refused
     */
    boolean stand(Loop loop, T item) {
        Future<Boolean> place = loop.createFuture();
        waiting.put(place, item);
        try {
            return place.await();
        } finally {
            waiting.remove(place);
        }
    }

    /** Moves in the item of the first that still waits. What storing it throws is that task's error, and the next one's turn. */
    void admitOne(Consumer<T> store) {
        for (Map.Entry<Future<Boolean>, T> first = pollLive(); first != null; first = pollLive()) {
            try {
                store.accept(first.getValue());
            } catch (RuntimeException e) {
                first.getKey().setException(e);
                continue;
            }
            first.getKey().setResult(true);
            return;
        }
    }

    void refuseAll() {
        for (Map.Entry<Future<Boolean>, T> first = pollLive(); first != null; first = pollLive()) {
            first.getKey().setResult(false);
        }
    }

    private Map.@Nullable Entry<Future<Boolean>, T> pollLive() {
        Map.Entry<Future<Boolean>, T> first = waiting.pollFirstEntry();
        while (first != null && first.getKey().isDone()) {
            first = waiting.pollFirstEntry();
        }
        return first;
    }

    /** For the queue's description, from any thread: {@code ", putters: 2"}, nothing if nobody waits. */
    String described() {
        int count = waiting.size();
        return count == 0 ? "" : ", putters: " + count;
    }
}
