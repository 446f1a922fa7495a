package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The pieces of an iterable on their way out. Confined to the loop. */
final class IteratorSource implements BodySource {
    private final Iterable<byte[]> pieces;
    private @Nullable Iterator<byte[]> iterator;

    IteratorSource(Iterable<byte[]> pieces) {
        this.pieces = pieces;
    }

    @Override
    public @Nullable ByteBuffer read() {
        Iterator<byte[]> running = iterator == null ? pieces.iterator() : iterator;
        iterator = running;
        while (running.hasNext()) {
            byte[] piece = running.next();
            if (piece.length > 0) {
                return ByteBuffer.wrap(piece).asReadOnlyBuffer();
            }
        }
        return null;
    }
}
