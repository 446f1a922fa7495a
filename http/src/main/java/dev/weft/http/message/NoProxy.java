package dev.weft.http.message;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What goes past the proxy: the entries of {@code no_proxy}. Immutable; looks no name up.
 *
 * @param entries one of them has to hold
 */
record NoProxy(List<Predicate<HttpUrl>> entries) {
    /** Everything goes through the proxy. */
    static final NoProxy NOTHING = new NoProxy(List.of());

    /**
     * Reads the variable.
     *
     * @throws IllegalArgumentException if an entry is none: says which and why
     */
    static NoProxy parse(String text) {
        List<Predicate<HttpUrl>> entries = new ArrayList<>();
        for (String entry : text.split("[,\\s]+", -1)) {
            if (!entry.isEmpty()) {
                try {
                    entries.add(entry(entry));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "the entry " + Fields.quote(entry) + " is no host, address or range: " + e.getMessage(), e);
                }
            }
        }
        return new NoProxy(List.copyOf(entries));
    }

    boolean matches(HttpUrl url) {
        return entries.stream().anyMatch(entry -> entry.test(url));
    }

    private static Predicate<HttpUrl> entry(String entry) {
        if (entry.equals("*")) {
            return url -> true;
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return range(entry.substring(0, slash), entry.substring(slash + 1));
        }
        // More than one colon outside brackets is an IPv6 address without a port.
        boolean bare = !entry.startsWith("[") && entry.indexOf(':') != entry.lastIndexOf(':');
        int colon = bare ? -1 : UrlParser.portColon(entry);
        Predicate<HttpUrl> host = host(colon < 0 ? entry : entry.substring(0, colon));
        if (colon < 0) {
            return host;
        }
        int port = UrlParser.port(entry.substring(colon + 1));
        if (port == 0) {
            throw new IllegalArgumentException("its port is not a number from 1 to 65535");
        }
        return url -> url.port() == port && host.test(url);
    }

    private static Predicate<HttpUrl> host(String text) {
        String bare = text.startsWith("*.") ? text.substring(2) : text.startsWith(".") ? text.substring(1) : text;
        boolean ipv6 = bare.indexOf(':') >= 0 && !bare.startsWith("[");
        String host = withoutFinalDot(HostParser.parse(ipv6 ? "[" + bare + "]" : bare));
        InetAddress address = address(host);
        if (address != null) {
            return url -> address.equals(address(url.host()));
        }
        return url -> {
            String name = withoutFinalDot(url.host());
            return name.equals(host) || name.endsWith("." + host);
        };
    }

    private static Predicate<HttpUrl> range(String network, String digits) {
        boolean ipv6 = network.indexOf(':') >= 0 && !network.startsWith("[");
        InetAddress address = address(HostParser.parse(ipv6 ? "[" + network + "]" : network));
        if (address == null) {
            throw new IllegalArgumentException("what stands before the / is no IP address");
        }
        byte[] start = address.getAddress();
        int most = start.length * 8;
        boolean number =
                digits.length() <= 3 && !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int bits = number ? Integer.parseInt(digits) : -1;
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("what stands behind the / is not a number from 0 to " + most);
        }
        return url -> {
            InetAddress host = address(url.host());
            return host != null && startsWith(host.getAddress(), start, bits);
        };
    }

    private static boolean startsWith(byte[] address, byte[] start, int bits) {
        if (address.length != start.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The address that a host is; null if it is a name. An IPv4 address that is mapped into IPv6 is that IPv4 address. */
    private static @Nullable InetAddress address(String host) {
        boolean literal = host.indexOf(':') >= 0 || Ipv4Text.endsInNumber(host);
        return literal ? InetAddress.ofLiteral(host) : null;
    }

    private static String withoutFinalDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
