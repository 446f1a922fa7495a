package dev.weft.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** Makes a server on this machine one that is far away: what goes through here, either way, arrives so much later, however much it is. */
final class Distance implements AutoCloseable {
    private final ServerSocket near = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int far;
    private final long nanos;

    /** Bytes, and when they are to arrive; none at the end. */
    private record Packet(byte[] bytes, long nanos) {}

    private Distance(int far, Duration oneWay) throws IOException {
        this.far = far;
        this.nanos = oneWay.toNanos();
        Thread.ofVirtual().start(this::accept);
    }

    /** To what listens on that port of 127.0.0.1. */
    static Distance to(int port, Duration oneWay) throws IOException {
        return new Distance(port, oneWay);
    }

    int port() {
        return near.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = near.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), far);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                carry(client, server);
                carry(server, client);
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Packet> onTheWay = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            try (InputStream in = from.getInputStream()) {
                byte[] piece = new byte[256 << 10];
                for (int size = in.read(piece); size > 0; size = in.read(piece)) {
                    onTheWay.add(new Packet(Arrays.copyOf(piece, size), System.nanoTime() + nanos));
                }
            } catch (IOException e) {
                // An end as any other.
            }
            onTheWay.add(new Packet(new byte[0], System.nanoTime() + nanos));
        });
        Thread.ofVirtual().start(() -> {
            try (OutputStream out = to.getOutputStream()) {
                for (Packet next = onTheWay.take(); next.bytes.length > 0; next = onTheWay.take()) {
                    for (long left = next.nanos - System.nanoTime(); left > 0; left = next.nanos - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    out.write(next.bytes);
                }
            } catch (IOException | InterruptedException e) {
                // Whoever it is for has gone.
            }
        });
    }

    @Override
    public void close() throws IOException {
        near.close();
    }
}
