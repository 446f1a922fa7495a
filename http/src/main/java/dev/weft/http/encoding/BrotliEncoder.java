package dev.weft.http.encoding;

import com.aayushatharva.brotli4j.encoder.Encoder;
import com.aayushatharva.brotli4j.encoder.EncoderJNI;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code br}, RFC 7932, by brotli4j. Its output is a view of native memory, so it is copied. */
final class BrotliEncoder implements ContentEncoder {
    private static final int INPUT_BYTES = 32 * 1024;

    /** Of 11: a little faster than deflate's default, and a tenth smaller; the best ones are a hundred times slower. */
    private static final int QUALITY = 5;

    /** 4 MiB, brotli's default. */
    private static final int WINDOW_LOG = 22;

    private final EncoderJNI.Wrapper brotli;
    private final byte[] piece = new byte[PIECE];
    /** What brotli has given and we have not; valid until brotli is called again. */
    private ByteBuffer pulled = ByteBuffer.allocate(0);

    BrotliEncoder() throws CodingException {
        try {
            brotli = new EncoderJNI.Wrapper(INPUT_BYTES, QUALITY, WINDOW_LOG, Encoder.Mode.GENERIC);
        } catch (IOException e) {
            throw new CodingException("there is no memory for a br encoder", e);
        }
    }

    @Override
    public @Nullable ByteBuffer encode(ByteBuffer input) {
        while (!pulled.hasRemaining()) {
            if (brotli.hasMoreOutput()) {
                pulled = brotli.pull();
            } else if (brotli.hasRemainingInput()) {
                push(EncoderJNI.Operation.PROCESS, 0);
            } else if (input.hasRemaining()) {
                push(EncoderJNI.Operation.PROCESS, fill(input));
            } else {
                return null;
            }
        }
        return piece();
    }

    @Override
    public @Nullable ByteBuffer finish() {
        while (!pulled.hasRemaining()) {
            if (brotli.hasMoreOutput()) {
                pulled = brotli.pull();
            } else if (brotli.isFinished()) {
                return null;
            } else {
                push(EncoderJNI.Operation.FINISH, 0);
            }
        }
        return piece();
    }

    private int fill(ByteBuffer input) {
        ByteBuffer target = brotli.getInputBuffer().clear();
        int size = Math.min(input.remaining(), target.remaining());
        target.put(input.slice(input.position(), size));
        input.position(input.position() + size);
        return size;
    }

    private void push(EncoderJNI.Operation operation, int size) {
        brotli.push(operation, size);
        if (!brotli.isSuccess()) {
            throw new IllegalStateException("brotli cannot compress: there may be no memory");
        }
    }

    private ByteBuffer piece() {
        int size = Math.min(pulled.remaining(), PIECE);
        pulled.get(piece, 0, size);
        return ByteBuffer.wrap(piece, 0, size);
    }

    @Override
    public void close() {
        pulled = ByteBuffer.allocate(0);
        brotli.destroy();
    }
}
