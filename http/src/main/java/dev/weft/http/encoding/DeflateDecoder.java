package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * {@code deflate}: RFC 1950 (zlib) as RFC 9110 section 8.4.1.2 has it, or bare RFC 1951 as some servers send it; the first two bytes
 * tell. Nothing may follow the data.
 */
final class DeflateDecoder implements ContentDecoder {
    private final byte[] piece = new byte[PIECE];
    private final ByteBuffer start = ByteBuffer.allocate(2);
    private @Nullable Inflater inflater;

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer input) throws CodingException {
        Inflater running = inflater;
        if (running == null) {
            while (start.hasRemaining() && input.hasRemaining()) {
                start.put(input.get());
            }
            if (start.hasRemaining()) {
                return null;
            }
            start.flip();
            running = new Inflater(!isZlib(start.get(0) & 0xff, start.get(1) & 0xff));
            inflater = running;
        }
        int size = start.hasRemaining() ? inflate(running, start) : 0;
        if (size == 0) {
            size = inflate(running, input);
        }
        return size == 0 ? null : ByteBuffer.wrap(piece, 0, size);
    }

    /** RFC 1950 section 2.2: method 8, a window of at most 32 KiB, and a multiple of 31. */
    private static boolean isZlib(int first, int second) {
        return (first & 0x0f) == 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 == 0;
    }

    private int inflate(Inflater running, ByteBuffer input) throws CodingException {
        try {
            if (running.finished()) {
                if (input.hasRemaining()) {
                    throw new CodingException("something follows the deflate data");
                }
                return 0;
            }
            running.setInput(input);
            int size = running.inflate(piece);
            if (running.needsDictionary()) {
                throw new CodingException("the deflate data asks for a dictionary");
            }
            if (size == 0 && running.finished() && input.hasRemaining()) {
                throw new CodingException("something follows the deflate data");
            }
            return size;
        } catch (DataFormatException e) {
            throw new CodingException("the deflate data is corrupt: " + e.getMessage(), e);
        }
    }

    @Override
    public void finish() throws CodingException {
        if (inflater == null || !inflater.finished()) {
            throw new CodingException("the deflate data is cut short");
        }
    }

    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
        }
    }
}
