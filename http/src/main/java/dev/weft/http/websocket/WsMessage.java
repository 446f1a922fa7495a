package dev.weft.http.websocket;

import java.util.Arrays;

/** What the other side of a {@link WebSocket} sends: whole messages, whatever frames they came in. Immutable, but for its arrays. */
public sealed interface WsMessage {
    /** A message of text. */
    record Text(String text) implements WsMessage {}

    /**
     * A message of bytes.
     *
     * @param bytes the receiver's own: not shared with anybody
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by what is in it
    record Binary(byte[] bytes) implements WsMessage {
        @Override
        public boolean equals(Object other) {
            return other instanceof Binary(byte[] theirs) && Arrays.equals(bytes, theirs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Binary[" + bytes.length + " bytes]";
        }
    }

    /**
     * A ping, which wants a pong with the same payload; only where {@code autoPing} is off.
     *
     * @param payload 0 to 125 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by what is in it
    record Ping(byte[] payload) implements WsMessage {
        @Override
        public boolean equals(Object other) {
            return other instanceof Ping(byte[] theirs) && Arrays.equals(payload, theirs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(payload);
        }

        @Override
        public String toString() {
            return "Ping[" + payload.length + " bytes]";
        }
    }

    /**
     * A pong, asked for or not; only where {@code autoPing} is off.
     *
     * @param payload 0 to 125 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by what is in it
    record Pong(byte[] payload) implements WsMessage {
        @Override
        public boolean equals(Object other) {
            return other instanceof Pong(byte[] theirs) && Arrays.equals(payload, theirs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(payload);
        }

        @Override
        public String toString() {
            return "Pong[" + payload.length + " bytes]";
        }
    }

    /**
     * The other side closes: nothing follows.
     *
     * @param code why, RFC 6455 section 7.4; 1005 if it does not say
     * @param reason the same in words, often empty
     */
    record Close(int code, String reason) implements WsMessage {}
}
