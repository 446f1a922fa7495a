package dev.weft.http.encoding;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code zstd}, RFC 8878, all frames, by zstd-jni; with the window of at most 8 MiB that RFC 9659 allows. Only further frames may
 * follow a frame. There is no limit to their number: an empty one takes no longer than so many bytes of data do (about 20 ns for a byte),
 * and the memory of the last one is used again.
 */
final class ZstdDecoder implements ContentDecoder {
    /** RFC 9659 section 3: 8 MB, as a power of two. */
    private static final int WINDOW_LOG = 23;

    private final ZstdDecompressCtx zstd;
    private final ZstdInput source = new ZstdInput();
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
    private boolean inFrame;
    /** The piece was filled, so there may be more of the same input. */
    private boolean more;

    ZstdDecoder() {
        zstd = new ZstdDecompressCtx();
        zstd.setLongMax(WINDOW_LOG);
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer input) throws CodingException {
        while (true) {
            ByteBuffer next = source.of(input);
            if (!next.hasRemaining() && !more) {
                return null;
            }
            piece.clear();
            inFrame = !decompress(next);
            more = inFrame && !piece.hasRemaining();
            if (piece.position() > 0) {
                return piece.flip();
            }
        }
    }

    private boolean decompress(ByteBuffer next) throws CodingException {
        try {
            return zstd.decompressByteBufferStream(piece, next);
        } catch (ZstdException e) {
            if (Math.abs(e.getErrorCode()) == Zstd.errFrameParameterWindowTooLarge()) {
                throw new CodingException("the zstd data needs a window of more than 8 MiB, which RFC 9659 forbids", e);
            }
            throw new CodingException("the zstd data is corrupt: " + e.getMessage(), e);
        }
    }

    @Override
    public void finish() throws CodingException {
        if (inFrame) {
            throw new CodingException("the zstd data is cut short");
        }
    }

    @Override
    public void close() {
        zstd.close();
    }
}
