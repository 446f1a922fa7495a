package dev.weft.http.message;

import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The content of a part with its transfer encoding undone. Confined to the loop. */
final class DecodedContent implements BodyReader {
    private final BodyReader raw;
    private final TransferDecoder decoder;
    private final @Nullable ClientRequest request;
    private boolean ended;

    DecodedContent(BodyReader raw, TransferDecoder decoder, @Nullable ClientRequest request) {
        this.raw = raw;
        this.decoder = decoder;
        this.request = request;
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return this::next;
    }

    private @Nullable ByteBuffer next() {
        while (!ended) {
            ByteBuffer piece = raw.read().await();
            ended = piece == null;
            ByteBuffer decoded = piece == null ? finish() : decoder.decode(piece);
            if (decoded.hasRemaining()) {
                return decoded;
            }
        }
        return null;
    }

    private ByteBuffer finish() {
        try {
            return decoder.finish();
        } catch (IllegalArgumentException e) {
            throw new DecodeException(
                    request, "the transfer encoding of a part of the body is malformed: " + e.getMessage(), e);
        }
    }

    @Override
    public long bytesReceived() {
        return raw.bytesReceived();
    }

    @Override
    public void close() {
        raw.close();
    }
}
