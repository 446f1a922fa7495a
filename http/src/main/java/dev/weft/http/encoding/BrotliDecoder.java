package dev.weft.http.encoding;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * {@code br}, RFC 7932, by brotli4j. Its output is a view of native memory, so it is copied: a reader may still hold a piece when the
 * decoder is closed. Nothing may follow the data.
 */
final class BrotliDecoder implements ContentDecoder {
    private static final int INPUT_BYTES = 8 * 1024;

    private final DecoderJNI.Wrapper brotli;
    private final byte[] piece = new byte[PIECE];
    /** What brotli has given and we have not; valid until brotli is called again. */
    private ByteBuffer pulled = ByteBuffer.allocate(0);

    /**
     * Brotli was not run since it gave output. It may then be able to go on without input, though it says that it needs some: it looks
     * only whether it has taken all bytes, not whether it has worked off the last of them.
     */
    private boolean mayGoOn;

    BrotliDecoder() throws CodingException {
        try {
            brotli = new DecoderJNI.Wrapper(INPUT_BYTES);
        } catch (IOException e) {
            throw new CodingException("there is no memory for a br decoder", e);
        }
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer input) throws CodingException {
        while (!pulled.hasRemaining()) {
            switch (brotli.getStatus()) {
                case NEEDS_MORE_OUTPUT -> pull();
                case OK -> push(0);
                case NEEDS_MORE_INPUT -> {
                    if (brotli.hasOutput()) {
                        pull();
                    } else if (mayGoOn) {
                        push(0);
                    } else if (input.hasRemaining()) {
                        push(fill(input));
                    } else {
                        return null;
                    }
                }
                case DONE -> {
                    if (input.hasRemaining()) {
                        throw corrupt();
                    }
                    return null;
                }
                case ERROR -> throw corrupt();
            }
        }
        int size = Math.min(pulled.remaining(), PIECE);
        pulled.get(piece, 0, size);
        return ByteBuffer.wrap(piece, 0, size);
    }

    private int fill(ByteBuffer input) {
        ByteBuffer target = brotli.getInputBuffer().clear();
        int size = Math.min(input.remaining(), target.remaining());
        target.put(input.slice(input.position(), size));
        input.position(input.position() + size);
        return size;
    }

    private void push(int size) {
        brotli.push(size);
        mayGoOn = false;
    }

    private void pull() {
        pulled = brotli.pull();
        mayGoOn = true;
    }

    /** Brotli does not tell these two apart. */
    private static CodingException corrupt() {
        return new CodingException("the br data is corrupt, or something follows it");
    }

    @Override
    public void finish() throws CodingException {
        if (brotli.getStatus() != DecoderJNI.Status.DONE) {
            throw new CodingException("the br data is cut short");
        }
    }

    @Override
    public void close() {
        pulled = ByteBuffer.allocate(0);
        brotli.destroy();
    }
}
