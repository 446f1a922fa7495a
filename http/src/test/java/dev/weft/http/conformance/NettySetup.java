package dev.weft.http.conformance;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tells Netty, before it makes its first channel and its first buffer, to ask {@link SplitReads} about each new channel, and to tell {@link BufferLeaks} about
 * buffers that are not released. JUnit finds it by itself (junit-platform.properties), for the classes of the whole module.
 */
public final class NettySetup implements BeforeAllCallback {
    static {
        System.setProperty("io.netty.bootstrap.extensions", "serviceload");
        System.setProperty("io.netty.leakDetection.targetRecords", "20");
        BufferLeaks.install();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Being loaded was all there is to do.
    }
}
