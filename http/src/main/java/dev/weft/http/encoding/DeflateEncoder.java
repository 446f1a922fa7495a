package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** {@code deflate}: RFC 1950 (zlib) around RFC 1951, or that alone for {@link GzipEncoder}. */
final class DeflateEncoder implements ContentEncoder {
    private final Deflater deflater;
    private final byte[] piece = new byte[PIECE];

    private DeflateEncoder(boolean raw) {
        deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
    }

    static DeflateEncoder zlib() {
        return new DeflateEncoder(false);
    }

    static DeflateEncoder raw() {
        return new DeflateEncoder(true);
    }

    @Override
    public @Nullable ByteBuffer encode(ByteBuffer input) {
        deflater.setInput(input);
        return next();
    }

    @Override
    public @Nullable ByteBuffer finish() {
        deflater.finish();
        return next();
    }

    private @Nullable ByteBuffer next() {
        int size = deflater.deflate(piece);
        return size == 0 ? null : ByteBuffer.wrap(piece, 0, size);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
