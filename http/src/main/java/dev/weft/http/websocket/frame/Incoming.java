package dev.weft.http.websocket.frame;

import dev.weft.http.websocket.WsMessage;

/** What came, for the receiver. */
sealed interface Incoming {
    /** What each costs besides its bytes, roughly: an object and its array. */
    int OVERHEAD = 64;

    /** A frame of a message. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(Kind kind, boolean compressed, boolean last, byte[] bytes) implements Incoming {
        @Override
        public int cost() {
            return bytes.length + OVERHEAD;
        }
    }

    /** What came whole: a control frame. */
    record Whole(WsMessage message, int bytes) implements Incoming {
        @Override
        public int cost() {
            return bytes + OVERHEAD;
        }
    }

    /** What a frame is the start of. */
    enum Kind {
        TEXT,
        BINARY,
        /** Of nothing: it continues what has started. */
        CONTINUATION
    }

    /** Roughly what it costs in memory, in bytes. */
    int cost();
}
