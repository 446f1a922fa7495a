package dev.weft.http.message;

/** The version of HTTP that a request is sent with. */
public enum HttpVersion {
    /** HTTP/1.0, with {@code Connection: keep-alive}. */
    HTTP_1_0("HTTP/1.0"),
    /** HTTP/1.1. */
    HTTP_1_1("HTTP/1.1");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    /** As it stands in a request line. */
    @Override
    public String toString() {
        return text;
    }
}
