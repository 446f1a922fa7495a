package dev.weft.loop.net.channel;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.net.dial.Family;
import dev.weft.loop.net.dial.Resolver;
import dev.weft.loop.poll.Poller;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to ask name servers.
 *
 * @param nameServers whom to ask, empty for the machine's own
 * @param family which addresses to ask for
 * @param queryTimeout how long a name server may take to answer, null for what the machine is set to
 * @param shortestTtl how long an answer is kept at least
 * @param longestTtl how long an answer is kept at most
 * @param negativeTtl how long it is remembered that there is no such name
 */
public record DnsSettings(
        List<InetSocketAddress> nameServers,
        Family family,
        @Nullable Duration queryTimeout,
        Duration shortestTtl,
        Duration longestTtl,
        Duration negativeTtl) {
    /** The machine's name servers; answers are kept as long as they say, but at least 5 s and at most 10 minutes. */
    public static final DnsSettings SYSTEM = new DnsSettings(
            List.of(), Family.ANY, null, Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofSeconds(1));

    /** A resolver with these settings; every loop that uses it has a cache of its own. */
    public Resolver resolver() {
        return new Resolver() {
            @Override
            public Awaitable<List<InetAddress>, RuntimeException> resolve(String host) {
                return () -> lookups().lookUp(host);
            }

            @Override
            public void clear() {
                lookups().clear();
            }
        };
    }

    private DnsLookups lookups() {
        Poller poller = Asyncio.getRunningLoop().poller();
        return poller.resource(this, () -> new DnsLookups(poller, this));
    }
}
