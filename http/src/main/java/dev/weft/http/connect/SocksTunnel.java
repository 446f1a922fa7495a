package dev.weft.http.connect;

import dev.weft.http.connect.Conversation.Failed;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.ProxyException;
import dev.weft.loop.net.channel.Dialer;
import io.netty.handler.codec.socksx.v4.DefaultSocks4CommandRequest;
import io.netty.handler.codec.socksx.v4.Socks4ClientDecoder;
import io.netty.handler.codec.socksx.v4.Socks4ClientEncoder;
import io.netty.handler.codec.socksx.v4.Socks4CommandResponse;
import io.netty.handler.codec.socksx.v4.Socks4CommandStatus;
import io.netty.handler.codec.socksx.v4.Socks4CommandType;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5ClientEncoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponse;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponseDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A way through a SOCKS proxy: RFC 1928 with RFC 1929, and SOCKS 4a, which has no RFC. Which host it leads to is the caller's to say: a
 * name, for the proxy to look up, or an address in digits.
 */
final class SocksTunnel {
    private static final Map<Socks5CommandStatus, String> REFUSALS = Map.of(
            Socks5CommandStatus.FAILURE, "something went wrong there",
            Socks5CommandStatus.FORBIDDEN, "its rules forbid it",
            Socks5CommandStatus.NETWORK_UNREACHABLE, "network unreachable",
            Socks5CommandStatus.HOST_UNREACHABLE, "host unreachable",
            Socks5CommandStatus.CONNECTION_REFUSED, "connection refused",
            Socks5CommandStatus.TTL_EXPIRED, "the way is too long",
            Socks5CommandStatus.COMMAND_UNSUPPORTED, "it does not know how",
            Socks5CommandStatus.ADDRESS_UNSUPPORTED, "it does not know this kind of address");

    private SocksTunnel() {}

    /**
     * Checks what no proxy of a kind can do, before it is bothered.
     *
     * @throws ProxyException if the host is out of its reach
     */
    static void check(Patience wait, Proxy proxy, String host, int port) {
        if (proxy.kind() == Proxy.Kind.SOCKS4 && type(host).equals(Socks5AddressType.IPv6)) {
            throw refused(wait, proxy, host, port, "SOCKS 4 knows no IPv6 addresses");
        }
    }

    /**
     * Asks a SOCKS 4a proxy.
     *
     * @throws ProxyException if it refuses
     * @throws Failed if it does not answer, or nothing that is SOCKS
     */
    static void open4(Patience wait, Conversation proxied, Proxy proxy, String host, int port) throws Failed {
        Socks4CommandResponse answer = (Socks4CommandResponse) proxied.ask(
                wait,
                new DefaultSocks4CommandRequest(Socks4CommandType.CONNECT, host, port, bytes(proxy.user())),
                Socks4ClientEncoder.INSTANCE,
                new Socks4ClientDecoder(),
                Socks4CommandResponse.class::isInstance);
        Socks4CommandStatus status = answer.status();
        if (!status.isSuccess()) {
            boolean who = status.equals(Socks4CommandStatus.IDENTD_UNREACHABLE)
                    || status.equals(Socks4CommandStatus.IDENTD_AUTH_FAILURE);
            throw refused(
                    wait,
                    proxy,
                    host,
                    port,
                    who
                            ? "it cannot make sure who asks"
                            : "it says no, or cannot reach it (" + status.byteValue() + ")");
        }
    }

    /**
     * Asks a SOCKS 5 proxy.
     *
     * @throws ProxyException if it refuses
     * @throws Failed if it does not answer, or nothing that is SOCKS
     */
    static void open5(Patience wait, Conversation proxied, Proxy proxy, String host, int port) throws Failed {
        logIn(wait, proxied, proxy);
        Socks5AddressType type = type(host);
        String address = type.equals(Socks5AddressType.DOMAIN)
                ? host
                : InetAddress.ofLiteral(host).getHostAddress();
        Socks5CommandResponse answer = (Socks5CommandResponse) proxied.ask(
                wait,
                new DefaultSocks5CommandRequest(Socks5CommandType.CONNECT, type, address, port),
                Socks5ClientEncoder.DEFAULT,
                new Socks5CommandResponseDecoder(),
                Socks5CommandResponse.class::isInstance);
        Socks5CommandStatus status = answer.status();
        if (!status.isSuccess()) {
            String why = REFUSALS.getOrDefault(status, "its code is " + (status.byteValue() & 0xff));
            throw refused(wait, proxy, host, port, why);
        }
    }

    private static Socks5AddressType type(String host) {
        if (!Dialer.isLiteral(host)) {
            return Socks5AddressType.DOMAIN;
        }
        return InetAddress.ofLiteral(host) instanceof Inet4Address ? Socks5AddressType.IPv4 : Socks5AddressType.IPv6;
    }

    private static void logIn(Patience wait, Conversation proxied, Proxy proxy) throws Failed {
        String user = proxy.user();
        Socks5InitialResponse chosen = (Socks5InitialResponse) proxied.ask(
                wait,
                new DefaultSocks5InitialRequest(
                        user == null
                                ? List.of(Socks5AuthMethod.NO_AUTH)
                                : List.of(Socks5AuthMethod.NO_AUTH, Socks5AuthMethod.PASSWORD)),
                Socks5ClientEncoder.DEFAULT,
                new Socks5InitialResponseDecoder(),
                Socks5InitialResponse.class::isInstance);
        if (chosen.authMethod().equals(Socks5AuthMethod.NO_AUTH)) {
            return;
        }
        if (user == null || !chosen.authMethod().equals(Socks5AuthMethod.PASSWORD)) {
            throw new ProxyException(
                    wait.request(),
                    proxy,
                    0,
                    user == null
                            ? "it asks for credentials, and there are none"
                            : "it takes no user and password, and nobody without",
                    null);
        }
        Socks5PasswordAuthResponse answer = (Socks5PasswordAuthResponse) proxied.ask(
                wait,
                new DefaultSocks5PasswordAuthRequest(bytes(user), bytes(proxy.password())),
                Socks5ClientEncoder.DEFAULT,
                new Socks5PasswordAuthResponseDecoder(),
                Socks5PasswordAuthResponse.class::isInstance);
        if (!answer.status().equals(Socks5PasswordAuthStatus.SUCCESS)) {
            throw new ProxyException(wait.request(), proxy, 0, "it does not take these credentials", null);
        }
    }

    /** Netty writes a character as a byte; ours are those of UTF-8. */
    private static String bytes(@Nullable String text) {
        return text == null ? "" : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static ProxyException refused(Patience wait, Proxy proxy, String host, int port, String why) {
        return new ProxyException(
                wait.request(), proxy, 0, "no way to " + new Origin(false, host, port) + ": " + why, null);
    }
}
