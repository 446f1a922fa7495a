package dev.weft.http.encoding;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Two codings one upon the other: what the first gives is the input of the second. */
final class ChainedDecoder implements ContentDecoder {
    private final ContentDecoder first;
    private final ContentDecoder second;
    private @Nullable ByteBuffer between;

    ChainedDecoder(ContentDecoder first, ContentDecoder second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public @Nullable ByteBuffer decode(ByteBuffer input) throws CodingException {
        while (true) {
            if (between != null) {
                ByteBuffer piece = second.decode(between);
                if (piece != null) {
                    return piece;
                }
            }
            between = first.decode(input);
            if (between == null) {
                return null;
            }
        }
    }

    @Override
    public void finish() throws CodingException {
        first.finish();
        second.finish();
    }

    @Override
    public void close() {
        between = null;
        first.close();
        second.close();
    }
}
