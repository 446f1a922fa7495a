package dev.weft.loop;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests to cancel a task that were not taken back, oldest first, and how many of them the task has heard of. One
 * {@link CancelledError} lets it hear all that wait. A scope takes back its own request and no other: so each has its identity,
 * and a scope notes what had been heard when it was entered. Confined to the loop.
 */
final class CancelRequests {
    private final List<CancelReason> open = new ArrayList<>(2);
    private int heard;

    void add(CancelReason reason) {
        open.add(reason);
    }

    int count() {
        return open.size();
    }

    int heard() {
        return heard;
    }

    /** The oldest request that the task has not heard of, null if there is none. */
    @Nullable
    CancelReason waiting() {
        return since(heard);
    }

    /** The oldest request that the task has not heard of, else the latest; null if there is none. */
    @Nullable
    CancelReason oldest() {
        CancelReason unheard = waiting();
        return unheard != null || open.isEmpty() ? unheard : open.getLast();
    }

    void hearAll() {
        heard = open.size();
    }

    /** Takes the latest request back. */
    void removeLatest() {
        if (!open.isEmpty()) {
            removeAt(open.size() - 1);
        }
    }

    /** Takes one request back: this very object, for two requests may say the same. */
    @SuppressWarnings("ReferenceEquality")
    void remove(CancelReason own) {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i) == own) {
                removeAt(i);
                return;
            }
        }
    }

    private void removeAt(int index) {
        open.remove(index);
        if (index < heard) {
            heard--;
        }
    }

    /** The oldest request that came after so many had been heard, null if there is none. */
    @Nullable
    CancelReason since(int heardBefore) {
        return heardBefore < open.size() ? open.get(heardBefore) : null;
    }

    /** Lets the task hear again of all that came after so many had been heard. */
    void forgetSince(int heardBefore) {
        heard = Math.min(heard, heardBefore);
    }
}
