package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request. One that is in memory, or can be opened again, is replayable: it can be sent again after a redirect that keeps
 * it, a challenge, or a connection that turned out dead.
 *
 * <p>Those made here are {@code application/octet-stream} unless their method says otherwise; {@link #withContentType} changes that.
 * Forms with files are {@link FormData}, other bodies of several parts {@link Multipart}. A program may have bodies of its own.
 *
 * <p>Source: aiohttp's payloads.
 */
@CheckReturnValue
public interface Body {
    /** How many bytes it has; empty if that is not known before its end: then it is sent in chunks. */
    OptionalLong length();

    /** Whether {@link #open} may be called again. */
    boolean isReplayable();

    /** What {@code Content-Type} it announces unless the request sets one; null for none. */
    @Nullable
    String contentType();

    /**
     * The content, from its beginning.
     *
     * @throws IllegalStateException if it was opened before and is not replayable
     * @throws java.io.UncheckedIOException if it cannot be opened
     */
    BodySource open();

    /** The whole content, read-only, if it is in memory; null if it has to be read from {@link #open}. */
    default @Nullable ByteBuffer content() {
        return null;
    }

    /** The same with another {@code Content-Type}, none for null. */
    default Body withContentType(@Nullable String other) {
        return new DescribedBody(this, length(), other);
    }

    /**
     * The same with a length, in bytes, that is known though the body does not tell: so it need not be sent in chunks. The request fails if
     * it turns out to be another.
     *
     * @throws IllegalArgumentException if it is negative
     */
    default Body withLength(long bytes) {
        return new DescribedBody(this, OptionalLong.of(bytes), contentType());
    }

    /** These bytes. The array is not copied: leave it alone until the request has ended. */
    static Body of(byte[] bytes) {
        return of(bytes, BytesBody.BINARY);
    }

    /** This text in UTF-8, as {@code text/plain; charset=utf-8}. */
    static Body of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }

    /** These bytes with another {@code Content-Type}, none for null. */
    static Body of(byte[] bytes, @Nullable String contentType) {
        return new BytesBody(ByteBuffer.wrap(bytes), contentType);
    }

    /** What is between position and limit of a buffer, which stay as they are. Not copied: leave it alone until the request has ended. */
    static Body of(ByteBuffer bytes) {
        return new BytesBody(bytes, BytesBody.BINARY);
    }

    /**
     * A file, of the type that its name tells. It has the length that it has now: a request for which it has become longer or shorter
     * fails. Replayable.
     *
     * @throws java.io.UncheckedIOException if there is none
     * @throws IllegalArgumentException if it is no regular file; a pipe is an {@link #of(InputStream)}
     */
    static Body of(Path file) {
        return FileBody.whole(file);
    }

    /**
     * So many bytes of a file, which may grow meanwhile; otherwise as {@link #of(Path)}.
     *
     * @param offset where they begin, in bytes
     * @throws IllegalArgumentException if they are not within the file
     */
    static Body of(Path file, long offset, long length) {
        return FileBody.part(file, offset, length);
    }

    /**
     * What a stream gives, to its end, in chunks; read on another thread. Sent once, not replayable. It is closed when it was sent or given
     * up, but not if the request never came so far: whoever opened it closes it too.
     */
    static Body of(InputStream stream) {
        return new SourceBody("an InputStream", false, () -> new StreamSource(stream, () -> stream));
    }

    /**
     * What a stream gives, which is opened each time the body is sent, and always closed; opened and read on another thread. In
     * chunks; replayable: {@code Body.of(() -> Files.newInputStream(path))}.
     */
    static Body of(Callable<? extends InputStream> opener) {
        return new SourceBody("an InputStream", true, () -> new StreamSource(null, opener));
    }

    /**
     * What an iterable gives, in chunks. It is iterated by the task that sends, as far as the network takes it, and may await; it must
     * not block. A {@link Collection} is replayable; anything else is taken for one that gives its content only once.
     */
    static Body of(Iterable<byte[]> pieces) {
        boolean isReplayable = pieces instanceof Collection<?>;
        return new SourceBody("an Iterable", isReplayable, () -> new IteratorSource(pieces));
    }

    /**
     * What a publisher gives, in chunks. It is subscribed to when the body is sent; asked for one buffer at a time, one ahead of the network;
     * and cancelled if the request ends before it does. Not replayable.
     */
    static Body of(Flow.Publisher<? extends ByteBuffer> publisher) {
        return new SourceBody("a Publisher", false, () -> new PublisherSource(publisher));
    }

    /** The body of an answer, in chunks as it comes in; closed when it was sent or given up. Not replayable. */
    static Body of(BodyReader answer) {
        return new SourceBody("the body of an answer", false, () -> new ReaderSource(answer));
    }

    /**
     * A form as {@code application/x-www-form-urlencoded}, in UTF-8; replayable.
     *
     * @param fields as text by their {@code toString}; a {@link Collection} gives a field for each of its elements, null none
     */
    static Body form(Map<String, ? extends @Nullable Object> fields) {
        return form(fields.entrySet());
    }

    /** A form of fields in an order of their own; see {@link #form(Map)}. */
    static Body form(Collection<? extends Map.Entry<String, ? extends @Nullable Object>> fields) {
        return of(UrlEncodedForm.encode(fields), "application/x-www-form-urlencoded");
    }
}
