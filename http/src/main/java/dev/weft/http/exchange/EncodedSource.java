package dev.weft.http.exchange;

import dev.weft.http.encoding.ContentEncoder;
import dev.weft.http.message.BodySource;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body on its way out, a content coding applied. */
final class EncodedSource implements BodySource {
    private final BodySource plain;
    private final ContentEncoder encoder;
    private @Nullable ByteBuffer input;
    private boolean atEnd;

    EncodedSource(BodySource plain, ContentEncoder encoder) {
        this.plain = plain;
        this.encoder = encoder;
    }

    @Override
    public @Nullable ByteBuffer read() throws Exception {
        while (!atEnd) {
            ByteBuffer piece = input == null ? null : encoder.encode(input);
            if (piece != null) {
                return piece;
            }
            input = plain.read();
            atEnd = input == null;
        }
        return encoder.finish();
    }

    @Override
    public void close() {
        try (BodySource inner = plain) {
            encoder.close();
        }
    }
}
