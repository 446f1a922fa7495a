package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A body of which something else is announced than it says itself. */
record DescribedBody(
        Body body, OptionalLong length, @Nullable String contentType) implements Body {
    DescribedBody {
        if (length.orElse(0) < 0) {
            throw new IllegalArgumentException("a body of " + length.getAsLong() + " bytes: it takes 0 or more");
        }
    }

    @Override
    public boolean isReplayable() {
        return body.isReplayable();
    }

    @Override
    public BodySource open() {
        return body.open();
    }

    @Override
    public @Nullable ByteBuffer content() {
        return body.content();
    }

    @Override
    public Body withContentType(@Nullable String other) {
        return new DescribedBody(body, length, other);
    }

    @Override
    public Body withLength(long bytes) {
        return new DescribedBody(body, OptionalLong.of(bytes), contentType);
    }

    @Override
    public String toString() {
        return body.toString();
    }
}
