package dev.weft.loop.net;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What tests of connections share. */
final class Nets {
    static final String HERE = "127.0.0.1";

    private Nets() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Sends back what comes, to its end. */
    static void echo(Connection connection) {
        try (connection) {
            byte[] data = connection.reader().read(65536).await();
            while (data.length > 0) {
                connection.writer().write(data).await();
                data = connection.reader().read(65536).await();
            }
        }
    }

    static Connection connect(Server server) {
        return Streams.openConnection(HERE, server.port()).await();
    }

    static Server serve(ConnectionHandler handler) {
        return Streams.startServer(handler, HERE, 0).await();
    }

    /** A server whose handler does nothing but give its connections, in order. */
    static Accepting accepting() {
        return new Accepting();
    }

    static final class Accepting {
        final Server server;
        private final List<Connection> connections = new ArrayList<>();
        private Future<Void> news = Asyncio.getRunningLoop().createFuture();

        private Accepting() {
            server = serve(connection -> {
                connections.add(connection);
                if (!news.isDone()) {
                    news.setResult(null);
                }
            });
        }

        Connection next() {
            while (connections.isEmpty()) {
                news = Asyncio.getRunningLoop().createFuture();
                news.await();
            }
            return connections.removeFirst();
        }
    }

    /** What the loop's exception handler is told from here on. */
    static List<LoopError> reports() {
        Loop loop = Asyncio.getRunningLoop();
        List<LoopError> reports = new ArrayList<>();
        loop.setExceptionHandler(reports::add);
        return reports;
    }
}
