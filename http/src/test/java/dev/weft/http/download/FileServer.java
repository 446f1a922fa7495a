package dev.weft.http.download;

import dev.weft.http.RawServer;
import dev.weft.http.RawServer.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that has one file, does ranges as it should, and does what a test says to single requests. */
final class FileServer implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("(?im)^range: bytes=([0-9]+)-([0-9]*)\r?$");
    private static final Pattern IF_RANGE = Pattern.compile("(?im)^if-range: (.*?)\r?$");

    private final RawServer server;
    private final Map<Integer, Answer> special = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private volatile Version version;
    private volatile boolean ranges = true;
    private volatile Answer usual = FileServer::asItShould;

    /** What the file is. */
    record Version(byte[] content, String etag, String lastModified) {}

    /** One request. */
    record Asked(int number, String head, FileServer server) {
        long from() {
            Matcher matcher = RANGE.matcher(head);
            return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
        }

        long to(long length) {
            Matcher matcher = RANGE.matcher(head);
            return matcher.find() && !matcher.group(2).isEmpty()
                    ? Math.min(length, Long.parseLong(matcher.group(2)) + 1)
                    : length;
        }

        String ifRange() {
            Matcher matcher = IF_RANGE.matcher(head);
            return matcher.find() ? matcher.group(1) : null;
        }
    }

    /** Answers one request; false if the connection is over. */
    interface Answer {
        boolean send(Peer peer, Asked asked) throws Exception;
    }

    FileServer(byte[] content) throws IOException {
        version = new Version(content, "\"one\"", null);
        server = RawServer.start(this::serve);
    }

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** The n-th request, from 1, is answered so. */
    FileServer on(int number, Answer answer) {
        special.put(number, answer);
        return this;
    }

    /** All others are. */
    FileServer usually(Answer answer) {
        usual = answer;
        return this;
    }

    FileServer withoutRanges() {
        ranges = false;
        return this;
    }

    void is(Version other) {
        version = other;
    }

    Version version() {
        return version;
    }

    String url() {
        return server.url("/file.bin");
    }

    String url(String path) {
        return server.url(path);
    }

    List<String> requests() {
        return new ArrayList<>(requests);
    }

    /** Bytes of bodies that went out. */
    long sent() {
        return sent.get();
    }

    private void serve(Peer peer) throws Exception {
        while (true) {
            String head = peer.request();
            if (head == null) {
                return;
            }
            requests.add(head);
            int number = count.incrementAndGet();
            if (!special.getOrDefault(number, usual).send(peer, new Asked(number, head, this))) {
                return;
            }
        }
    }

    static boolean asItShould(Peer peer, Asked asked) throws IOException {
        return asked.server.send(peer, asked, Integer.MAX_VALUE);
    }

    /** Sends no more than so many bytes of the body, then FIN. */
    static Answer cut(int bytes) {
        return (peer, asked) -> asked.server.send(peer, asked, bytes);
    }

    static Answer status(String statusLine, String... fields) {
        return (peer, asked) -> {
            peer.send("HTTP/1.1 " + statusLine + "\r\nContent-Length: 5\r\n"
                    + String.join("", Arrays.stream(fields).map(f -> f + "\r\n").toList()) + "\r\nsorry");
            return true;
        };
    }

    boolean send(Peer peer, Asked asked, int most) throws IOException {
        return send(peer, asked, most, () -> {});
    }

    /** Sends no more than so many bytes of the body, and does something between its pieces of 64 KiB. */
    boolean send(Peer peer, Asked asked, int most, Runnable between) throws IOException {
        Version now = version;
        long from = ranges ? asked.from() : -1;
        String ifRange = asked.ifRange();
        boolean part = from >= 0 && (ifRange == null || ifRange.equals(now.etag) || ifRange.equals(now.lastModified));
        int length = now.content.length;
        if (part && from >= length) {
            peer.send("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */" + length
                    + "\r\nContent-Length: 0\r\n\r\n");
            return true;
        }
        int start = part ? (int) from : 0;
        int end = part ? (int) asked.to(length) : length;
        StringBuilder head = new StringBuilder(part ? "HTTP/1.1 206 Partial Content\r\n" : "HTTP/1.1 200 OK\r\n");
        head.append("Content-Length: ").append(end - start).append("\r\n");
        if (part) {
            head.append("Content-Range: bytes " + start + "-" + (end - 1) + "/" + length + "\r\n");
        }
        if (ranges) {
            head.append("Accept-Ranges: bytes\r\n");
        }
        if (now.etag != null) {
            head.append("ETag: " + now.etag + "\r\n");
        }
        if (now.lastModified != null) {
            head.append("Last-Modified: " + now.lastModified + "\r\nDate: Thu, 26 Nov 2026 12:00:00 GMT\r\n");
        }
        peer.send(head.append("\r\n").toString());
        int count = Math.min(most, end - start);
        for (int at = start; at < start + count; ) {
            int piece = Math.min(64 << 10, start + count - at);
            sent.addAndGet(piece); // before a client can have it
            peer.send(Arrays.copyOfRange(now.content, at, at + piece));
            at += piece;
            between.run();
        }
        return count == end - start;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
