package dev.weft.it;

import dev.weft.it.RawServer.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file as a server has it, and the answer of a server that does all right: Range, If-Range, If-None-Match, HEAD. Immutable; any thread.
 *
 * @param etag with its quotes; empty for none
 * @param lastModified an HTTP date; empty for none
 */
record Content(byte[] body, String etag, String lastModified) {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    /** Sends the bytes of an answer's body; the head has gone. */
    @FunctionalInterface
    interface Sender {
        void send(Reply reply, byte[] body, int from, int to) throws IOException;
    }

    /** From a seed: the same bytes in every run. */
    static Content random(long seed, int size) {
        byte[] body = new byte[size];
        new Random(seed).nextBytes(body);
        return new Content(
                body, "\"v" + seed + "\"", "Mon, 05 May 2025 10:%02d:00 GMT".formatted(Math.floorMod(seed, 60)));
    }

    Content withoutValidators() {
        return new Content(body, "", "");
    }

    Content withoutTag() {
        return new Content(body, "", lastModified);
    }

    int length() {
        return body.length;
    }

    String sha256() {
        return sha256(body);
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest("SHA-256", bytes));
    }

    static String sha256(Path file) throws IOException {
        return sha256(Files.readAllBytes(file));
    }

    /** As {@code Content-MD5} and {@code Repr-Digest} write it. */
    static String base64(String algorithm, byte[] bytes) {
        return Base64.getEncoder().encodeToString(digest(algorithm, bytes));
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The header lines of every answer with this file, and some more. */
    String[] headers(String... more) {
        List<String> lines = new ArrayList<>(List.of(more));
        if (!etag.isEmpty()) {
            lines.add("ETag: " + etag);
        }
        if (!lastModified.isEmpty()) {
            lines.add("Last-Modified: " + lastModified);
        }
        return lines.toArray(String[]::new);
    }

    /** The right answer to a request. */
    void answer(Request request, Reply reply) throws IOException {
        answer(request, reply, Reply::body);
    }

    /** The right answer, its body sent by somebody else. */
    void answer(Request request, Reply reply, Sender sender) throws IOException {
        if (!etag.isEmpty() && etag.equals(request.header("if-none-match"))) {
            reply.head("304 Not Modified", headers());
            return;
        }
        int from = start(request);
        if (from < 0 || !ifRangeHolds(request)) {
            reply.head("200 OK", headers("Accept-Ranges: bytes", "Content-Length: " + length()));
            sender.send(reply, body, 0, length());
        } else if (from >= length()) {
            reply.head("416 Range Not Satisfiable", "Content-Range: bytes */" + length(), "Content-Length: 0");
        } else {
            int to = end(request);
            reply.head("206 Partial Content", headers("Content-Length: " + (to - from), contentRange(from, to)));
            sender.send(reply, body, from, to);
        }
    }

    /** The header of a part that ends before an offset. */
    String contentRange(int from, int to) {
        return "Content-Range: bytes " + from + "-" + (to - 1) + "/" + length();
    }

    /** Where the range that is asked for begins; less than 0 if all is asked for. */
    static int start(Request request) {
        Matcher range = RANGE.matcher(String.valueOf(request.header("range")));
        return range.matches() ? Integer.parseInt(range.group(1)) : -1;
    }

    /** Behind the last byte that is asked for. */
    int end(Request request) {
        Matcher range = RANGE.matcher(String.valueOf(request.header("range")));
        boolean open = !range.matches() || range.group(2).isEmpty();
        return open ? length() : Math.min(length(), Integer.parseInt(range.group(2)) + 1);
    }

    private boolean ifRangeHolds(Request request) {
        String validator = request.header("if-range");
        return validator == null
                || validator.equals(etag) && !etag.isEmpty()
                || validator.equals(lastModified) && !lastModified.isEmpty();
    }
}
