package dev.weft.http.websocket.frame;

import dev.weft.http.websocket.WsMessage;
import dev.weft.http.websocket.frame.Incoming.Kind;
import dev.weft.http.websocket.frame.Incoming.Piece;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together from their frames, whose order was checked: undoes the compression, keeps the limit, reads the text. Confined to
 * the loop; of no use after it has thrown.
 */
final class Assembly implements AutoCloseable {
    private final int limit;
    private final @Nullable Inflation inflation;
    private Kind kind = Kind.BINARY;
    private boolean compressed;
    /** What there is of a message; null between two. */
    private @Nullable Gathered begun;

    /**
     * Nothing has come yet.
     *
     * @param limit the largest message, in bytes
     * @param inflation null where nothing is compressed
     */
    Assembly(int limit, @Nullable Inflation inflation) {
        this.limit = limit;
        this.inflation = inflation;
    }

    /** Takes the next frame; gives the message that it makes whole, null if it makes none. */
    @Nullable
    WsMessage add(Piece piece) throws Violation {
        byte[] bytes = piece.bytes();
        Gathered message = begun;
        if (message == null) {
            kind = piece.kind();
            compressed = piece.compressed();
            if (piece.last() && !compressed) {
                return whole(bytes);
            }
            message = new Gathered(limit, bytes.length);
            begun = message;
        }
        if (compressed && inflation != null) {
            inflation.inflate(bytes, message);
        } else {
            message.append(bytes);
        }
        if (!piece.last()) {
            return null;
        }
        if (compressed && inflation != null) {
            inflation.end(message);
        }
        begun = null;
        return message(message.array(), message.size());
    }

    private WsMessage whole(byte[] bytes) throws Violation {
        if (bytes.length > limit) {
            throw Gathered.tooBig(limit);
        }
        return message(bytes, bytes.length);
    }

    private WsMessage message(byte[] bytes, int size) throws Violation {
        if (kind == Kind.BINARY) {
            return new WsMessage.Binary(bytes.length == size ? bytes : Arrays.copyOf(bytes, size));
        }
        try {
            return new WsMessage.Text(Utf8.decode(bytes, size));
        } catch (CharacterCodingException e) {
            throw new Violation(CloseCodes.INVALID_DATA, "a message of text is not UTF-8");
        }
    }

    @Override
    public void close() {
        if (inflation != null) {
            inflation.close();
        }
    }
}
