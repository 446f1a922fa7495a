package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A coding being applied, with the order of calls checked. Invariant: {@code codec} is not touched once it is closed or has ended. */
final class GuardedEncoder implements ContentEncoder {
    private final ContentEncoder codec;
    private boolean finishing;
    private boolean ended;
    private boolean closed;

    /** Takes the codec over. */
    GuardedEncoder(ContentEncoder codec) {
        this.codec = codec;
    }

    @Override
    public @Nullable ByteBuffer encode(ByteBuffer input) {
        checkOpen();
        if (finishing) {
            throw new IllegalStateException("the encoder was told to finish: it takes no more input");
        }
        return codec.encode(input);
    }

    @Override
    public @Nullable ByteBuffer finish() {
        checkOpen();
        finishing = true;
        ByteBuffer piece = ended ? null : codec.finish();
        ended = piece == null;
        return piece;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the encoder is closed");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            codec.close();
        }
    }
}
