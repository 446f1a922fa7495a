package dev.weft.http.exchange;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a body between the network and its reader. Counts what they cost in memory, so that the network can be held back.
 * Confined to the loop; owns Netty's buffers until they are read or dropped.
 */
final class BodyQueue {
    /** Smaller pieces are copied: a few bytes must not hold on to a whole network buffer. */
    private static final int COPIED = 8 * 1024;

    /** What a piece costs besides its bytes, roughly. */
    private static final int OVERHEAD = 128;

    private final ArrayDeque<Piece> pieces = new ArrayDeque<>(4);
    private int cost;
    /** The buffer behind the bytes that the reader has now. */
    private @Nullable ByteBuf lent;

    private record Piece(ByteBuffer bytes, @Nullable ByteBuf buffer, int cost) {}

    /** Takes a piece over. */
    void add(ByteBuf buffer) {
        int size = buffer.readableBytes();
        if (size <= COPIED) {
            byte[] copy = new byte[size];
            buffer.readBytes(copy).release();
            pieces.add(new Piece(ByteBuffer.wrap(copy), null, size + OVERHEAD));
        } else {
            pieces.add(new Piece(buffer.nioBuffer(), buffer, size + OVERHEAD));
        }
        cost += size + OVERHEAD;
    }

    /** The next piece, valid until the next call; null if there is none. */
    @Nullable
    ByteBuffer poll() {
        giveBack();
        Piece piece = pieces.poll();
        if (piece == null) {
            return null;
        }
        cost -= piece.cost;
        lent = piece.buffer;
        return piece.bytes;
    }

    /** What the pieces cost in memory, in bytes. */
    int cost() {
        return cost;
    }

    /** Whether it holds memory that has to be given back. */
    boolean holdsBuffers() {
        if (lent != null) {
            return true;
        }
        for (Piece piece : pieces) {
            if (piece.buffer != null) {
                return true;
            }
        }
        return false;
    }

    /** Drops everything, what the reader has too. */
    void clear() {
        giveBack();
        drop();
    }

    /** Drops what the reader does not have yet. */
    void drop() {
        for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            if (piece.buffer != null) {
                piece.buffer.release();
            }
        }
        cost = 0;
    }

    private void giveBack() {
        if (lent != null) {
            lent.release();
            lent = null;
        }
    }
}
