package dev.weft.http.connect;

import dev.weft.http.message.HttpVersion;
import dev.weft.loop.net.channel.TlsChannels;
import dev.weft.loop.net.dial.Tls;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which shared connections may serve other origins than the one they were made for: those whose certificate is the other host's too, at an address the
 * other host has. Confined to the loop. Source: RFC 9113 section 9.1.1.
 *
 * <p>Only where the certificate says it all: TLS straight to the server, verified as usual. Connections are found by the names in their certificates,
 * however many there are.
 */
final class Coalescing {
    private static final int MOST_REFUSED = 1000;

    private final boolean allowed;
    private final Map<Name, Set<Connection>> byName = new HashMap<>();
    private final Map<Connection, List<Name>> names = new HashMap<>();
    /** Origins that were told that a connection was not for them. */
    private final Recent<Origin, Boolean> refused = new Recent<>(MOST_REFUSED);

    /** A name of a certificate, and how connections with it were made. */
    private record Name(Tls tls, HttpVersion version, int port, String pattern) {}

    Coalescing(boolean allowed) {
        this.allowed = allowed;
    }

    /** A connection is there. */
    void opened(Connection connection) {
        Route route = connection.route();
        Tls tls = trusted(route);
        if (tls == null || !connection.isShared()) {
            return;
        }
        List<Name> all = new ArrayList<>();
        for (String pattern : TlsChannels.peerNames(connection.channel())) {
            Name name = new Name(tls, route.version(), route.origin().port(), pattern.toLowerCase(Locale.ROOT));
            byName.computeIfAbsent(name, missing -> new LinkedHashSet<>(2)).add(connection);
            all.add(name);
        }
        names.put(connection, all);
    }

    /** Whether there is no connection that could serve others. */
    boolean isEmpty() {
        return names.isEmpty();
    }

    /** A connection is gone. */
    void closed(Connection connection) {
        List<Name> all = names.remove(connection);
        if (all == null) {
            return;
        }
        for (Name name : all) {
            Set<Connection> those = byName.get(name);
            if (those != null && those.remove(connection) && those.isEmpty()) {
                byName.remove(name);
            }
        }
    }

    /** An origin is not served by connections that were made for others any more. */
    void refuse(Origin origin) {
        if (allowed) {
            refused.put(origin, true);
        }
    }

    /** The settings of TLS, if a certificate that they take for one host is as good for another; null if not. */
    private @Nullable Tls trusted(Route route) {
        Tls tls = route.tls();
        return allowed
                        && tls != null
                        && route.proxy() == null
                        && route.serverName() == null
                        && tls.verifiesHostname()
                        && !tls.trustsAll()
                        && !tls.trustsByOwnJudgement()
                ? tls
                : null;
    }

    /** The connections to others whose certificate is the host's too, those that came first before the others. */
    List<Connection> candidates(Route route) {
        Tls tls = trusted(route);
        if (tls == null || refused.containsKey(route.origin())) {
            return List.of();
        }
        String host = route.certificateName().toLowerCase(Locale.ROOT);
        List<Connection> candidates = new ArrayList<>(named(route, tls, host));
        int dot = host.indexOf('.');
        if (dot > 0) {
            candidates.addAll(named(route, tls, "*" + host.substring(dot)));
        }
        candidates.removeIf(connection ->
                !connection.isUsable() || !TlsChannels.isPeerNamed(connection.channel(), route.certificateName()));
        return candidates;
    }

    private Set<Connection> named(Route route, Tls tls, String pattern) {
        Set<Connection> those =
                byName.get(new Name(tls, route.version(), route.origin().port(), pattern));
        return those == null ? Set.of() : those;
    }

    /** Whether a connection is to one of these addresses. */
    static boolean isAt(Connection connection, List<InetSocketAddress> addresses) {
        return connection.channel().remoteAddress() instanceof InetSocketAddress at && addresses.contains(at);
    }
}
