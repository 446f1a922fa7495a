package dev.weft.http.conformance;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tells Netty, before any of its classes is loaded, to ask {@link SplitReads} about each new channel, and to tell {@link BufferLeaks} about
 * buffers that are not released. JUnit finds it by itself (junit-platform.properties), for the classes of the whole module.
 */
public final class NettySetup implements BeforeAllCallback {
    static {
        System.setProperty("io.netty.bootstrap.extensions", "serviceload");
        System.setProperty("io.netty.customResourceLeakDetector", BufferLeaks.Detector.class.getName());
        System.setProperty("io.netty.leakDetection.targetRecords", "20");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Being loaded was all there is to do.
    }
}
