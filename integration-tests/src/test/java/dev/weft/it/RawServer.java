package dev.weft.it;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on a port of 127.0.0.1 that answers with the very bytes a test wants, and remembers what it was asked. One thread per
 * connection; the accessors may be called from any thread.
 */
final class RawServer implements AutoCloseable {
    /** Says what is answered to a request. It runs on the connection's thread; what it throws ends the connection. */
    @FunctionalInterface
    interface Handler {
        void answer(Request request, Reply reply) throws IOException;
    }

    /**
     * What was asked.
     *
     * @param target path and query, as they came
     * @param headers by their names in lower case
     * @param number the how-manieth request for this target, from 1
     * @param nanos when it came, {@link System#nanoTime}
     */
    record Request(String method, String target, Map<String, String> headers, int number, long nanos) {
        @Nullable
        String header(String name) {
            return headers.get(name);
        }
    }

    private final Handler handler;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> asked = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();

    private RawServer(Handler handler, ServerSocket listening) {
        this.handler = handler;
        this.listening = listening;
    }

    static RawServer start(Handler handler) throws IOException {
        RawServer server = new RawServer(handler, new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    int port() {
        return listening.getLocalPort();
    }

    String url(String target) {
        return "http://127.0.0.1:" + port() + target;
    }

    /** All requests so far, in the order in which they came. */
    List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    List<Request> requests(String target) {
        return requests().stream()
                .filter(request -> request.target().equals(target))
                .toList();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            // So that what was sent is nearly what was received.
            socket.setSendBufferSize(64 << 10);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (Request request = read(in); request != null; request = read(in)) {
                Reply reply = new Reply(socket, request.method());
                handler.answer(request, reply);
                if (reply.isLast()) {
                    return;
                }
            }
        } catch (IOException gone) {
            // The client has ended the connection, as some tests want it to.
        } finally {
            open.remove(socket);
        }
    }

    private @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ", 3);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        synchronized (requests) {
            int number = asked.merge(words[1], 1, Integer::sum);
            Request request = new Request(words[0], words[1], Map.copyOf(headers), number, System.nanoTime());
            requests.add(request);
            return request;
        }
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.append((char) b);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                .stripTrailing();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
