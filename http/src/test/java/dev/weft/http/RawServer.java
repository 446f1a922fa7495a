package dev.weft.http;

import dev.weft.http.h2.H2Line;
import dev.weft.http.h2.H2Lines;
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

/**
 * A server that does to each connection what a script says, byte by byte. A script that returns closes its connection (FIN).
 *
 * <p>Over HTTP/2 a script is the same text of HTTP/1.1: {@link H2Lines} has it speak to streams, and what is a connection here is a line of theirs.
 */
public final class RawServer implements AutoCloseable {
    public static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ServerSocket listener;
    private final Script script;
    /** How HTTP/2 is spoken; null for HTTP/1.1. */
    private final H2Lines.Manner http2;

    private final List<H2Lines> http2Connections = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** What happens on one connection. */
    public interface Script {
        void run(Peer peer) throws Exception;
    }

    private RawServer(ServerSocket listener, Script script, H2Lines.Manner http2) {
        this.listener = listener;
        this.script = script;
        this.http2 = http2;
        Thread.ofVirtual().name("raw-server").start(this::accept);
    }

    public static RawServer start(Script script) throws IOException {
        return start(ServerSocketFactory.getDefault(), script);
    }

    public static RawServer start(ServerSocketFactory factory, Script script) throws IOException {
        return start(factory, script, Spoken.isHttp2() ? H2Lines.Manner.FEW_FRAMES : null);
    }

    /** One whose script has the bytes of the connection as they are, whatever version is spoken in the test. */
    public static RawServer plain(Script script) throws IOException {
        return start(ServerSocketFactory.getDefault(), script, null);
    }

    /** One that speaks HTTP/2, in this manner; HTTP/1.1 if that is null. Without TLS the client has to know. */
    public static RawServer start(ServerSocketFactory factory, Script script, H2Lines.Manner http2) throws IOException {
        return new RawServer(factory.createServerSocket(0, 200, InetAddress.getByName("127.0.0.1")), script, http2);
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

    /** How many connections were accepted; over HTTP/2, lines. */
    public int connections() {
        return connections.get();
    }

    /** The connections that lines are on, in the order in which they were accepted. */
    public List<H2Lines> http2Connections() {
        return List.copyOf(http2Connections);
    }

    private void accept() {
        while (!closed) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                socket.setTcpNoDelay(true);
                if (http2 == null) {
                    Peer peer = new Peer(socket, connections.incrementAndGet(), new WholeSocket(socket));
                    Thread.ofVirtual().name("raw-server-" + peer.number).start(() -> serve(peer));
                } else {
                    H2Lines lines = new H2Lines(socket, http2, this::line);
                    http2Connections.add(lines);
                    Thread.ofVirtual().name("raw-server-h2").start(() -> serve(lines));
                }
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
            play(peer);
        } catch (IOException e) {
            // It is closed all the same.
        } finally {
            sockets.remove(peer.socket);
        }
    }

    private void play(Peer peer) {
        try {
            script.run(peer);
        } catch (SocketException e) {
            // The client may go away when it likes; what it then reports is what the test looks at.
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void serve(H2Lines lines) {
        try {
            lines.serve();
        } catch (Throwable e) {
            failed(e);
        } finally {
            sockets.remove(lines.socket());
        }
    }

    /** A new line of an HTTP/2 connection: a run of the script. */
    private void line(Socket socket, H2Line line) {
        Peer peer = new Peer(socket, connections.incrementAndGet(), line);
        Thread.ofVirtual().name("raw-server-line-" + peer.number).start(() -> {
            play(peer);
            try {
                line.end();
            } catch (SocketException e) {
                // The client was faster.
            } catch (Throwable e) {
                failed(e);
            }
        });
    }

    private void failed(Throwable e) {
        if (!closed) {
            failures.add(e);
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

    /** What a connection is for a script. */
    public interface Ends {
        /** What the client sends. */
        InputStream in() throws IOException;

        /** Sends to it. */
        void send(byte[] bytes) throws IOException;

        /** Sends no more, and goes on to read. */
        void finish() throws IOException;

        /** Ends it with a reset. */
        void reset() throws IOException;

        /** A read that has got nothing for so long fails with {@link java.net.SocketTimeoutException}. */
        void patience(int millis) throws IOException;
    }

    private record WholeSocket(Socket socket) implements Ends {
        @Override
        public InputStream in() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        @Override
        public void finish() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void patience(int millis) throws IOException {
            socket.setSoTimeout(millis);
        }
    }

    /** One connection, from the server's side. */
    public static final class Peer {
        public final Socket socket;
        /** Counted from 1. */
        public final int number;

        private final Ends ends;

        private Peer(Socket socket, int number, Ends ends) {
            this.socket = socket;
            this.number = number;
            this.ends = ends;
        }

        /** What the client sends, as it comes. */
        public InputStream in() throws IOException {
            return ends.in();
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
            return new String(in().readNBytes(length), StandardCharsets.ISO_8859_1);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in().read(); b != '\n'; b = in().read()) {
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
            InputStream in = in();
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
            ends.send(bytes);
        }

        /** A read that has got nothing for so long fails with {@link java.net.SocketTimeoutException}. */
        public void patience(int millis) throws IOException {
            ends.patience(millis);
        }

        /** Sends no more, and goes on to read. */
        public void finish() throws IOException {
            ends.finish();
        }

        /** Waits until the client closes, whatever it sends before. */
        public void awaitEnd() throws IOException {
            try {
                in().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (SocketException e) {
                // A reset is an end too.
            }
        }

        /** Ends the connection with a reset. */
        public void reset() throws IOException {
            ends.reset();
        }
    }
}
