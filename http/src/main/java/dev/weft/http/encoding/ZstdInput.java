package dev.weft.http.encoding;

import java.nio.ByteBuffer;

/** Input as zstd-jni can read it: arrays and direct buffers as they are, anything else (a read-only array) in small copies. */
final class ZstdInput {
    private static final int COPY_BYTES = 8 * 1024;

    private ByteBuffer copy = ByteBuffer.allocate(0);

    /** What is to be read next; without bytes when all of the input, and of the copy made before, is used up. */
    ByteBuffer of(ByteBuffer input) {
        if (copy.hasRemaining() || input.isDirect() || input.hasArray()) {
            return copy.hasRemaining() ? copy : input;
        }
        if (copy.capacity() == 0) {
            copy = ByteBuffer.allocate(COPY_BYTES);
        }
        int size = Math.min(input.remaining(), COPY_BYTES);
        copy.clear().put(input.slice(input.position(), size)).flip();
        input.position(input.position() + size);
        return copy;
    }
}
