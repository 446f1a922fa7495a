package dev.weft.loop.net.dial;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Which addresses a connection may use. Source: the {@code family} argument of asyncio's {@code create_connection}. */
public enum Family {
    /** Both kinds. */
    ANY,
    /** Only IPv4. */
    IPV4,
    /** Only IPv6. */
    IPV6;

    /** Whether an address is of this family. */
    public boolean matches(InetAddress address) {
        return switch (this) {
            case ANY -> true;
            case IPV4 -> address instanceof Inet4Address;
            case IPV6 -> address instanceof Inet6Address;
        };
    }
}
