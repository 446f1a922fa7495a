package dev.weft.loop.net.channel;

import dev.weft.loop.net.dial.Family;
import dev.weft.loop.net.dial.ResolveException;
import dev.weft.loop.poll.Poller;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The look-ups of one loop: Netty's resolver (the hosts file first, then its cache, then name servers), and for every name one
 * question under way, whose answer everybody gets who asks meanwhile. Nobody who gives up waiting cancels it for the others.
 * Confined to the loop.
 */
final class DnsLookups implements AutoCloseable {
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    private final DnsNameResolver resolver;
    private final Family family;
    private final Map<String, Future<List<InetAddress>>> underWay = new HashMap<>();

    DnsLookups(Poller poller, DnsSettings settings) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(poller.eventLoop())
                .datagramChannelType(poller.transport().datagramChannel())
                .socketChannelType(poller.transport().socketChannel())
                .resolvedAddressTypes(types(settings.family()))
                // Both families are wanted: they race.
                .completeOncePreferredResolved(false)
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
        family = settings.family();
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(duration.toSeconds());
    }

    private static ResolvedAddressTypes types(Family family) {
        return switch (family) {
            case IPV4 -> ResolvedAddressTypes.IPV4_ONLY;
            case IPV6 -> ResolvedAddressTypes.IPV6_ONLY;
            case ANY -> hasIpv6() ? ResolvedAddressTypes.IPV6_PREFERRED : ResolvedAddressTypes.IPV4_ONLY;
        };
    }

    /** A machine without an IPv6 address of its own needs none of others (RFC 3493, AI_ADDRCONFIG). */
    private static boolean hasIpv6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> address instanceof Inet6Address
                            && !address.isLoopbackAddress()
                            && !address.isLinkLocalAddress());
        } catch (SocketException e) {
            throw new UncheckedIOException("cannot list the network interfaces", e);
        }
    }

    /**
     * The addresses of a name; suspends the calling task. Some names need no name server: RFC 6761 sections 6.3 and 6.4.
     *
     * @throws ResolveException if there are none
     */
    List<InetAddress> lookUp(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (isLocalhost(name)
                && HostsFileEntriesResolver.DEFAULT.address(name, resolver.resolvedAddressTypes()) == null) {
            return LOOPBACK.stream().filter(family::matches).toList();
        }
        if (name.equals("invalid") || name.endsWith(".invalid")) {
            throw new ResolveException(
                    "cannot resolve " + host + ": there are no such names", new UnknownHostException(host), false);
        }
        Future<List<InetAddress>> asked = underWay.get(name);
        if (asked == null) {
            asked = ask(name);
        }
        Netty.join(asked);
        Throwable failure = asked.cause();
        if (failure != null) {
            throw failed(host, failure);
        }
        return asked.getNow();
    }

    /** Names of this machine, whatever name servers say. */
    private static boolean isLocalhost(String name) {
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    private Future<List<InetAddress>> ask(String name) {
        Future<List<InetAddress>> asked = resolver.resolveAll(name);
        if (!asked.isDone()) {
            underWay.put(name, asked);
            asked.addListener(answered -> underWay.remove(name));
        }
        return asked;
    }

    private static ResolveException failed(String host, Throwable failure) {
        boolean temporary = DnsNameResolver.isTransportOrTimeoutError(failure)
                || (failure.getCause() instanceof DnsErrorCauseException said
                        && said.getCode().equals(DnsResponseCode.SERVFAIL));
        IOException cause = Netty.ioException(failure);
        return new ResolveException("cannot resolve " + host + ": " + Netty.reason(failure), cause, temporary);
    }

    @Override
    public void close() {
        resolver.close();
    }
}
