package dev.weft.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port where nobody listens, and nobody else can come to: it is bound for as long as the tests run. */
public final class ClosedPort {
    private static final Socket BOUND = new Socket();

    static {
        try {
            BOUND.bind(new InetSocketAddress(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClosedPort() {}

    public static int number() {
        return BOUND.getLocalPort();
    }
}
