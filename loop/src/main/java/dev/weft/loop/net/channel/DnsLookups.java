package dev.weft.loop.net.channel;

import dev.weft.loop.net.dial.Family;
import dev.weft.loop.net.dial.ResolveException;
import dev.weft.loop.poll.Poller;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.util.concurrent.Future;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The look-ups of one loop: the hosts file first, then a cache, then name servers, which are asked for both kinds of addresses at once. Who
 * gives up waiting cancels nothing for the others. Confined to the loop.
 */
final class DnsLookups implements AutoCloseable {
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
    /** How long IPv4 addresses wait for those of IPv6. RFC 8305 section 3, "Resolution Delay". */
    private static final Duration RESOLUTION_DELAY = Duration.ofMillis(50);

    private final Family family;
    private final ResolvedAddressTypes types;
    private final DefaultHostsFileEntriesResolver hostsFile = new DefaultHostsFileEntriesResolver();
    private final @Nullable FamilyLookups four;
    private final @Nullable FamilyLookups six;

    DnsLookups(Poller poller, DnsSettings settings) {
        family = settings.family();
        types = types(family);
        four = types == ResolvedAddressTypes.IPV6_ONLY
                ? null
                : new FamilyLookups(poller, settings, ResolvedAddressTypes.IPV4_ONLY);
        six = types == ResolvedAddressTypes.IPV4_ONLY
                ? null
                : new FamilyLookups(poller, settings, ResolvedAddressTypes.IPV6_ONLY);
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
     * The addresses of a name, those of IPv6 first; suspends the calling task. Some names need no name server: RFC 6761 sections 6.3 and
     * 6.4.
     *
     * @throws ResolveException if there are none
     */
    List<InetAddress> lookUp(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        List<InetAddress> known = hostsFile.addresses(name, types);
        if (known != null && !known.isEmpty()) {
            return known;
        }
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return LOOPBACK.stream().filter(family::matches).toList();
        }
        if (name.equals("invalid") || name.endsWith(".invalid")) {
            throw new ResolveException(
                    "cannot resolve " + host + ": there are no such names", new UnknownHostException(host), false);
        }
        return ask(host, name);
    }

    private List<InetAddress> ask(String host, String name) {
        List<Future<List<InetAddress>>> asked = new ArrayList<>(2);
        if (six != null) {
            asked.add(six.ask(name));
        }
        if (four != null) {
            asked.add(four.ask(name));
        }
        Future<List<InetAddress>> last = asked.getLast();
        Netty.join(last);
        Future<List<InetAddress>> first = asked.getFirst();
        if (last.isSuccess()) {
            // A name server may say nothing at all to the question that it does not know.
            Netty.join(first, RESOLUTION_DELAY);
        } else {
            Netty.join(first);
        }
        List<InetAddress> found = new ArrayList<>();
        asked.stream().filter(Future::isSuccess).forEach(answer -> found.addAll(answer.getNow()));
        if (found.isEmpty()) {
            throw failed(host, asked.stream().map(Future::cause).toList());
        }
        return found;
    }

    /** One failure for both; asking again may help if it may help with one. */
    private static ResolveException failed(String host, List<Throwable> failures) {
        Throwable telling =
                failures.stream().filter(DnsLookups::isTemporary).findFirst().orElseGet(failures::getLast);
        return new ResolveException(
                "cannot resolve " + host + ": " + Netty.reason(telling),
                Netty.ioException(telling),
                isTemporary(telling));
    }

    private static boolean isTemporary(Throwable failure) {
        return DnsNameResolver.isTransportOrTimeoutError(failure)
                || (failure.getCause() instanceof DnsErrorCauseException said
                        && said.getCode().equals(DnsResponseCode.SERVFAIL));
    }

    /** Forgets every answer, the failures too. */
    void clear() {
        if (four != null) {
            four.clear();
        }
        if (six != null) {
            six.clear();
        }
    }

    @Override
    public void close() {
        if (four != null) {
            four.close();
        }
        if (six != null) {
            six.close();
        }
    }
}
