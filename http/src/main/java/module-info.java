/** The HTTP client: sessions, requests and responses for tasks of the loop. */
module dev.weft.http {
    requires transitive dev.weft.loop;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.codec.http2;
    requires io.netty.codec.socks;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires com.google.common;
    requires org.slf4j;
    requires tools.jackson.databind;
    requires static com.aayushatharva.brotli4j;
    requires static com.github.luben.zstd_jni;
    requires static jdk.jfr;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;

    exports dev.weft.http;
    exports dev.weft.http.cookie;
    exports dev.weft.http.download;
    exports dev.weft.http.message;
    exports dev.weft.http.middleware;
    exports dev.weft.http.websocket;
}
