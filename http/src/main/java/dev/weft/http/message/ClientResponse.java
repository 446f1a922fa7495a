package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An answer: its head is there, its body is read through {@link #text()}, {@link #bytes()}, {@link #json} or
 * {@link #content()}. It owns the connection until the body is whole; {@link #close()} it.
 *
 * <p>Confined to the loop of its session. Source: aiohttp's {@code ClientResponse}.
 */
@CheckReturnValue
public final class ClientResponse implements AutoCloseable {
    private final ClientRequest request;
    private final ResponseHead head;
    private final BodyReader content;
    private final BodyOptions options;
    private final int attempts;
    private boolean streamed;
    private byte @Nullable [] bytes;
    private @Nullable String text;

    /**
     * An answer as the client makes it; for middleware and tests, which have answers of their own.
     *
     * @param content gives the body; owned and closed by the response
     * @param attempts how often the request was sent, 1 or more
     */
    public ClientResponse(
            ClientRequest request, ResponseHead head, BodyReader content, BodyOptions options, int attempts) {
        this.request = request;
        this.head = head;
        this.content = content;
        this.options = options;
        this.attempts = attempts;
    }

    /** The status code, as 200. */
    public int status() {
        return head.status();
    }

    /** The phrase behind the status, as {@code OK}; empty if the server sent none. */
    public String reason() {
        return head.reason();
    }

    /** {@code HTTP/1.1} or {@code HTTP/1.0}. */
    public String version() {
        return head.version();
    }

    /** The header fields. */
    public Headers headers() {
        return head.headers();
    }

    /** Where the answer came from. */
    public HttpUrl url() {
        return request.url();
    }

    /** The request it answers. */
    public ClientRequest request() {
        return request;
    }

    /** How often the request was sent: 2 if a reused connection turned out to be dead. */
    public int attempts() {
        return attempts;
    }

    /** Whether the status is below 400. Source: aiohttp's {@code ok}. */
    public boolean ok() {
        return status() < 400;
    }

    /** The announced length of the body on the wire, before its content coding is undone; empty if there is none. */
    public OptionalLong contentLength() {
        String value = headers().first("Content-Length");
        try {
            return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            // A list of equal lengths, or no framing at all; the body's own end decides.
            return OptionalLong.empty();
        }
    }

    /** The media type in lower case, without parameters; {@code application/octet-stream} if there is none. */
    public String contentType() {
        String type = MediaType.of(headers().first("Content-Type"));
        return type.isEmpty() ? "application/octet-stream" : type;
    }

    /** The charset that {@code Content-Type} names; null if it names none, or none that is known here. */
    public @Nullable Charset charset() {
        return MediaType.charset(headers().first("Content-Type"));
    }

    /**
     * The body as it comes in. Once this was asked for, the body is its taker's: {@link #bytes()}, {@link #text()} and
     * {@link #json} throw {@link IllegalStateException}, unless they have the body already.
     */
    public BodyReader content() {
        streamed = true;
        return content;
    }

    /**
     * The whole body, content coding undone; the same array each time, not to be written to. Awaiting it throws what
     * {@link BodyReader#read()} throws, and {@link BodyTooLargeException}.
     */
    public Awaitable<byte[], RuntimeException> bytes() {
        return this::readBytes;
    }

    /**
     * The whole body as text, in its charset: that of a byte order mark, else of {@code Content-Type}, else UTF-8. Malformed bytes
     * become U+FFFD. Awaiting it throws what {@link #bytes()} throws.
     */
    public Awaitable<String, RuntimeException> text() {
        return () -> {
            String known = text;
            if (known == null) {
                known = TextCoding.decode(readBytes(), charset());
                text = known;
            }
            return known;
        };
    }

    /**
     * The body as JSON, whatever its media type; null if it is empty or {@code null}. Awaiting it throws
     * {@link JsonDecodeException}, and what {@link #bytes()} throws.
     */
    public <T> Awaitable<@Nullable T, RuntimeException> json(Class<T> type) {
        return () -> {
            byte[] body = readBytes();
            if (TextCoding.isBlank(body)) {
                return null;
            }
            try {
                return options.json().decode(body, type);
            } catch (RuntimeException e) {
                throw new JsonDecodeException(request, body, type, e);
            }
        };
    }

    private byte[] readBytes() {
        byte[] known = bytes;
        if (known != null) {
            return known;
        }
        if (streamed) {
            throw new IllegalStateException(
                    request + ": the body is read through content(): it is not there as a whole");
        }
        byte[] read = collect();
        bytes = read;
        return read;
    }

    private byte[] collect() {
        long limit = options.maxBytes();
        long announced = contentLength().orElse(0);
        byte[] collected = new byte[(int) Math.min(announced, Math.min(limit, 1 << 20))];
        int size = 0;
        for (ByteBuffer chunk = content.read().await();
                chunk != null;
                chunk = content.read().await()) {
            int more = chunk.remaining();
            if (size + (long) more > limit) {
                content.close();
                throw new BodyTooLargeException(request, limit);
            }
            if (size + more > collected.length) {
                collected =
                        Arrays.copyOf(collected, Math.max(size + more, (int) Math.min(collected.length * 2L, limit)));
            }
            chunk.get(collected, size, more);
            size += more;
        }
        return size == collected.length ? collected : Arrays.copyOf(collected, size);
    }

    /**
     * Gives up the rest of the body. The connection goes back to the pool if the body was whole, or is within what has arrived
     * (at most 64 KiB); otherwise it is closed. Does not wait; may be called again. What {@link #bytes()} and {@link #text()} gave
     * stays.
     */
    @Override
    public void close() {
        content.close();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "<%s %d %s>", request, status(), reason());
    }
}
