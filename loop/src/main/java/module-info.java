/** The loop: futures, tasks and structured concurrency on one thread, over Netty's transports. */
module dev.weft.loop {
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.dns;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.kqueue;
    requires io.netty.transport.unix.common;
    requires org.slf4j;
    requires static io.netty.tcnative.classes.openssl;
    requires static jdk.jfr;
    requires static jdk.net;
    requires static org.junit.jupiter.api;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;

    exports dev.weft.loop;
    exports dev.weft.loop.net;
    exports dev.weft.loop.net.dial;
    exports dev.weft.loop.sync;
    exports dev.weft.loop.testing;
    exports dev.weft.loop.testing.junit;
    exports dev.weft.loop.net.channel to
            dev.weft.http;
    exports dev.weft.loop.poll to
            dev.weft.http;
}
