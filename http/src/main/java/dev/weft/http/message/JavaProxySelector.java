package dev.weft.http.message;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks Java's own selector. Any thread. */
record JavaProxySelector(java.net.ProxySelector selector) implements ProxySelector {
    @Override
    public @Nullable Proxy select(HttpUrl url) {
        List<java.net.Proxy> answers = selector.select(url.toUri());
        if (answers == null || answers.isEmpty()) {
            return null;
        }
        java.net.Proxy first = answers.getFirst();
        if (!(first.address() instanceof InetSocketAddress address)) {
            return null;
        }
        return switch (first.type()) {
            case DIRECT -> null;
            case HTTP -> Proxy.http(address.getHostString(), address.getPort());
            case SOCKS -> Proxy.socks(address.getHostString(), address.getPort());
        };
    }
}
