package dev.weft.http.middleware;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is kept for each key, an origin mostly: made when it is first asked for, forgotten when it says nothing any more. A crawler sees
 * millions of hosts; each time one is asked for, the two that were asked for the longest ago are looked at, so that what is idle goes
 * as fast as the new comes.
 *
 * <p>Confined to one thread at a time.
 */
final class PerKey<S extends PerKey.State> {
    private static final int LOOKED_AT = 2;

    /** What is kept for a key. */
    interface State {
        /** Whether nobody would notice if it were made anew. */
        boolean isIdle(long now);
    }

    private final Function<String, S> maker;
    private final LinkedHashMap<String, S> states = new LinkedHashMap<>(16, 0.75f, true);

    /** Nothing yet; {@code maker} makes what is kept for a key. */
    PerKey(Function<String, S> maker) {
        this.maker = maker;
    }

    /** The state of a key; one that is kept by its caller until it is not idle any more. */
    S of(String key, long now) {
        S state = states.get(key);
        if (state == null) {
            // Before the new one comes, which is idle still.
            forgetIdle(now);
            state = maker.apply(key);
            states.put(key, state);
        }
        return state;
    }

    private void forgetIdle(long now) {
        for (int i = 0; i < LOOKED_AT; i++) {
            Map.Entry<String, S> oldest = states.firstEntry();
            if (oldest == null) {
                return;
            }
            if (oldest.getValue().isIdle(now)) {
                states.remove(oldest.getKey());
            } else {
                // To the end: what is busy must not stand before what is idle.
                states.get(oldest.getKey());
            }
        }
    }

    /** The state of a key, null if nothing is kept. */
    @Nullable
    S peek(String key) {
        return states.get(key);
    }

    /** How many keys something is kept for. */
    int size() {
        return states.size();
    }
}
