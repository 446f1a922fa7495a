package dev.weft.it;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The bytes that answer one request, written by hand: nothing here keeps them right. For the connection's thread alone. */
final class Reply {
    private final Socket socket;
    private final OutputStream out;
    private final boolean hasBody;
    private boolean last;

    Reply(Socket socket, String method) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.hasBody = !method.equals("HEAD");
    }

    /** A head, with these lines after the status line. */
    void head(String status, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A part of the body; nothing for HEAD. */
    void body(byte[] bytes, int from, int to) throws IOException {
        if (hasBody) {
            out.write(bytes, from, to - from);
        }
    }

    void chunk(byte[] bytes, int from, int to) throws IOException {
        if (hasBody && from < to) {
            chunkHead(to - from);
            out.write(bytes, from, to - from);
            out.write(new byte[] {'\r', '\n'});
        }
    }

    /** The head of a chunk, whose bytes may or may not follow. */
    void chunkHead(int length) throws IOException {
        out.write((HexFormat.of().toHexDigits(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    void lastChunk() throws IOException {
        if (hasBody) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** No request is read after this one: the connection ends in order, with what was written so far. */
    void close() {
        last = true;
    }

    /** The connection is torn down: RST in place of FIN. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        last = true;
    }

    /** Says nothing more, and keeps the connection until the client ends it. */
    void stall() throws IOException {
        last = true;
        while (socket.getInputStream().read() >= 0) {
            // What it may still send is nothing to us.
        }
    }

    boolean isLast() {
        return last;
    }
}
