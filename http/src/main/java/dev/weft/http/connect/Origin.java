package dev.weft.http.connect;

import dev.weft.http.message.HttpUrl;

/** Whom HTTP is spoken with: a server, or a proxy that answers for others. What limits for each host count. Source: RFC 9110 section 4.3.1. */
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
