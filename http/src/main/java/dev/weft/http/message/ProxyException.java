package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/**
 * The proxy could not be reached, or refused to connect to the host. Nothing of the request was sent. Source: aiohttp's
 * {@code ClientProxyConnectionError} and {@code ClientHttpProxyError}.
 */
public final class ProxyException extends ClientException implements BeforeSendFailure {
    private static final long serialVersionUID = 1;

    private final transient Proxy proxy;
    private final int status;

    /** Says which proxy and what happened; {@code status} is what it answered to CONNECT, 0 if it did not. */
    public ProxyException(ClientRequest request, Proxy proxy, int status, String reason, @Nullable Throwable cause) {
        super(request, "proxy " + proxy + ": " + reason, cause);
        this.proxy = proxy;
        this.status = status;
    }

    /** The proxy; null after serialization. */
    public Proxy proxy() {
        return proxy;
    }

    /** What an HTTP proxy answered, as 407; 0 if it did not answer. */
    public int status() {
        return status;
    }
}
