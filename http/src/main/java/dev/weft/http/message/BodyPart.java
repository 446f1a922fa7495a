package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * A part of a multipart body: its headers are there, its content is read through {@link #text()}, {@link #bytes()}, {@link #json},
 * {@link #parts()} or {@link #content()}, its {@code Content-Transfer-Encoding} undone. Readable until the {@link MultipartReader} it
 * comes from is asked for the next part; what was read stays.
 *
 * <p>Confined to the loop of the session. Source: aiohttp's {@code BodyPartReader}.
 */
@CheckReturnValue
public final class BodyPart {
    private final Headers headers;
    private final @Nullable ClientRequest request;
    private final Attributes attributes;
    private final StreamReader content;
    private byte @Nullable [] bytes;

    BodyPart(Headers headers, BodyReader raw, @Nullable ClientRequest request, Attributes attributes) {
        this.headers = headers;
        this.request = request;
        this.attributes = attributes;
        this.content = StreamReader.of(decoded(headers, raw, request), request);
    }

    private static BodyReader decoded(Headers headers, BodyReader raw, @Nullable ClientRequest request) {
        try {
            TransferDecoder decoder = TransferDecoder.of(headers.first("Content-Transfer-Encoding"));
            return decoder == null ? raw : new DecodedContent(raw, decoder, request);
        } catch (IllegalArgumentException e) {
            throw new MultipartException(request, "a part of the body cannot be read: " + e.getMessage());
        }
    }

    /** The header fields of the part. */
    public Headers headers() {
        return headers;
    }

    /** What its {@code Content-Disposition} says; null if it has none. */
    public @Nullable ContentDisposition contentDisposition() {
        return ContentDisposition.parse(headers.first("Content-Disposition"));
    }

    /** The name of the form field; null if it has none. */
    public @Nullable String name() {
        return parameter("name");
    }

    /** The suggested name as it was sent, which may hold a path; null for none. For files: {@link ContentDisposition#safeFileName()}. */
    public @Nullable String filename() {
        return parameter("filename");
    }

    private @Nullable String parameter(String name) {
        ContentDisposition disposition = contentDisposition();
        if (disposition == null) {
            return null;
        }
        String value = disposition.parameters().get(name);
        if (value == null || !disposition.type().equals("form-data")) {
            return value;
        }
        // How browsers write them in forms: WHATWG HTML section 4.10.21.8.
        return value.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
    }

    /** The media type in lower case, without parameters; {@code text/plain} if there is none: RFC 2046 section 5.1. */
    public String contentType() {
        String type = MediaType.of(headers.first("Content-Type"));
        return type.isEmpty() ? "text/plain" : type;
    }

    /** The charset that {@code Content-Type} names; null if it names none, or none that is known here. */
    public @Nullable Charset charset() {
        return MediaType.charset(headers.first("Content-Type"));
    }

    /** The content as it comes in. Closing it skips the rest of the part, and no more than that. */
    public StreamReader content() {
        return content;
    }

    /**
     * What is left of the content; the same array each time, not to be written to. Awaiting it throws {@link BodyTooLargeException} if that
     * is more than {@link Options#MAX_BODY_SIZE}, {@link MultipartException}, and what {@link BodyReader#read} throws.
     */
    public Awaitable<byte[], RuntimeException> bytes() {
        return this::readBytes;
    }

    private byte[] readBytes() {
        byte[] known = bytes;
        if (known == null) {
            known = content.readAll(attributes.get(Options.MAX_BODY_SIZE)).await();
            bytes = known;
        }
        return known;
    }

    /** The content as text, in the charset of a byte order mark, else its own, else UTF-8; malformed bytes become U+FFFD. */
    public Awaitable<String, RuntimeException> text() {
        return () -> TextCoding.decode(readBytes(), charset());
    }

    /** The content as JSON, whatever its type; null if it is empty or {@code null}. Awaiting it may throw {@link JsonDecodeException}. */
    public <T> Awaitable<@Nullable T, RuntimeException> json(Class<T> type) {
        return () -> type.cast(Json.decode(request, attributes.get(Options.JSON), readBytes(), type));
    }

    /** Whether it is a multipart body itself. */
    public boolean isMultipart() {
        return contentType().startsWith("multipart/");
    }

    /**
     * The parts that it consists of itself.
     *
     * @throws MultipartException if its {@code Content-Type} is not multipart, or has no boundary
     */
    public MultipartReader parts() {
        return MultipartReader.of(content, headers.first("Content-Type"));
    }

    @Override
    public String toString() {
        return "<BodyPart " + headers + ">";
    }
}
