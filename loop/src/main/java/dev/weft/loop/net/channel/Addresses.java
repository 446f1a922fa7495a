package dev.weft.loop.net.channel;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Pure decisions about addresses. */
public final class Addresses {
    private Addresses() {}

    /**
     * The order to try addresses in: the families take turns, beginning with the family of the first; within a family the order
     * stays. Source: RFC 8305, section 4, with a first address family count of 1.
     */
    static List<InetAddress> interleave(List<InetAddress> addresses) {
        Deque<InetAddress> turn = new ArrayDeque<>();
        Deque<InetAddress> other = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            boolean likeFirst = (address instanceof Inet6Address) == (addresses.getFirst() instanceof Inet6Address);
            (likeFirst ? turn : other).add(address);
        }
        List<InetAddress> order = new ArrayList<>(addresses.size());
        while (!turn.isEmpty()) {
            order.add(turn.remove());
            if (!other.isEmpty()) {
                Deque<InetAddress> next = other;
                other = turn;
                turn = next;
            }
        }
        return order;
    }

    /** Host and port as people write them: an IPv6 address is in brackets. */
    public static String text(String host, int port) {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }

    /** An address as people write it. */
    public static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return text(ip == null ? address.getHostString() : ip.getHostAddress(), address.getPort());
    }
}
