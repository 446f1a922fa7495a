package dev.weft.http.message;

import com.google.common.net.InetAddresses;
import java.net.IDN;
import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/**
 * What stands in the place of a host, as one form for each host: so that two URLs of one host compare equal, and whoever judges a host
 * judges the one that is connected to. Pure. Source: WHATWG URL, "host parsing"; stricter in that a name holds only letters, digits,
 * {@code -}, {@code .} and {@code _}.
 *
 * <p>International names are mapped by the JDK's IDNA 2003, after its Unicode has mapped what is younger. Where IDNA 2008, which browsers use, gives another name (a sharp s, a final
 * sigma, joiners), the host is refused: it would be somebody else's.
 */
final class HostParser {
    private static final int MOST_IN_LABEL = 63;
    private static final int MOST_IN_NAME = 253;

    private static final AsciiSet LEGAL = AsciiSet.alphanumericAnd("-._");

    /** What stays as it is. */
    private static final AsciiSet USUAL = AsciiSet.of("abcdefghijklmnopqrstuvwxyz0123456789-._");

    /** What IDNA 2003 maps to something else and IDNA 2008 keeps. */
    private static final String DEVIATIONS = "\u00df\u1e9e\u03c2\u200c\u200d";

    private HostParser() {}

    /**
     * The host in lower case and ASCII: an IPv4 address with four parts, an IPv6 address in its shortest form and without brackets, or a
     * name, a final dot of which stays.
     *
     * @throws IllegalArgumentException if it is none of them; the message says what is wrong, as "its host ..."
     */
    static String parse(String host) {
        if (host.startsWith("[")) {
            return ipv6(host);
        }
        String name = USUAL.containsAll(host) ? host : decoded(host);
        check(name);
        return Ipv4Text.endsInNumber(name) ? Ipv4Text.parse(name) : name;
    }

    private static String decoded(String host) {
        String plain = host.indexOf('%') < 0 ? host : new String(PercentCoding.decode(host), StandardCharsets.UTF_8);
        return toAscii(plain).toLowerCase(Locale.ROOT);
    }

    private static String ipv6(String host) {
        String text = host.substring(1, Math.max(1, host.length() - 1));
        if (!host.endsWith("]") || text.startsWith("[")) {
            throw new IllegalArgumentException("its IPv6 address has no closing bracket");
        }
        if (text.indexOf('%') >= 0) {
            // A zone means something on one machine only: RFC 6874 is not followed by WHATWG either.
            throw new IllegalArgumentException("its IPv6 address names a zone, which a URL cannot");
        }
        try {
            byte[] address = Inet6Address.ofLiteral(text).getAddress();
            // The JDK gives an IPv4 address for a mapped one.
            return InetAddresses.toAddrString(Inet6Address.getByAddress(null, asIpv6(address), -1));
        } catch (IllegalArgumentException | UnknownHostException e) {
            throw new IllegalArgumentException("its host " + Fields.quote(text) + " is not an IPv6 address", e);
        }
    }

    private static byte[] asIpv6(byte[] address) {
        if (address.length == 16) {
            return address;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(address, 0, mapped, 12, 4);
        return mapped;
    }

    private static String toAscii(String host) {
        if (Fields.isAscii(host)) {
            return host;
        }
        host.chars().filter(c -> DEVIATIONS.indexOf(c) >= 0).findFirst().ifPresent(c -> {
            throw new IllegalArgumentException(String.format(
                    "its host holds U+%04X, which old and new rules map to different names: write it as xn--...", c));
        });
        try {
            return IDN.toASCII(mapped(host), IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its host is not a valid international name", e);
        }
    }

    /** What UTS 46 maps, by this JDK's Unicode: the JDK's IDNA itself knows no character that is younger than Unicode 3.2. */
    private static String mapped(String host) {
        String small = Normalizer.normalize(host, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(small, Normalizer.Form.NFKC);
    }

    private static void check(String name) {
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!LEGAL.contains(c)) {
                throw new IllegalArgumentException("its host holds the character " + shown(c));
            }
            if (c == '.' && label == 0) {
                throw new IllegalArgumentException("its host has an empty part");
            }
            label = c == '.' ? 0 : label + 1;
            if (label > MOST_IN_LABEL) {
                throw new IllegalArgumentException("a part of its host has more than 63 characters");
            }
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("it has no host");
        }
        if (name.length() - (name.endsWith(".") ? 1 : 0) > MOST_IN_NAME) {
            throw new IllegalArgumentException("its host has more than 253 characters");
        }
    }

    private static String shown(char c) {
        return c < ' ' || c >= 0x7f ? String.format("U+%04X", (int) c) : "'" + c + "'";
    }
}
