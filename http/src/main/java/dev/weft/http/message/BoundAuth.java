package dev.weft.http.message;

/** Credentials for one origin, wherever a request began. Immutable. */
final class BoundAuth implements Auth {
    private final Auth auth;
    private final HttpUrl origin;

    BoundAuth(Auth auth, String origin) {
        this.auth = auth;
        try {
            this.origin = HttpUrl.parse(origin);
        } catch (InvalidUrlException e) {
            throw new IllegalArgumentException(
                    "credentials are for an origin, as https://example.com: " + e.reason(), e);
        }
        if (!this.origin.target().equals("/") || this.origin.fragment() != null || this.origin.userInfo() != null) {
            throw new IllegalArgumentException("credentials are for a whole origin, as https://example.com: "
                    + Fields.quote(this.origin.toString()) + " says more than scheme, host and port");
        }
    }

    @Override
    public boolean appliesTo(HttpUrl first, HttpUrl now) {
        return origin.isSameOrigin(now);
    }

    @Override
    public boolean isScoped() {
        return true;
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        return auth.handle(request, next);
    }

    @Override
    public String toString() {
        return auth + " at " + origin.origin();
    }
}
