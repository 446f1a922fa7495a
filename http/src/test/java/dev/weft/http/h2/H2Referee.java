package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Watches one connection from the server's side: whatever the server does, the client must keep to RFC 9113, in every test. Also counts the windows of
 * both sides. Guarded by its peer's lock.
 */
final class H2Referee {
    private static final int DEFAULT_WINDOW = 65_535;
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "host", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    /** A stream; open until each side has ended it, or one has reset it. */
    private static final class Stream {
        /** What the client may send, and the server. */
        long clientWindow;

        long serverWindow;
        boolean clientEnded;
        boolean serverEnded;
        boolean clientReset;

        boolean isOpen() {
            return !(clientEnded && serverEnded);
        }
    }

    private final Map<Integer, Stream> streams = new HashMap<>();
    private final Stream connection = new Stream();
    private final H2Request.Decoder decoder = new H2Request.Decoder();
    /** Sent, and not acknowledged yet: until then the client may not know them. */
    private final ArrayDeque<H2Frame> settings = new ArrayDeque<>();

    private boolean begun;
    private boolean clientGone;
    private int lastStream;
    private long clientInitialWindow = DEFAULT_WINDOW;
    private long serverInitialWindow = DEFAULT_WINDOW;
    private long maxFrameSize = 16_384;
    private long maxStreams = Long.MAX_VALUE;
    /** Of the head that is not whole yet; null if there is none. */
    private H2Frame head;

    private final ByteArrayOutputStream block = new ByteArrayOutputStream();

    H2Referee() {
        connection.clientWindow = DEFAULT_WINDOW;
        connection.serverWindow = DEFAULT_WINDOW;
    }

    /** What the server may send on a stream now without exceeding a window; 0 is the whole connection. */
    long credit(int streamId) {
        return streamId == 0
                ? connection.serverWindow
                : Math.min(connection.serverWindow, streams.get(streamId).serverWindow);
    }

    /** Whether the client has reset a stream. */
    boolean isReset(int streamId) {
        return streams.get(streamId).clientReset;
    }

    /** Streams that no side has left yet. */
    long openStreams() {
        return streams.values().stream().filter(Stream::isOpen).count();
    }

    /** The server sends this, right or wrong. */
    void sent(H2Frame frame) {
        Stream stream = frame.streamId() == 0 ? connection : streams.get(frame.streamId());
        if (frame.type() == H2Frame.SETTINGS && !frame.has(H2Frame.ACK)) {
            settings.add(frame);
        }
        if (stream == null) {
            return;
        }
        switch (frame.type()) {
            case H2Frame.WINDOW_UPDATE -> stream.clientWindow += frame.payload().length == 4 ? frame.number(0) : 0;
            case H2Frame.DATA -> {
                connection.serverWindow -= frame.payload().length;
                stream.serverWindow -= frame.payload().length;
            }
            case H2Frame.RST_STREAM -> {
                stream.serverEnded = true;
                stream.clientEnded = true;
            }
            default -> {}
        }
        stream.serverEnded |= frame.endsStream();
    }

    /** The client has sent this. Gives the request that is whole with it, null if there is none. */
    H2Request received(H2Frame frame) throws Http2Exception {
        String what = "the client sent " + frame;
        assertTrue(frame.payload().length <= maxFrameSize, () -> what + " larger than " + maxFrameSize);
        assertEquals(head != null, frame.type() == H2Frame.CONTINUATION, what + " behind " + head);
        assertTrue(begun || frame.type() == H2Frame.SETTINGS, what + " in front of SETTINGS");
        begun = true;
        checkStream(frame, what);
        return switch (frame.type()) {
            case H2Frame.HEADERS -> head(frame, what);
            case H2Frame.CONTINUATION -> part(frame);
            default -> {
                other(frame, what);
                yield null;
            }
        };
    }

    private void checkStream(H2Frame frame, String what) {
        boolean ofConnection =
                Set.of(H2Frame.SETTINGS, H2Frame.PING, H2Frame.GOAWAY).contains(frame.type());
        if (ofConnection || frame.streamId() == 0) {
            assertEquals(0, frame.streamId(), what);
            assertTrue(ofConnection || frame.type() == H2Frame.WINDOW_UPDATE, what);
            return;
        }
        Stream stream = streams.get(frame.streamId());
        if (frame.type() == H2Frame.PRIORITY || frame.type() == H2Frame.HEADERS && stream == null) {
            return;
        }
        assertTrue(stream != null, what + " on an idle stream");
        // Another one is allowed where the server goes on: section 5.4.2.
        assertTrue(!stream.clientReset || frame.type() == H2Frame.RST_STREAM, what + " behind its own RST_STREAM");
    }

