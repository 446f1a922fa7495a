package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.MultipartParser.Malformed;
import dev.weft.http.message.MultipartParser.Step;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a multipart body, one after another as they come in: {@code for (BodyPart part : MultipartReader.of(response))}, which
 * waits in the calling task.
 *
 * <p>What of a part was not read is skipped when the next one is asked for. What stands before the first and behind the last boundary is no
 * part. For one reader at a time, on the loop of the session. Source: RFC 2046 section 5.1; aiohttp's {@code MultipartReader}.
 */
@CheckReturnValue
public final class MultipartReader implements Iterable<BodyPart> {
    private final BodyReader body;
    private final @Nullable ClientRequest request;
    private final Attributes attributes;
    private final MultipartParser parser;
    private @Nullable BodyPart current;
    private @Nullable MultipartException failure;
    private boolean ended;

    private MultipartReader(StreamReader body, @Nullable String contentType) {
        this.body = body;
        this.request = body.request();
        this.attributes = request == null ? Attributes.empty() : request.attributes();
        this.parser = new MultipartParser(boundary(contentType), attributes.get(Options.HEADER_LIMITS));
    }

    private String boundary(@Nullable String contentType) {
        String boundary = MediaType.parameter(contentType, "boundary");
        if (!MediaType.of(contentType).startsWith("multipart/") || boundary == null || boundary.isEmpty()) {
            throw new MultipartException(
                    request,
                    "the body is not multipart with a boundary: its Content-Type is "
                            + (contentType == null ? "missing" : Fields.quote(contentType)));
        }
        return boundary;
    }

    /**
     * Reads the body of a response. Parts have headers within its request's {@link Options#HEADER_LIMITS}.
     *
     * @throws MultipartException if its {@code Content-Type} is not multipart, or has no boundary
     */
    public static MultipartReader of(ClientResponse response) {
        return of(response.content(), response.headers().first("Content-Type"));
    }

    /** Reads a body, of a {@code Content-Type}; see {@link #of(ClientResponse)}. */
    public static MultipartReader of(BodyReader body, @Nullable String contentType) {
        return new MultipartReader(StreamReader.of(body), contentType);
    }

    /**
     * The next part; null behind the last one, when the rest of the body has been read, too. Awaiting it throws {@link MultipartException} if
     * the body is malformed, or ends without its last boundary, and what {@link BodyReader#read} throws.
     */
    public Awaitable<@Nullable BodyPart, RuntimeException> next() {
        return this::nextPart;
    }

    private @Nullable BodyPart nextPart() {
        if (current != null) {
            current.content().close();
            current = null;
        }
        while (!ended) {
            Step step = advance();
            if (step == Step.PART) {
                current = new BodyPart(parser.headers(), new PartContent(), request, attributes);
                return current;
            }
            if (step == Step.END) {
                skipRest();
                ended = true;
            }
        }
        return null;
    }

    /** A connection can be used again only when the body was read to its end. */
    private void skipRest() {
        ByteBuffer epilogue;
        do {
            epilogue = body.read().await();
        } while (epilogue != null);
    }

    /** Goes on to where something is known. */
    private Step advance() {
        if (failure != null) {
            throw failure;
        }
        try {
            Step step = parser.step();
            while (step == Step.MORE) {
                ByteBuffer piece = body.read().await();
                if (piece == null) {
                    parser.end();
                } else {
                    parser.feed(piece);
                }
                step = parser.step();
            }
            return step;
        } catch (Malformed e) {
            failure = new MultipartException(request, "the multipart body is malformed: " + e.getMessage());
            throw failure;
        }
    }

    /** The parts that follow; iterating throws what {@link #next} throws. */
    @Override
    public Iterator<BodyPart> iterator() {
        return new PullIterator<>(this::nextPart);
    }

    /** The content of one part, as it is in the body. */
    private final class PartContent implements BodyReader {
        private long received;
        private boolean ended;
        private boolean closed;

        @Override
        public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
            return this::readNext;
        }

        private @Nullable ByteBuffer readNext() {
            if (ended) {
                return null;
            }
            if (closed) {
                throw new IllegalStateException("the part is closed, or the next one was asked for");
            }
            ended = advance() == Step.PART_END;
            if (ended) {
                return null;
            }
            received += parser.data().remaining();
            return parser.data();
        }

        @Override
        public long bytesReceived() {
            return received;
        }

        /** What is left is skipped when the next part is asked for. */
        @Override
        public void close() {
            closed = true;
        }
    }
}
