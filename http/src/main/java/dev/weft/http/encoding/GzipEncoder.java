package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** {@code gzip}: RFC 1952, one member. It says neither time nor system, so the same input gives the same bytes. */
final class GzipEncoder implements ContentEncoder {
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int TRAILER_BYTES = 8;

    private final DeflateEncoder deflate = DeflateEncoder.raw();
    private final CRC32 checksum = new CRC32();
    private long taken;
    private boolean begun;
    private boolean ended;

    @Override
    public @Nullable ByteBuffer encode(ByteBuffer input) {
        if (!begun) {
            return header();
        }
        int from = input.position();
        ByteBuffer piece = deflate.encode(input);
        int size = input.position() - from;
        checksum.update(input.slice(from, size));
        taken += size;
        return piece;
    }

    @Override
    public @Nullable ByteBuffer finish() {
        if (!begun) {
            return header();
        }
        ByteBuffer piece = deflate.finish();
        if (piece != null || ended) {
            return piece;
        }
        ended = true;
        return ByteBuffer.allocate(TRAILER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) checksum.getValue())
                .putInt((int) taken)
                .flip();
    }

    private ByteBuffer header() {
        begun = true;
        return ByteBuffer.wrap(HEADER).asReadOnlyBuffer();
    }

    @Override
    public void close() {
        deflate.close();
    }
}
