package dev.weft.http.middleware;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of a body that passed by, as long as they are not more than a limit; then none are kept. Confined to one task at a time. */
final class Capture {
    private final int limitBytes;
    private long size;
    private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Capture(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    void add(ByteBuffer piece) {
        size += piece.remaining();
        ByteArrayOutputStream kept = bytes;
        if (kept == null) {
            return;
        }
        if (size > limitBytes) {
            bytes = null;
            return;
        }
        byte[] copy = new byte[piece.remaining()];
        piece.get(copy);
        kept.writeBytes(copy);
    }

    /** How many bytes passed by. */
    long size() {
        return size;
    }

    /** All of them; null if there were more than the limit. */
    byte @Nullable [] bytes() {
        ByteArrayOutputStream kept = bytes;
        return kept == null ? null : kept.toByteArray();
    }

    /** Lets go of what was kept. */
    void drop() {
        bytes = null;
    }
}
