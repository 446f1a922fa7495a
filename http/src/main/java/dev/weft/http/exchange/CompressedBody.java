package dev.weft.http.exchange;

import dev.weft.http.encoding.Codings;
import dev.weft.http.encoding.ContentEncoder;
import dev.weft.http.message.Body;
import dev.weft.http.message.BodySource;
import dev.weft.loop.Asyncio;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A body that is sent in a content coding. How long it will be nobody knows: it goes in chunks. */
record CompressedBody(Body plain, String coding) implements Body {
    @Override
    public OptionalLong length() {
        return OptionalLong.empty();
    }

    @Override
    public boolean isReplayable() {
        return plain.isReplayable();
    }

    @Override
    public @Nullable String contentType() {
        return plain.contentType();
    }

    @Override
    public BodySource open() {
        if (Codings.needsLoading(List.of(coding))) {
            Asyncio.toThread(() -> Codings.load(List.of(coding))).await();
        }
        ContentEncoder encoder = Codings.encoder(coding);
        try {
            return new EncodedSource(plain.open(), encoder);
        } catch (Throwable e) {
            encoder.close();
            throw e;
        }
    }
}
