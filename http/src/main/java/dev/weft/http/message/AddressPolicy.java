package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses may be connected to. Looked at after the name was looked up, for the very address that is then connected, on every hop
 * and for proxies too; so neither a name nor a redirect leads past it. What is forbidden ends with {@link BlockedAddressException}.
 *
 * <p>Behind a proxy that looks names up itself nobody here sees the address: then the proxy's is checked, and the host's if it is in digits.
 *
 * <p>An address that carries an IPv4 address to which it may lead (IPv4-mapped, NAT64, 6to4, Teredo) has to be allowed as both. Immutable,
 * pure. Source: the ranges are those of the special-purpose registries of RFC 6890 that are not globally reachable.
 */
@CheckReturnValue
public final class AddressPolicy {
    /** RFC 4291 section 2.5.5, RFC 6052 section 2.1, RFC 3056 section 2, RFC 4380 section 4. */
    private static final AddressBlock MAPPED = AddressBlock.ipv6(96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

    private static final AddressBlock COMPATIBLE = AddressBlock.parse("::/96");
    private static final AddressBlock NAT64 = AddressBlock.parse("64:ff9b::/96");
    private static final AddressBlock SIX_TO_FOUR = AddressBlock.parse("2002::/16");
    private static final AddressBlock TEREDO = AddressBlock.parse("2001::/32");

    private static final AddressPolicy OPEN = new AddressPolicy(List.of(), Set.of());

    private static final AddressPolicy PUBLIC_ONLY = new AddressPolicy(
            List.of(
                    denied("0.0.0.0/8", "this network"),
                    denied("10.0.0.0/8", "private"),
                    denied("100.64.0.0/10", "shared by a provider's customers"),
                    denied("127.0.0.0/8", "loopback"),
                    denied("169.254.0.0/16", "link-local"),
                    denied("172.16.0.0/12", "private"),
                    denied("192.0.0.0/24", "reserved for protocols"),
                    denied("192.0.2.0/24", "for documentation"),
                    denied("192.88.99.0/24", "reserved"),
                    denied("192.168.0.0/16", "private"),
                    denied("198.18.0.0/15", "for benchmarks"),
                    denied("198.51.100.0/24", "for documentation"),
                    denied("203.0.113.0/24", "for documentation"),
                    denied("224.0.0.0/4", "multicast"),
                    denied("240.0.0.0/4", "reserved or broadcast"),
                    // Everything outside of the global unicast range, and of NAT64, which leads to what it carries.
                    denied("::/0", "not global unicast"),
                    allowed("2000::/3"),
                    allowed("64:ff9b::/96"),
                    denied("2001:2::/48", "for benchmarks"),
                    denied("2001:10::/28", "reserved"),
                    denied("2001:db8::/32", "for documentation"),
                    denied("3fff::/20", "for documentation"),
                    denied("::/128", "unspecified"),
                    denied("::1/128", "loopback"),
                    denied("fc00::/7", "private"),
                    denied("fe80::/10", "link-local"),
                    denied("fec0::/10", "site-local"),
                    denied("ff00::/8", "multicast")),
            Set.of());

    /** The last that an address is in decides. */
    private final List<Rule> rules;

    private final Set<Integer> ports;

    private record Rule(AddressBlock block, boolean allows, String why) {}

    private AddressPolicy(List<Rule> rules, Set<Integer> ports) {
        this.rules = rules;
        this.ports = ports;
    }

    private static Rule denied(String block, String why) {
        return new Rule(AddressBlock.parse(block), false, why);
    }

    private static Rule allowed(String block) {
        return new Rule(AddressBlock.parse(block), true, "");
    }

    /** Everything is allowed. */
    public static AddressPolicy open() {
        return OPEN;
    }

    /** Only what the whole internet can reach: for programs that fetch what strangers tell them to. */
    public static AddressPolicy publicOnly() {
        return PUBLIC_ONLY;
    }

    /**
     * The same, but these addresses are allowed. What is said later wins.
     *
     * @param block a range, as {@code 10.1.0.0/16} or {@code fd00::/8}, or one address
     * @throws IllegalArgumentException if it is none
     */
    public AddressPolicy allow(String block) {
        return with(allowed(block));
    }

    /**
     * The same, but these addresses are forbidden. What is said later wins.
     *
     * @param block a range, as {@code 10.1.0.0/16} or {@code fd00::/8}, or one address
     * @throws IllegalArgumentException if it is none
     */
    public AddressPolicy deny(String block) {
        return with(denied(block, "denied"));
    }

    private AddressPolicy with(Rule rule) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(rule);
        return new AddressPolicy(List.copyOf(more), ports);
    }

    /**
     * The same, but only these ports of hosts are allowed, in the place of those that were set before; none for any. The ports of proxies
     * are not asked about.
     *
     * @throws IllegalArgumentException if one is not 1 to 65535
     */
    public AddressPolicy ports(int... allowed) {
        for (int port : allowed) {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("the port " + port + " is not a number from 1 to 65535");
            }
        }
        return new AddressPolicy(rules, IntStream.of(allowed).boxed().collect(Collectors.toUnmodifiableSet()));
    }

    /** Whether nothing is forbidden. */
    public boolean isOpen() {
        return rules.isEmpty() && ports.isEmpty();
    }

    /** Why a host's port may not be connected to, in words; null if it may. */
    public @Nullable String objection(int port) {
        return ports.isEmpty() || ports.contains(port)
                ? null
                : "port " + port + " is not among those allowed: "
                        + ports.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Why an address may not be connected to, in words; null if it may. */
    public @Nullable String objection(InetAddress address) {
        if (rules.isEmpty()) {
            return null;
        }
        for (byte[] one : destinations(address.getAddress())) {
            Rule last = decisive(one);
            if (last != null && !last.allows()) {
                return "the address " + address.getHostAddress() + " is forbidden: " + last.block() + " is "
                        + last.why();
            }
        }
        return null;
    }

    private @Nullable Rule decisive(byte[] address) {
        for (Rule rule : rules.reversed()) {
            if (rule.block().contains(address)) {
                return rule;
            }
        }
        return null;
    }

    /** Where a connection to an address may end: there, and at the IPv4 addresses that it carries. */
    private static List<byte[]> destinations(byte[] address) {
        if (address.length == 4) {
            return List.of(address);
        }
        if (MAPPED.contains(address)) {
            return List.of(ipv4(address, 12));
        }
        List<byte[]> all = new ArrayList<>(List.of(address));
        if (COMPATIBLE.contains(address) || NAT64.contains(address)) {
            all.add(ipv4(address, 12));
        } else if (SIX_TO_FOUR.contains(address)) {
            all.add(ipv4(address, 2));
        } else if (TEREDO.contains(address)) {
            byte[] client = ipv4(address, 12);
            for (int i = 0; i < client.length; i++) {
                client[i] = (byte) ~client[i];
            }
            all.add(client);
            all.add(ipv4(address, 4));
        } else if ((address[8] & ~2) == 0 && address[9] == 0 && address[10] == 0x5e && address[11] == (byte) 0xfe) {
            // ISATAP, RFC 5214 section 6.1.
            all.add(ipv4(address, 12));
        }
        return all;
    }

    private static byte[] ipv4(byte[] address, int from) {
        return Arrays.copyOfRange(address, from, from + 4);
    }
}
