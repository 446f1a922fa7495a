package dev.weft.http.exchange;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of a body between the network and its reader. Counts what they cost in memory, so that the network can be held back.
 * Confined to the loop; owns Netty's buffers until they are read or dropped.
 */
final class BodyQueue {
    /** So much of a full network buffer is copied: a few bytes must not hold on to a whole one. */
    private static final int COPIED = 4 * 1024;

    /** How many times the bytes that came in it a network buffer may have room for; what came in a larger one is copied. */
    private static final int MOST_HELD = 3;

    /** What a piece costs besides its bytes, roughly. */
    private static final int OVERHEAD = 128;

    /** The pieces in their order, each with the next one: mostly there is one, or none. */
    private @Nullable Piece first;

    private @Nullable Piece last;
    private int cost;
    private int bytes;
    /** The network buffer that pieces come from now, and how much of it came in pieces that were copied; compared, not held. */
    private @Nullable ByteBuf source;

    private int copied;
    /** The buffer behind the bytes that the reader has now. */
    private @Nullable ByteBuf lent;

    private static final class Piece {
        final ByteBuffer bytes;
        final int size;
        final @Nullable ByteBuf buffer;
        final int cost;

        @Nullable
        Piece next;

        Piece(ByteBuffer bytes, @Nullable ByteBuf buffer, int cost) {
            this.bytes = bytes;
            this.size = bytes.remaining();
            this.buffer = buffer;
            this.cost = cost;
        }
    }

    /** Takes a piece over. */
    void add(ByteBuf buffer) {
        int size = buffer.readableBytes();
        if (isCopied(buffer, size)) {
            byte[] copy = new byte[size];
            buffer.readBytes(copy).release();
            append(new Piece(ByteBuffer.wrap(copy), null, size + OVERHEAD));
        } else {
            append(new Piece(buffer.nioBuffer(), buffer, size + OVERHEAD));
        }
    }

    /** Whether so little came in its network buffer, or of it so far. */
    @SuppressWarnings("ReferenceEquality") // that very buffer
    private boolean isCopied(ByteBuf piece, int size) {
        ByteBuf of = whole(piece);
        if (of != source) {
            source = of;
            copied = 0;
        }
        if (of.capacity() <= MOST_HELD * size) {
            return false;
        }
        if (of.capacity() <= MOST_HELD * of.writerIndex() && size > COPIED - copied) {
            return false;
        }
        copied += size;
        return true;
    }

    private static ByteBuf whole(ByteBuf piece) {
        ByteBuf whole = piece;
        for (ByteBuf of = piece.unwrap(); of != null; of = of.unwrap()) {
            whole = of;
        }
        return whole;
    }

    private void append(Piece piece) {
        if (last == null) {
            first = piece;
        } else {
            last.next = piece;
        }
        last = piece;
        cost += piece.cost;
        bytes += piece.size;
    }

    private @Nullable Piece take() {
        Piece taken = first;
        if (taken != null) {
            first = taken.next;
            last = first == null ? null : last;
            cost -= taken.cost;
            bytes -= taken.size;
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

    /** How many bytes are there to be read. */
    int bytes() {
        return bytes;
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
