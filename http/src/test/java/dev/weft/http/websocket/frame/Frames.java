package dev.weft.http.websocket.frame;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Frames byte by byte: those that a server sends, and those that a client sends. */
public final class Frames {
    public static final int FIN = 0x80;
    public static final int RSV1 = 0x40;
    public static final int RSV2 = 0x20;
    public static final int RSV3 = 0x10;
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private Frames() {}

    /** A server's frame, with the shortest length there is for it. */
    public static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int length = payload.length;
        if (length < 126) {
            out.write(length);
        } else if (length < 0x10000) {
            out.write(126);
            out.write(length >> 8);
            out.write(length);
        } else {
            out.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) length >> shift));
            }
        }
        out.writeBytes(payload);
        return out.toByteArray();
    }

    public static byte[] frame(int first, String utf8) {
        return frame(first, utf8.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] text(String text) {
        return frame(FIN | TEXT, text);
    }

    public static byte[] binary(byte... bytes) {
        return frame(FIN | BINARY, bytes);
    }

    public static byte[] close(int code, String reason) {
        return frame(FIN | CLOSE, concat(new byte[] {(byte) (code >> 8), (byte) code}, utf8(reason)));
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A client's frame, unmasked. */
    public record Sent(int first, byte[] payload) {
        public int opcode() {
            return first & 0xf;
        }

        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** The code of a Close, 1005 if it has none. */
        public int code() {
            return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        }

        @Override
        public String toString() {
            String bits = (first & FIN) == 0 ? "part of " : (first & RSV1) != 0 ? "compressed " : "";
            return bits
                    + switch (opcode()) {
                        case TEXT -> "text " + text();
                        case BINARY -> "binary " + payload.length;
                        case PING -> "ping " + text();
                        case PONG -> "pong " + text();
                        case CLOSE -> "close " + code();
                        default -> "opcode " + opcode();
                    };
        }
    }

    /** Reads a client's frame, which has to be masked; null at the end. */
    public static Sent read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int second = in.readUnsignedByte();
        if ((second & 0x80) == 0) {
            throw new IOException("a frame of the client is not masked");
        }
        int length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = new byte[length];
        in.readFully(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new Sent(first, payload);
    }
}
