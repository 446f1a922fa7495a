package dev.weft.http.connect;

import dev.weft.http.message.HttpUrl;

/** Where a connection goes: what may share one has the same origin. Source: RFC 9110 section 4.3.1. */
public record Origin(boolean tls, String host, int port) {
    /** The origin of a URL. */
    public static Origin of(HttpUrl url) {
        return new Origin(url.isTls(), url.host(), url.port());
    }

    /** Host and port, for messages. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
