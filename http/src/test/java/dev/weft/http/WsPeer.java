package dev.weft.http;

import dev.weft.http.websocket.frame.Frames;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;

/** A server's side of one WebSocket, frame by frame. */
public final class WsPeer {
    final RawServer.Peer peer;
    /** The head of the handshake's request. */
    final String request;

    private WsPeer(RawServer.Peer peer, String request) {
        this.peer = peer;
        this.request = request;
    }

    /** What happens on one WebSocket. */
    interface Script {
        void run(WsPeer peer) throws Exception;
    }

    /** A server that opens a WebSocket for every request. */
    static RawServer serve(Script script, String... headers) throws IOException {
        return RawServer.start(peer -> {
            WsPeer open = accept(peer, headers);
            if (open != null) {
                script.run(open);
            }
        });
    }

    /** Sends back what comes; answers Close. */
    static RawServer echo() throws IOException {
        return serve(WsPeer::echoAll);
    }

    public void echoAll() throws IOException {
        for (Frames.Sent frame = read(); frame != null; frame = read()) {
            if (frame.opcode() == Frames.PING) {
                send(Frames.frame(Frames.FIN | Frames.PONG, frame.payload()));
            } else if (frame.opcode() != Frames.PONG) {
                send(Frames.frame(frame.first(), frame.payload()));
            }
            if (frame.opcode() == Frames.CLOSE) {
                return;
            }
        }
    }

    /** Reads the request and answers it; null if the client closed. */
    public static WsPeer accept(RawServer.Peer peer, String... headers) throws IOException {
        String request = peer.request();
        if (request == null) {
            return null;
        }
        peer.send(answer(request, headers));
        return new WsPeer(peer, request);
    }

    /** The 101 to a request. */
    public static String answer(String request, String... headers) {
        StringBuilder answer = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + acceptOf(request) + "\r\n");
        for (String header : headers) {
            answer.append(header).append("\r\n");
        }
        return answer.append("\r\n").toString();
    }

    static String acceptOf(String request) {
        try {
            byte[] keyed = (header(request, "Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                    .getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(keyed));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The value of a request's header, null if it is not there. */
    static String header(String request, String name) {
        for (String line : request.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ": ")) {
                return line.substring(name.length() + 2);
            }
        }
        return null;
    }

    public void send(byte[]... frames) throws IOException {
        peer.send(Frames.concat(frames));
    }

    /** The next frame of the client; null at the end. */
    public Frames.Sent read() throws IOException {
        try {
            return Frames.read(peer.in());
        } catch (EOFException e) {
            // A stream that is reset has no more to say of it than an end.
            throw new SocketException("the client went away within a frame");
        }
    }
}