    private H2Request head(H2Frame frame, String what) throws Http2Exception {
        assertTrue(!streams.containsKey(frame.streamId()), what + " again: requests have no trailers here");
        assertTrue(frame.streamId() % 2 == 1 && frame.streamId() > lastStream, what + " behind " + lastStream);
        assertTrue(!clientGone, what + " behind its own GOAWAY");
        assertTrue(openStreams() < maxStreams, () -> what + " beside " + openStreams() + " others of " + maxStreams);
        lastStream = frame.streamId();
        Stream opened = new Stream();
        opened.clientWindow = clientInitialWindow;
        opened.serverWindow = serverInitialWindow;
        opened.clientEnded = frame.endsStream();
        streams.put(frame.streamId(), opened);
        head = frame;
        block.writeBytes(frame.content());
        return frame.has(H2Frame.END_HEADERS) ? whole() : null;
    }

    private H2Request part(H2Frame frame) throws Http2Exception {
        assertEquals(head.streamId(), frame.streamId());
        block.writeBytes(frame.payload());
        return frame.has(H2Frame.END_HEADERS) ? whole() : null;
    }

    private H2Request whole() throws Http2Exception {
        byte[] bytes = block.toByteArray();
        List<String> fields = decoder.decode(head.streamId(), bytes);
        H2Request request = new H2Request(head.streamId(), fields, bytes, head.endsStream());
        head = null;
        block.reset();
        checkFields(fields);
        return request;
    }

    /** Sections 8.2 and 8.3. */
    private static void checkFields(List<String> fields) {
        boolean regular = false;
        for (String field : fields) {
            String name = field.substring(0, field.indexOf(": ", 1));
            assertTrue(name.matches(":?[a-z0-9!#$%&'*+.^_`|~-]+"), () -> "a name is malformed: " + field);
            assertTrue(!OF_THE_CONNECTION.contains(name), () -> "a field has no place in HTTP/2: " + field);
            assertTrue(!name.equals("te") || field.equals("te: trailers"), field);
            assertTrue(field.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0), field);
            assertTrue(!regular || !name.startsWith(":"), () -> "pseudo-header fields come first: " + fields);
            regular |= !name.startsWith(":");
        }
    }

    private void other(H2Frame frame, String what) throws Http2Exception {
        Stream stream = frame.streamId() == 0 ? connection : streams.get(frame.streamId());
        switch (frame.type()) {
            case H2Frame.DATA -> {
                assertTrue(!stream.clientEnded || stream.serverEnded, what + " behind END_STREAM");
                connection.clientWindow -= frame.payload().length;
                stream.clientWindow -= frame.payload().length;
                assertTrue(connection.clientWindow >= 0, what + " beyond the connection's window");
                assertTrue(stream.clientWindow >= 0 || frame.payload().length == 0, what + " beyond its window");
                stream.clientEnded |= frame.endsStream();
            }
            case H2Frame.RST_STREAM -> {
                assertEquals(4, frame.payload().length);
                stream.clientReset = true;
                stream.clientEnded = true;
                stream.serverEnded = true;
            }
            case H2Frame.WINDOW_UPDATE -> {
                assertTrue(frame.number(0) > 0, what);
                stream.serverWindow += frame.number(0);
                assertTrue(stream.serverWindow <= Integer.MAX_VALUE, () -> what + ": " + stream.serverWindow);
            }
            case H2Frame.SETTINGS -> settings(frame, what);
            case H2Frame.PING -> assertEquals(8, frame.payload().length);
            case H2Frame.GOAWAY -> clientGone = true;
            default -> assertEquals(H2Frame.PRIORITY, frame.type(), what);
        }
    }

    private void settings(H2Frame frame, String what) throws Http2Exception {
        if (!frame.has(H2Frame.ACK)) {
            ofClient(frame);
            return;
        }
        assertTrue(!settings.isEmpty(), what + ", but there is nothing to acknowledge");
        H2Frame known = settings.remove();
        ByteBuffer pairs = ByteBuffer.wrap(known.payload());
        while (pairs.remaining() >= 6) {
            int id = pairs.getShort();
            long value = pairs.getInt() & 0xffffffffL;
            switch (id) {
                case H2Frame.HEADER_TABLE_SIZE -> decoder.tableSize(value);
                case H2Frame.MAX_CONCURRENT_STREAMS -> maxStreams = value;
                case H2Frame.MAX_FRAME_SIZE -> maxFrameSize = value;
                case H2Frame.INITIAL_WINDOW_SIZE -> {
                    long change = value - clientInitialWindow;
                    streams.values().forEach(stream -> stream.clientWindow += change);
                    clientInitialWindow = value;
                }
                default -> {}
            }
        }
    }

    private void ofClient(H2Frame frame) {
        ByteBuffer pairs = ByteBuffer.wrap(frame.payload());
        while (pairs.hasRemaining()) {
            int id = pairs.getShort();
            long value = pairs.getInt() & 0xffffffffL;
            assertTrue(id != H2Frame.ENABLE_PUSH || value == 0, "the client wants pushes");
            if (id == H2Frame.INITIAL_WINDOW_SIZE) {
                long change = value - serverInitialWindow;
                streams.values().forEach(stream -> stream.serverWindow += change);
                serverInitialWindow = value;
            }
        }
    }
}
