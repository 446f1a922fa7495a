package dev.weft.loop.net.channel;

import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.internal.tcnative.KeyLogCallback;
import io.netty.internal.tcnative.SSLContext;
import java.lang.reflect.Field;
import java.nio.file.Path;

/**
 * The secrets of OpenSSL's handshakes, written to a file. A class of its own, because it needs the classes of netty-tcnative. Never refers
 * to its context: native code refers to this, so that the context would never be collected.
 */
final class OpenSslKeyLog implements KeyLogCallback {
    private final KeyLogFile file;

    private OpenSslKeyLog(KeyLogFile file) {
        this.file = file;
    }

    /**
     * Logs the secrets of a context that was made just now.
     *
     * @throws IllegalArgumentException if its library cannot do so, or the file cannot be written
     */
    static void attach(ReferenceCountedOpenSslContext context, Path path) {
        if (!SSLContext.setKeyLogCallback(pointer(context), new OpenSslKeyLog(KeyLogFile.open(path)))) {
            throw new IllegalArgumentException("this OpenSSL gives no secrets away: there can be no key log");
        }
    }

    /** netty-tcnative's own structure. What {@code sslCtxPointer()} gives is OpenSSL's, and here it would end the JVM. */
    private static long pointer(ReferenceCountedOpenSslContext context) {
        try {
            Field ctx = ReferenceCountedOpenSslContext.class.getDeclaredField("ctx");
            if (ctx.trySetAccessible()) {
                return ctx.getLong(context);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("this version of Netty offers no way to a key log", e);
        }
        throw new IllegalArgumentException("where Netty is a module, a key log needs"
                + " --add-opens io.netty.handler/io.netty.handler.ssl=dev.weft.loop");
    }

    @Override
    public void handle(long ssl, byte[] line) {
        file.write(line);
    }
}
