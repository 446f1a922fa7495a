package dev.weft.http.message;

import dev.weft.loop.Awaitable;

/**
 * A bearer token that is fetched when it is first needed, and again when a server refuses it: RFC 6750. Any loop. Requests that are sent
 * while a token is fetched wait for that one; a request is sent again once at most.
 */
final class BearerAuth implements Auth {
    private static final int UNAUTHORIZED = 401;

    private final Shared<String> token;

    BearerAuth(Awaitable<String, ?> fetch) {
        token = new Shared<>("fetch a bearer token", fetch);
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        // The requests that fetch the token have none.
        if (request.headers().contains(FixedAuth.HEADER) || token.isBeingMadeHere()) {
            return next.send(request);
        }
        Shared.Value<String> first = token.get();
        ClientResponse response = next.send(authorized(request, first.content()));
        if (response.status() != UNAUTHORIZED) {
            return response;
        }
        token.drop(first);
        if (!request.isReplayable()) {
            return response;
        }
        response.close();
        return next.send(authorized(request, token.get().content()));
    }

    private static ClientRequest authorized(ClientRequest request, String token) {
        return request.withHeader(FixedAuth.HEADER, value(token));
    }

    /** The value of {@code Authorization}. */
    static String value(String token) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            // Says nothing of what the token is.
            throw new IllegalArgumentException("a bearer token is of visible ASCII characters without spaces, this one "
                    + (token.isEmpty() ? "is empty" : "is not"));
        }
        return "Bearer " + token;
    }

    @Override
    public String toString() {
        return "a bearer token that is fetched";
    }
}
