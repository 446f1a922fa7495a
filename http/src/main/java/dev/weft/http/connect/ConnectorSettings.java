package dev.weft.http.connect;

import dev.weft.http.message.AddressPolicy;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.Tls;
import org.jspecify.annotations.Nullable;

/**
 * How a session connects.
 *
 * @param limits how many connections, for how long
 * @param connect names, addresses, sockets; its TLS does not count, that of the request does
 * @param policy which addresses may be connected to
 * @param proxyTls how TLS is spoken with a proxy, if that is wanted
 * @param unixSocket the Unix socket that every request goes to, whatever its URL says, without a proxy; a path, or {@code @} and a name in
 *     Linux' abstract namespace; null for TCP
 * @param coalesce whether a connection may serve other origins than its own, if its certificate and its address are theirs too
 */
public record ConnectorSettings(
        PoolLimits limits,
        ConnectOptions connect,
        AddressPolicy policy,
        Tls proxyTls,
        @Nullable String unixSocket,
        boolean coalesce) {
    /** These, and connections that serve other origins too. */
    public ConnectorSettings(
            PoolLimits limits,
            ConnectOptions connect,
            AddressPolicy policy,
            Tls proxyTls,
            @Nullable String unixSocket) {
        this(limits, connect, policy, proxyTls, unixSocket, true);
    }

    /** What a session has where nothing is set. */
    public static ConnectorSettings standard() {
        return new ConnectorSettings(
                PoolLimits.standard(), ConnectOptions.DEFAULT, AddressPolicy.open(), Tls.client(), null);
    }

    /** The same with other limits. */
    public ConnectorSettings withLimits(PoolLimits other) {
        return new ConnectorSettings(other, connect, policy, proxyTls, unixSocket, coalesce);
    }
}
