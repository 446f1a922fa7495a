package dev.weft.http.message;

/** The version of HTTP that a request is sent with. */
public enum HttpVersion {
    /** HTTP/1.0, with {@code Connection: keep-alive}. */
    HTTP_1_0("HTTP/1.0"),
    /** HTTP/1.1. */
    HTTP_1_1("HTTP/1.1"),
    /** HTTP/2: agreed on by ALPN with {@code https}, else no connection comes about; spoken at once with {@code http} (prior knowledge). */
    HTTP_2("HTTP/2"),
    /** HTTP/2 or HTTP/1.1, as the server chooses by ALPN, with {@code https}; HTTP/1.1 with {@code http}. */
    AUTO("HTTP/2 or HTTP/1.1");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    /** As it stands in a request line, where there is one. */
    @Override
    public String toString() {
        return text;
    }
}
