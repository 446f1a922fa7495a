package dev.weft.http.h2;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A frame, right or wrong: RFC 9113 section 4.1. Immutable; nobody changes the payload. */
public record H2Frame(int type, int flags, int streamId, byte[] payload) {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 0x1;
    /** Of SETTINGS and PING. */
    public static final int ACK = 0x1;

    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    /** Of HEADERS: priority fields are in front of the block. */
    public static final int WITH_PRIORITY = 0x20;

    public static final int HEADER_TABLE_SIZE = 1;
    public static final int ENABLE_PUSH = 2;
    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;
    public static final int MAX_FRAME_SIZE = 5;
    public static final int MAX_HEADER_LIST_SIZE = 6;
    public static final int ENABLE_CONNECT_PROTOCOL = 8;
    /** Of RFC 9218. */
    public static final int NO_RFC7540_PRIORITIES = 9;

    private static final String[] NAMES = {
        "DATA",
        "HEADERS",
        "PRIORITY",
        "RST_STREAM",
        "SETTINGS",
        "PUSH_PROMISE",
        "PING",
        "GOAWAY",
        "WINDOW_UPDATE",
        "CONTINUATION"
    };

    /** A header block that is whole. */
    public static H2Frame headers(int streamId, int flags, H2Block block) {
        return new H2Frame(HEADERS, flags | END_HEADERS, streamId, block.bytes());
    }

    /** A part of a header block; flags as they are given. */
    public static H2Frame headersPart(int streamId, int flags, byte[] part) {
        return new H2Frame(HEADERS, flags, streamId, part);
    }

    public static H2Frame continuation(int streamId, int flags, byte[] part) {
        return new H2Frame(CONTINUATION, flags, streamId, part);
    }

    public static H2Frame data(int streamId, int flags, byte[] content) {
        return new H2Frame(DATA, flags, streamId, content);
    }

    public static H2Frame data(int streamId, int flags, String latin1) {
        return data(streamId, flags, latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** DATA with so many bytes of padding, up to 255. */
    public static H2Frame padded(int streamId, int flags, String latin1, int padding) {
        byte[] content = latin1.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[1 + content.length + padding];
        all[0] = (byte) padding;
        System.arraycopy(content, 0, all, 1, content.length);
        return data(streamId, flags | PADDED, all);
    }

    public static H2Frame reset(int streamId, H2Code code) {
        return new H2Frame(RST_STREAM, 0, streamId, ints(code.ordinal()));
    }

    /** Identifiers and values in turn. */
    public static H2Frame settings(long... pairs) {
        ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
        for (int i = 0; i < pairs.length; i += 2) {
            payload.putShort((short) pairs[i]).putInt((int) pairs[i + 1]);
        }
        return new H2Frame(SETTINGS, 0, 0, payload.array());
    }

    public static H2Frame settingsAck() {
        return new H2Frame(SETTINGS, ACK, 0, new byte[0]);
    }

    public static H2Frame ping(int flags, long opaque) {
        return new H2Frame(
                PING, flags, 0, ByteBuffer.allocate(8).putLong(opaque).array());
    }

    public static H2Frame goAway(int lastStreamId, H2Code code) {
        return new H2Frame(GOAWAY, 0, 0, ints(lastStreamId, code.ordinal()));
    }

    public static H2Frame windowUpdate(int streamId, int increment) {
        return new H2Frame(WINDOW_UPDATE, 0, streamId, ints(increment));
    }

    public static H2Frame priority(int streamId, int dependsOn) {
        return new H2Frame(
                PRIORITY,
                0,
                streamId,
                ByteBuffer.allocate(5).putInt(dependsOn).put((byte) 15).array());
    }

    public static H2Frame pushPromise(int streamId, int promised, H2Block block) {
        return new H2Frame(PUSH_PROMISE, END_HEADERS, streamId, concat(ints(promised), block.bytes()));
    }

    /** The same with another payload, for frames that are malformed. */
    public H2Frame withPayload(byte... other) {
        return new H2Frame(type, flags, streamId, other);
    }

    /** The same on another stream. */
    public H2Frame on(int otherStreamId) {
        return new H2Frame(type, flags, otherStreamId, payload);
    }

    /** As it is sent. */
    public byte[] bytes() {
        return concat(head(payload.length, type, flags, streamId), payload);
    }

    /** The nine bytes in front of a payload, that may be as long as they say or not. */
    public static byte[] head(int length, int type, int flags, int streamId) {
        return ByteBuffer.allocate(9)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(streamId)
                .array();
    }

    /** Big-endian. */
    public static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    public static byte[] concat(H2Frame... frames) {
        return concat(Arrays.stream(frames).map(H2Frame::bytes).toArray(byte[][]::new));
    }

    /** Reads the next frame; null at the end, between two frames. */
    static H2Frame read(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int streamId = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("the client closed within a frame of type " + type);
        }
        return new H2Frame(type, flags, streamId, payload);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether it is the last that its side sends on the stream. */
    public boolean endsStream() {
        return (type == DATA || type == HEADERS) && has(END_STREAM);
    }

    /** The unsigned number at a place of the payload. */
    public long number(int offset) {
        return ByteBuffer.wrap(payload).getInt(offset) & 0xffffffffL;
    }

    /** The payload of DATA, or the block of HEADERS, without padding and priority fields. */
    byte[] content() {
        int from = has(PADDED) ? 1 : 0;
        int to = payload.length - (has(PADDED) ? payload[0] & 0xff : 0);
        if (type == HEADERS && has(WITH_PRIORITY)) {
            from += 5;
        }
        return Arrays.copyOfRange(payload, from, to);
    }

    /** As {@code RST_STREAM[3] CANCEL}: what tests compare. */
    @Override
    public String toString() {
        String name = type < NAMES.length ? NAMES[type] : "type " + type;
        String place = streamId == 0 ? "" : "[" + streamId + "]";
        return name + place + details() + (endsStream() ? " END_STREAM" : "");
    }

    private String details() {
        return switch (type) {
            case DATA -> " " + payload.length;
            case RST_STREAM -> " " + H2Code.name(number(0));
            case SETTINGS -> has(ACK) ? " ACK" : pairs();
            case PING -> has(ACK) ? " ACK" : "";
            case GOAWAY -> " " + number(0) + " " + H2Code.name(number(4));
            case WINDOW_UPDATE -> " " + number(0);
            default -> "";
        };
    }

    private String pairs() {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < payload.length; i += 6) {
            pairs.append(' ')
                    .append(ByteBuffer.wrap(payload).getShort(i))
                    .append('=')
                    .append(number(i + 2));
        }
        return pairs.toString();
    }
}
