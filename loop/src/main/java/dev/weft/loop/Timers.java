package dev.weft.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The timers that are pending: a binary heap in which every handle knows its place, so that cancelling one removes it at once
 * (nearly every timeout is cancelled). Equal deadlines keep their order of registration. Confined to the loop.
 */
final class Timers {
    static final int ABSENT = -1;

    private @Nullable TimerHandle[] heap = new @Nullable TimerHandle[16];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    TimerHandle first() {
        return heap[0];
    }

    void add(TimerHandle timer) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        size++;
        siftUp(size - 1, timer);
    }

    /** Takes a timer out; without effect if it is not in. */
    void remove(TimerHandle timer) {
        int hole = timer.index;
        if (hole == ABSENT) {
            return;
        }
        timer.index = ABSENT;
        size--;
        TimerHandle last = at(size);
        heap[size] = null;
        if (last == timer) {
            return;
        }
        siftDown(hole, last);
        if (heap[hole] == last) {
            siftUp(hole, last);
        }
    }

    private TimerHandle at(int index) {
        TimerHandle timer = heap[index];
        if (timer == null) {
            throw new AssertionError("a hole in the timers at " + index + " of " + size);
        }
        return timer;
    }

    private void siftUp(int start, TimerHandle timer) {
        int hole = start;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            TimerHandle above = at(parent);
            if (!timer.isBefore(above)) {
                break;
            }
            put(hole, above);
            hole = parent;
        }
        put(hole, timer);
    }

    private void siftDown(int start, TimerHandle timer) {
        int hole = start;
        while (2 * hole + 1 < size) {
            int child = 2 * hole + 1;
            if (child + 1 < size && at(child + 1).isBefore(at(child))) {
                child++;
            }
            if (!at(child).isBefore(timer)) {
                break;
            }
            put(hole, at(child));
            hole = child;
        }
        put(hole, timer);
    }

    private void put(int index, TimerHandle timer) {
        heap[index] = timer;
        timer.index = index;
    }
}
