package dev.weft.http.message;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body of given pieces, each of which comes only after a suspension. As strict as a body may be: it spoils a piece when the next one is read,
 * and has one reader at a time.
 */
final class FakeBody implements BodyReader {
    private final List<byte[]> pieces;
    private final @Nullable RuntimeException failure;
    private byte[] lent = new byte[0];
    private int next;
    private long received;
    private boolean reading;
    int closed;

    private FakeBody(List<byte[]> pieces, @Nullable RuntimeException failure) {
        this.pieces = pieces;
        this.failure = failure;
    }

    static FakeBody of(String... latin1Pieces) {
        return new FakeBody(Arrays.stream(latin1Pieces).map(FakeBody::bytes).toList(), null);
    }

    static FakeBody of(List<byte[]> pieces) {
        return new FakeBody(pieces, null);
    }

    /** The same, but at its end it fails. */
    FakeBody failing(RuntimeException end) {
        return new FakeBody(pieces, end);
    }

    static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static String latin1(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    /** A body as one piece, cut in two in every place, and byte by byte. */
    static List<FakeBody> cuts(byte[] body) {
        List<FakeBody> cuts = new ArrayList<>();
        for (int i = 0; i < body.length; i++) {
            List<byte[]> pieces = new ArrayList<>();
            if (i > 0) {
                pieces.add(Arrays.copyOf(body, i));
            }
            pieces.add(Arrays.copyOfRange(body, i, body.length));
            cuts.add(of(pieces));
        }
        List<byte[]> single = new ArrayList<>();
        for (byte b : body) {
            single.add(new byte[] {b});
        }
        cuts.add(of(single));
        return cuts;
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return this::readNext;
    }

    private @Nullable ByteBuffer readNext() {
        if (reading) {
            throw new IllegalStateException("two readers");
        }
        if (closed > 0) {
            throw new IllegalStateException("the response is closed");
        }
        Arrays.fill(lent, (byte) '#');
        reading = true;
        try {
            Asyncio.sleep(0).await();
        } finally {
            reading = false;
        }
        if (next == pieces.size()) {
            if (failure != null) {
                throw failure;
            }
            return null;
        }
        lent = pieces.get(next++).clone();
        received += lent.length;
        return ByteBuffer.wrap(lent).asReadOnlyBuffer();
    }

    @Override
    public long bytesReceived() {
        return received;
    }

    @Override
    public void close() {
        closed++;
        Arrays.fill(lent, (byte) '#');
    }
}
