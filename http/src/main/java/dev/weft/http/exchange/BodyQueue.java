package dev.weft.http.exchange;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
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

    /** The pieces in their order, each with the next one: mostly there is one, or none. */
    private @Nullable Piece first;

    private @Nullable Piece last;
    private int cost;
    /** The buffer behind the bytes that the reader has now. */
    private @Nullable ByteBuf lent;

    private static final class Piece {
        final ByteBuffer bytes;
        final @Nullable ByteBuf buffer;
        final int cost;

        @Nullable
        Piece next;

        Piece(ByteBuffer bytes, @Nullable ByteBuf buffer, int cost) {
            this.bytes = bytes;
            this.buffer = buffer;
            this.cost = cost;
        }
    }

    /** Takes a piece over. */
    void add(ByteBuf buffer) {
        int size = buffer.readableBytes();
        if (size <= COPIED) {
            byte[] copy = new byte[size];
            buffer.readBytes(copy).release();
            append(new Piece(ByteBuffer.wrap(copy), null, size + OVERHEAD));
        } else {
            append(new Piece(buffer.nioBuffer(), buffer, size + OVERHEAD));
        }
    }

    private void append(Piece piece) {
        if (last == null) {
            first = piece;
        } else {
            last.next = piece;
        }
        last = piece;
        cost += piece.cost;
    }

    private @Nullable Piece take() {
        Piece taken = first;
        if (taken != null) {
            first = taken.next;
            last = first == null ? null : last;
            cost -= taken.cost;
        }
        return taken;
    }

    /** The next piece, valid until the next call; null if there is none. */
    @Nullable
    ByteBuffer poll() {
        giveBack();
        Piece piece = take();
        if (piece == null) {
            return null;
        }
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
        for (Piece piece = first; piece != null; piece = piece.next) {
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
        for (Piece piece = take(); piece != null; piece = take()) {
            if (piece.buffer != null) {
                piece.buffer.release();
            }
        }
    }

    private void giveBack() {
        if (lent != null) {
            lent.release();
            lent = null;
        }
    }
}
