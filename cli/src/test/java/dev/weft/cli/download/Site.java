package dev.weft.cli.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.input.Jobs;
import dev.weft.cli.input.Patterns;
import dev.weft.cli.input.UrlFeed;
import dev.weft.http.ClientSession;
import dev.weft.http.download.Downloader;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.loop.Asyncio;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** A real server on loopback, and runs against it without retries. */
final class Site implements AutoCloseable {
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    Site() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.start();
    }

    void handle(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    /** What is below the path is this. */
    void serve(String path, String body) {
        serve(path, body.getBytes(StandardCharsets.UTF_8));
    }

    void serve(String path, byte[] body) {
        handle(path, exchange -> answer(exchange, 200, body));
    }

    static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** A part of a file comes, the rest when the latch says so. */
    void serveSlowly(String path, CountDownLatch rest) {
        handle(path, exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"1\"");
            exchange.sendResponseHeaders(200, 300_000);
            exchange.getResponseBody().write(new byte[200_000]);
            exchange.getResponseBody().flush();
            await(rest);
            exchange.getResponseBody().write(new byte[100_000]);
            exchange.close();
        });
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    /** Called in a task. */
    static void fetch(Plan plan, Jobs jobs, Observer observer) {
        try (ClientSession session = session();
                jobs) {
            new Downloads(downloader(session), plan, jobs, observer).run();
        }
    }

    static ClientSession session() {
        return ClientSession.builder().redirects(RedirectPolicy.follow(20)).build();
    }

    static Downloader downloader(ClientSession session) {
        return Downloader.builder(session).retries(0).build();
    }

    static void run(Plan plan, Observer observer, String... urls) {
        Asyncio.run(() -> fetch(plan, new Jobs(Patterns.parse(List.of(urls), true), null), observer));
    }

    /** The text is a list called {@code list}. */
    static void runList(Plan plan, Observer observer, String text) {
        Asyncio.run(() -> fetch(plan, list(text), observer));
    }

    /** Called in a task. */
    static Jobs list(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Jobs(Patterns.NONE, UrlFeed.start("list", () -> new ByteArrayInputStream(bytes)));
    }

    /** The files below a directory, by their paths. */
    static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
