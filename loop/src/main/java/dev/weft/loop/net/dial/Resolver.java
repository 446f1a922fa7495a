package dev.weft.loop.net.dial;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns names into addresses. Replace it to pin hosts, to ask another name server, or in tests. It is asked on the loop, and never
 * for an address that is written in digits. Source: {@code aiohttp.abc.AbstractResolver}.
 */
@FunctionalInterface
@CheckReturnValue
public interface Resolver {
    /**
     * Looks a name up. Cold: nothing is asked before it is awaited.
     *
     * @param host a name, without a port
     * @return its addresses, at least one, the best first; awaiting throws {@link ResolveException} if there is none
     */
    Awaitable<List<InetAddress>, RuntimeException> resolve(String host);

    /** Forgets what it has kept for the loop that runs here; without a cache there is nothing to do. Source: aiohttp's {@code clear_dns_cache}. */
    default void clear() {}

    /**
     * A resolver that knows some names itself and asks this one for the others.
     *
     * @param pinned the addresses of names; upper and lower case are the same
     * @throws IllegalArgumentException if a name has no address
     */
    default Resolver pinning(Map<String, List<InetAddress>> pinned) {
        Map<String, List<InetAddress>> known = new HashMap<>();
        pinned.forEach((host, addresses) -> {
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("no address is given for " + host);
            }
            known.put(host.toLowerCase(Locale.ROOT), List.copyOf(addresses));
        });
        Resolver others = this;
        return new Resolver() {
            @Override
            public Awaitable<List<InetAddress>, RuntimeException> resolve(String host) {
                List<InetAddress> addresses = known.get(host.toLowerCase(Locale.ROOT));
                return addresses == null ? others.resolve(host) : () -> addresses;
            }

            @Override
            public void clear() {
                others.clear();
            }
        };
    }
}
