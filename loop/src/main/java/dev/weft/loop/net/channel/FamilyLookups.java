package dev.weft.loop.net.channel;

import dev.weft.loop.poll.Poller;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The look-ups of one loop for one kind of addresses: Netty's resolver (its cache, then name servers), and for every name one question under
 * way, whose answer everybody gets who asks meanwhile. Confined to the loop.
 */
final class FamilyLookups implements AutoCloseable {
    private final DnsNameResolver resolver;
    private final Map<String, Future<List<InetAddress>>> underWay = new HashMap<>();

    FamilyLookups(Poller poller, DnsSettings settings, ResolvedAddressTypes type) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(poller.eventLoop())
                .datagramChannelType(poller.transport().datagramChannel())
                .socketChannelType(poller.transport().socketChannel())
                .resolvedAddressTypes(type)
                // Who asks has looked there, for both kinds at once.
                .hostsFileEntriesResolver((host, types) -> null)
                .resolveCache(new DefaultDnsCache(
                        seconds(settings.shortestTtl()),
                        seconds(settings.longestTtl()),
                        seconds(settings.negativeTtl())));
        if (!settings.nameServers().isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(settings.nameServers()));
        }
        Duration timeout = settings.queryTimeout();
        if (timeout != null) {
            builder.queryTimeoutMillis(timeout.toMillis());
        }
        resolver = builder.build();
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(duration.toSeconds());
    }

    /** The addresses of a name, shared by all who ask for it: not to be cancelled. */
    Future<List<InetAddress>> ask(String name) {
        Future<List<InetAddress>> before = underWay.get(name);
        if (before != null) {
            return before;
        }
        Future<List<InetAddress>> asked = resolver.resolveAll(name);
        if (!asked.isDone()) {
            underWay.put(name, asked);
            asked.addListener(answered -> underWay.remove(name));
        }
        return asked;
    }

    void clear() {
        resolver.resolveCache().clear();
    }

    @Override
    public void close() {
        resolver.close();
    }
}
