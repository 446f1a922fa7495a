package dev.weft.http.message;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The proxies that environment variables name; see {@link ProxySelector#environment(Map)}. Immutable. */
record ProxyEnvironment(@Nullable Proxy http, @Nullable Proxy https, NoProxy direct) implements ProxySelector {
    static ProxyEnvironment of(Map<String, String> variables) {
        Proxy all = read(variables, Proxy::parse, "all_proxy", "ALL_PROXY");
        Proxy http = read(variables, Proxy::parse, "http_proxy");
        Proxy https = read(variables, Proxy::parse, "https_proxy", "HTTPS_PROXY");
        NoProxy direct = read(variables, NoProxy::parse, "no_proxy", "NO_PROXY");
        return new ProxyEnvironment(
                http == null ? all : http, https == null ? all : https, direct == null ? NoProxy.NOTHING : direct);
    }

    private static <T> @Nullable T read(Map<String, String> variables, Function<String, T> reader, String... names) {
        for (String name : names) {
            String value = variables.getOrDefault(name, "").strip();
            if (!value.isEmpty()) {
                try {
                    return reader.apply(value);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("environment variable " + name + ": " + e.getMessage(), e);
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable Proxy select(HttpUrl url) {
        Proxy proxy = url.isTls() ? https : http;
        return proxy == null || direct.matches(url) ? null : proxy;
    }
}
