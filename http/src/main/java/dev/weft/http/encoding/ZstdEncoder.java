package dev.weft.http.encoding;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code zstd}, RFC 8878, by zstd-jni: one frame with a checksum, and a window far below RFC 9659's 8 MiB. */
final class ZstdEncoder implements ContentEncoder {
    /** Of 22: zstd's default; its window is 2 MiB. */
    private static final int LEVEL = 3;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ZstdCompressCtx zstd;
    private final ZstdInput source = new ZstdInput();
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
    /** The piece was filled, so there may be more of the same input. */
    private boolean more;

    private boolean ended;

    ZstdEncoder() {
        zstd = new ZstdCompressCtx();
        zstd.setLevel(LEVEL).setChecksum(true);
    }

    @Override
    public @Nullable ByteBuffer encode(ByteBuffer input) {
        while (true) {
            ByteBuffer next = source.of(input);
            if (!next.hasRemaining() && !more) {
                return null;
            }
            piece.clear();
            zstd.compressByteBufferStream(piece, next, EndDirective.CONTINUE);
            more = !piece.hasRemaining();
            if (piece.position() > 0) {
                return piece.flip();
            }
        }
    }

    @Override
    public @Nullable ByteBuffer finish() {
        if (ended) {
            return null;
        }
        // It gives something at each call: the end of a frame has at least the checksum.
        ended = zstd.compressByteBufferStream(piece.clear(), NOTHING, EndDirective.END);
        return piece.flip();
    }

    @Override
    public void close() {
        zstd.close();
    }
}
