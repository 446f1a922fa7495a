package dev.weft.http.message;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The body of an answer on its way into a request. Confined to the loop. */
final class ReaderSource implements BodySource {
    private final BodyReader answer;

    ReaderSource(BodyReader answer) {
        this.answer = answer;
    }

    @Override
    public @Nullable ByteBuffer read() {
        return answer.read().await();
    }

    @Override
    public void close() {
        answer.close();
    }
}
