package dev.weft.http.conformance;

import dev.weft.http.message.Body;
import dev.weft.http.message.BodySource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** A body of pieces that can be read once, sent in chunks unless it says how long it is. */
final class Pieces implements Body {
    private final OptionalLong length;
    private final Iterator<String> pieces;

    private Pieces(OptionalLong length, String... pieces) {
        this.length = length;
        this.pieces = List.of(pieces).iterator();
    }

    static Pieces once(String... pieces) {
        return new Pieces(OptionalLong.empty(), pieces);
    }

    /** One that says how long it is, true or not. */
    static Pieces of(long length, String... pieces) {
        return new Pieces(OptionalLong.of(length), pieces);
    }

    @Override
    public OptionalLong length() {
        return length;
    }

    @Override
    public boolean isReplayable() {
        return false;
    }

    @Override
    public String contentType() {
        return null;
    }

    @Override
    public BodySource open() {
        return () -> pieces.hasNext() ? ByteBuffer.wrap(pieces.next().getBytes(StandardCharsets.UTF_8)) : null;
    }
}
