package dev.weft.http.message;

/** Credentials that are the same for each request: Basic, or a bearer token. Immutable. */
final class FixedAuth implements Auth {
    static final String HEADER = "Authorization";

    private final String name;
    private final String value;

    /** Named for messages, which never show the value. */
    FixedAuth(String name, String value) {
        this.name = name;
        this.value = value;
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        return next.send(request.headers().contains(HEADER) ? request : request.withHeader(HEADER, value));
    }

    @Override
    public String toString() {
        return name;
    }
}
