package dev.weft.it;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A server of WebSockets by HTTP/1.1 that sends every frame back, for real servers to stand in front of. RFC 6455, as far as that goes. */
final class EchoSocket implements AutoCloseable {
    private static final int CLOSE = 8;
    private static final int MASKED = 0x80;

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    EchoSocket() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // It is closed: that is the end.
        }
    }

    private static void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(key(in)) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            boolean closed = false;
            while (!closed) {
                closed = echo(in, out);
            }
        } catch (EOFException e) {
            // The client has gone.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key(InputStream in) throws IOException {
        String key = "";
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:")) {
                key = line.substring(18).strip();
            }
        }
        return key;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    private static String accept(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends a frame back, without its mask; gives whether it was Close. */
    private static boolean echo(DataInputStream in, OutputStream out) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int size = second & ~MASKED;
        byte[] length = new byte[size == 126 ? 2 : size == 127 ? 8 : 0];
        in.readFully(length);
        int bytes = size < 126 ? size : 0;
        for (byte digit : length) {
            bytes = bytes << 8 | digit & 0xff;
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = new byte[bytes];
        in.readFully(payload);
        for (int i = 0; i < bytes; i++) {
            payload[i] ^= mask[i % 4];
        }
        byte[] frame = new byte[2 + length.length + bytes];
        frame[0] = (byte) first;
        frame[1] = (byte) size;
        System.arraycopy(length, 0, frame, 2, length.length);
        System.arraycopy(payload, 0, frame, 2 + length.length, bytes);
        out.write(frame);
        return (first & 0xf) == CLOSE;
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
