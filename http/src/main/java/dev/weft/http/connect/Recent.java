package dev.weft.http.connect;

import java.util.LinkedHashMap;
import java.util.Map;

/** What is known of the keys that were asked for or put last, so many at most. Confined to the loop. */
final class Recent<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;
    private static final int FIRST = 16;
    private static final float LOAD = 0.75f;

    private final int most;

    Recent(int most) {
        super(FIRST, LOAD, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
