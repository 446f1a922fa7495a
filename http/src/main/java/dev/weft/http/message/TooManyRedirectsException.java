package dev.weft.http.message;

import java.util.List;

/** More redirects came than the policy follows. Source: aiohttp's {@code TooManyRedirects}. */
public final class TooManyRedirectsException extends ClientException {
    private static final long serialVersionUID = 1;

    private final int limit;
    private final transient List<HttpUrl> chain;

    /** Says how many were allowed; {@code chain} is every URL that was asked. */
    public TooManyRedirectsException(ClientRequest request, int limit, List<HttpUrl> chain) {
        super(request, "more than " + limit + " redirects: " + shown(chain), null);
        this.limit = limit;
        this.chain = List.copyOf(chain);
    }

    private static String shown(List<HttpUrl> chain) {
        List<String> first = chain.stream().limit(5).map(HttpUrl::toString).toList();
        return String.join(" -> ", first) + (chain.size() > 5 ? " -> ..." : "");
    }

    /** How many are allowed. */
    public int limit() {
        return limit;
    }

    /** The URLs that were asked, the first one first; empty after serialization. */
    public List<HttpUrl> chain() {
        return chain == null ? List.of() : chain;
    }
}
