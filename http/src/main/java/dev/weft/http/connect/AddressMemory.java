package dev.weft.http.connect;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that did not take a connection lately: they are tried last, so that a dead one does not cost every connection its time. Pure,
 * but for what it remembers. Source: RFC 8305 section 4, "historical data".
 */
final class AddressMemory {
    private static final long KEPT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST = 1000;

    /** When each failed, the oldest first. */
    private final LinkedHashMap<InetSocketAddress, Long> failed = new LinkedHashMap<>();

    /** The same addresses, those last that failed lately. */
    List<InetSocketAddress> order(List<InetSocketAddress> addresses, long nowNanos) {
        if (failed.isEmpty()) {
            return addresses;
        }
        List<InetSocketAddress> order = new ArrayList<>();
        List<InetSocketAddress> last = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            Long when = failed.get(address);
            (when != null && nowNanos - when < KEPT_NANOS ? last : order).add(address);
        }
        order.addAll(last);
        return order;
    }

    /**
     * Addresses were tried in this order.
     *
     * @param winner the one that took the connection, so that those before it did not, and those behind it were not asked; null if none did
     */
    void tried(List<InetSocketAddress> addresses, @Nullable InetSocketAddress winner, long nowNanos) {
        for (InetSocketAddress address : addresses) {
            failed.remove(address);
            if (address.equals(winner)) {
                return;
            }
            failed.put(address, nowNanos);
        }
        while (failed.size() > MOST) {
            Map.Entry<InetSocketAddress, Long> oldest = failed.pollFirstEntry();
            if (oldest == null) {
                return;
            }
        }
    }

    void clear() {
        failed.clear();
    }
}
