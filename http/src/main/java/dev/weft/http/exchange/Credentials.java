package dev.weft.http.exchange;

import dev.weft.http.message.ClientRequest;

/** What stands before the {@code @} of a URL, as a header: RFC 7617. Pure. */
final class Credentials {
    private Credentials() {}

    /** The request with its URL's user and password in a header instead, unless it has one. */
    static ClientRequest fromUrl(ClientRequest request) {
        String authorization = request.url().authorization();
        if (authorization == null) {
            return request;
        }
        ClientRequest clean = request.withUrl(request.url().withoutUserInfo());
        return request.headers().contains("Authorization") ? clean : clean.withHeader("Authorization", authorization);
    }
}
