package dev.weft.http.message;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A body of several parts, each with headers of its own; a part may be a multipart body itself. Forms are {@link FormData}.
 *
 * <p>Has a length if all its parts have one, and is replayable if they all are. The boundary stays the same as long as the object lives. Add
 * no part while a request sends it. Confined to one thread. Source: RFC 2046 section 5.1; aiohttp's {@code MultipartWriter}.
 */
@CheckReturnValue
public final class Multipart implements Body {
    /** What may stand in a boundary besides letters and digits: RFC 2046 section 5.1.1. */
    private static final String BOUNDARY_MARKS = "'()+_,-./:=? ";

    /** Up to this many bytes, parts that are all in memory are put together, so that they leave in one piece. */
    private static final int TOGETHER_BYTES = 64 << 10;

    private final String subtype;
    private final String boundary;
    private final List<Part> parts = new ArrayList<>();
    private boolean opened;

    private record Part(Headers headers, Body body) {}

    /**
     * One without parts, with a random boundary.
     *
     * @param subtype as {@code mixed} or {@code related}
     * @throws IllegalArgumentException if it is no token
     */
    public Multipart(String subtype) {
        this(subtype, UUID.randomUUID().toString());
    }

    /**
     * One without parts, with a boundary that its content must not hold.
     *
     * @throws IllegalArgumentException if the subtype is no token, or the boundary not what RFC 2046 allows: 1 to 70 letters, digits and
     *     {@code '()+_,-./:=?}, and spaces, but not at the end
     */
    public Multipart(String subtype, String boundary) {
        if (!Fields.isToken(subtype)) {
            throw new IllegalArgumentException("multipart/" + Fields.quote(subtype) + ": the subtype is not a token");
        }
        boolean isLegal =
                boundary.chars().allMatch(c -> Fields.isAlphanumeric((char) c) || BOUNDARY_MARKS.indexOf(c) >= 0);
        if (!isLegal || boundary.isEmpty() || boundary.length() > 70 || boundary.endsWith(" ")) {
            throw new IllegalArgumentException(
                    "boundary " + Fields.quote(boundary) + " is not 1 to 70 letters, digits and '()+_,-./:=?");
        }
        this.subtype = subtype;
        this.boundary = boundary;
    }

    /** Adds a part with its {@code Content-Type} for the only header. */
    @CanIgnoreReturnValue
    public Multipart append(Body body) {
        return append(Headers.empty(), body);
    }

    /** Adds a part with headers; with the body's {@code Content-Type} behind them, unless they have one. */
    @CanIgnoreReturnValue
    public Multipart append(Headers headers, Body body) {
        String type = body.contentType();
        Headers all = type == null || headers.contains("Content-Type")
                ? headers
                : headers.toBuilder().add("Content-Type", type).build();
        parts.add(new Part(all, body));
        return this;
    }

    /** What stands between the parts. */
    public String boundary() {
        return boundary;
    }

    /** How many parts there are. */
    public int size() {
        return parts.size();
    }

    /** {@code multipart/}, the subtype, and the boundary. */
    @Override
    public String contentType() {
        String value = Fields.isToken(boundary) ? boundary : '"' + boundary + '"';
        return "multipart/" + subtype + "; boundary=" + value;
    }

    @Override
    public OptionalLong length() {
        long sum = closing().length;
        for (int i = 0; i < parts.size(); i++) {
            OptionalLong length = parts.get(i).body.length();
            if (length.isEmpty()) {
                return length;
            }
            sum += head(i).length + length.getAsLong();
        }
        return OptionalLong.of(sum);
    }

    @Override
    public boolean isReplayable() {
        return parts.stream().allMatch(part -> part.body.isReplayable());
    }

    /**
     * The content, from its beginning; each part is opened as its turn comes.
     *
     * @throws IllegalStateException if it was opened before and is not replayable
     */
    @Override
    public BodySource open() {
        if (opened && !isReplayable()) {
            throw new IllegalStateException(this + " was sent already, and has a part that can be read only once");
        }
        opened = true;
        return new PartsSource();
    }

    /** The whole content if all parts are in memory, and it is at most 64 KiB. */
    @Override
    public @Nullable ByteBuffer content() {
        long length = length().orElse(Long.MAX_VALUE);
        if (length > TOGETHER_BYTES) {
            return null;
        }
        ByteBuffer all = ByteBuffer.allocate((int) length);
        for (int i = 0; i < parts.size(); i++) {
            ByteBuffer content = parts.get(i).body.content();
            byte[] head = head(i);
            if (content == null || content.remaining() + head.length > all.remaining()) {
                return null;
            }
            all.put(head).put(content);
        }
        byte[] closing = closing();
        return closing.length == all.remaining() ? all.put(closing).flip().asReadOnlyBuffer() : null;
    }

    /** The delimiter and the headers of a part; names and values in UTF-8, as browsers send them. */
    private byte[] head(int index) {
        StringBuilder head = new StringBuilder(index == 0 ? "--" : "\r\n--");
        head.append(boundary).append("\r\n");
        for (Map.Entry<String, String> field : parts.get(index).headers) {
            head.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] closing() {
        return ((parts.isEmpty() ? "--" : "\r\n--") + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "multipart/" + subtype + " of " + parts.size() + (parts.size() == 1 ? " part" : " parts");
    }

    /** The parts on their way out, one open at a time. Confined to the loop. */
    private final class PartsSource implements BodySource {
        private int next;
        private @Nullable BodySource open;
        private boolean ended;

        @Override
        public @Nullable ByteBuffer read() throws Exception {
            ByteBuffer piece = open == null ? null : open.read();
            if (piece != null) {
                return piece;
            }
            close();
            if (next < parts.size()) {
                byte[] head = head(next);
                open = parts.get(next).body.open();
                next++;
                return ByteBuffer.wrap(head).asReadOnlyBuffer();
            }
            if (ended) {
                return null;
            }
            ended = true;
            return ByteBuffer.wrap(closing()).asReadOnlyBuffer();
        }

        @Override
        public void close() {
            BodySource left = open;
            open = null;
            if (left != null) {
                left.close();
            }
        }
    }
}
