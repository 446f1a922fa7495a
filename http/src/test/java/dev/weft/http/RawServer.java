package dev.weft.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server that does to each connection what a script says, byte by byte. A script that returns closes its connection (FIN). */
public final class RawServer implements AutoCloseable {
    public static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ServerSocket listener;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** What happens on one connection. */
    public interface Script {
        void run(Peer peer) throws Exception;
    }

    private RawServer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
        Thread.ofVirtual().name("raw-server").start(this::accept);
    }

    public static RawServer start(Script script) throws IOException {
        return start(ServerSocketFactory.getDefault(), script);
    }

    public static RawServer start(ServerSocketFactory factory, Script script) throws IOException {
        return new RawServer(factory.createServerSocket(0, 200, InetAddress.getByName("127.0.0.1")), script);
    }

    /** Answers every request of every connection the same way, until the client closes. */
    public static RawServer answering(String response) throws IOException {
        return start(peer -> {
            while (peer.request() != null) {
                peer.send(response);
            }
        });
    }

    /** Answers the first request of each connection, then closes. */
    public static RawServer once(String response) throws IOException {
        return start(peer -> {
            peer.request();
            peer.send(response);
        });
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** How many connections were accepted. */
    public int connections() {
        return connections.get();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                socket.setTcpNoDelay(true);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().name("raw-server-" + number).start(() -> serve(new Peer(socket, number)));
            } catch (IOException e) {
                if (!closed) {
                    failures.add(e);
                }
                return;
            }
        }
    }

    private void serve(Peer peer) {
        try (Socket socket = peer.socket) {
            script.run(peer);
        } catch (SocketException e) {
            // The client may go away when it likes; what it then reports is what the test looks at.
        } catch (Throwable e) {
            if (!closed) {
                failures.add(e);
            }
        } finally {
            sockets.remove(peer.socket);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        if (!failures.isEmpty()) {
            AssertionError failed = new AssertionError("the server's script failed");
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    /** One connection, from the server's side. */
    public static final class Peer {
        public final Socket socket;
        /** Counted from 1. */
        public final int number;

        private Peer(Socket socket, int number) {
            this.socket = socket;
            this.number = number;
        }

        /** Reads a request, its body included; null if the client closed. */
        public String request() throws IOException {
            String head = head();
            if (head == null) {
                return null;
            }
            return head + body(head);
        }

        /** Reads the body behind a head, its chunks put together. */
        public String body(String head) throws IOException {
            int length = 0;
            for (String line : head.split("\r\n")) {
                String lower = line.toLowerCase(java.util.Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
                if (lower.equals("transfer-encoding: chunked")) {
                    return chunks();
                }
            }
            return bytes(length);
        }

        private String chunks() throws IOException {
            StringBuilder body = new StringBuilder();
            while (true) {
                int size = Integer.parseInt(line(), 16);
                body.append(bytes(size));
                if (!line().isEmpty()) {
                    throw new IOException("no line end behind a chunk");
                }
                if (size == 0) {
                    return body.toString();
                }
            }
        }

        private String bytes(int length) throws IOException {
            return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = socket.getInputStream().read();
                    b != '\n';
                    b = socket.getInputStream().read()) {
                if (b < 0) {
                    throw new SocketException("the client closed within a line");
                }
                if (b != '\r') {
                    line.append((char) b);
                }
            }
            return line.toString();
        }

        /** Reads the head of a request only. */
        public String head() throws IOException {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            int last = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                head.write(b);
                last = (last << 8) | b;
                if (last == 0x0d0a0d0a) {
                    return head.toString(StandardCharsets.ISO_8859_1);
                }
            }
            return null;
        }

        public void send(String latin1) throws IOException {
            send(latin1.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** Waits until the client closes, whatever it sends before. */
        public void awaitEnd() throws IOException {
            try {
                socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (SocketException e) {
                // A reset is an end too.
            }
        }

        /** Ends the connection with a reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
