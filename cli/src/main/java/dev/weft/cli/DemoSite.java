package dev.weft.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A small site on loopback: pages that take a while each, as over a network, and some large files. Contents, sizes and delays
 * follow from the seed, so that every run asks for the same. Started by the constructor; safe for any thread.
 */
final class DemoSite implements AutoCloseable {
    private static final int BLOCK = 64 * 1024;

    /**
     * What the site holds.
     *
     * @param pages how many pages of 1 to 32 KiB
     * @param large how many large files
     * @param largeBytes the size of each of them
     * @param maxDelayMillis the longest time a page takes; the shortest is a tenth of it
     */
    record Plan(int pages, int large, int largeBytes, int maxDelayMillis) {}

    /**
     * One file of the site.
     *
     * @param path on the server, with the slash
     * @param size in bytes
     * @param delayMillis how long the server thinks before it answers
     * @param seed of its contents
     */
    record Page(String path, int size, int delayMillis, long seed) {
        /** The name that a client gives it. */
        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        /** SHA-256 of the contents. */
        byte[] digest() {
            MessageDigest sha = sha256();
            contents((block, length) -> sha.update(block, 0, length));
            return sha.digest();
        }

        <X extends Exception> void contents(Sink<X> sink) throws X {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] block = new byte[Math.min(size, BLOCK)];
            for (int left = size; left > 0; left -= block.length) {
                random.nextBytes(block);
                sink.accept(block, Math.min(left, block.length));
            }
        }
    }

    /** Takes the contents of a page block by block. */
    @FunctionalInterface
    interface Sink<X extends Exception> {
        void accept(byte[] block, int length) throws X;
    }

    private final Map<String, Page> pages = new LinkedHashMap<>();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /**
     * @throws IOException if there is no loopback to listen on
     */
    DemoSite(Plan plan, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < plan.pages(); i++) {
            int delay = random.nextInt(plan.maxDelayMillis() / 10, plan.maxDelayMillis() + 1);
            add(new Page(
                    "/pages/page-%03d.html".formatted(i), random.nextInt(1024, 32 * 1024), delay, random.nextLong()));
        }
        for (int i = 0; i < plan.large(); i++) {
            add(new Page("/files/large-%d.bin".formatted(i), plan.largeBytes(), 0, random.nextLong()));
        }
        // Head and body go out in two writes; without this the second waits for the client's acknowledgement of the
        // first.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    private void add(Page page) {
        pages.put(page.path(), page);
    }

    /** All that there is to fetch, in order. */
    List<Page> pages() {
        return List.copyOf(pages.values());
    }

    /** The URL of a page. */
    String url(Page page) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + page.path();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Page page = pages.get(exchange.getRequestURI().getPath());
            if (page == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            Thread.sleep(page.delayMillis());
            exchange.sendResponseHeaders(200, page.size());
            OutputStream body = exchange.getResponseBody();
            page.contents((block, length) -> body.write(block, 0, length));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops at once. */
    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
