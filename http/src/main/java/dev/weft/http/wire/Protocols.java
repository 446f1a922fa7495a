package dev.weft.http.wire;

import io.netty.channel.Channel;

/** The versions of HTTP that can be spoken. On the loop's thread. */
public interface Protocols {
    /** The name of HTTP/1.1 in ALPN. */
    String H1 = "http/1.1";

    /** The name of HTTP/2 in ALPN. */
    String H2 = "h2";

    /** Puts HTTP into the pipeline of a channel, as one version of it has it. Its handlers read once they hear that the channel is active. */
    void install(Channel channel, boolean h2);
}
