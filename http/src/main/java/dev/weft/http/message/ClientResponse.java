package dev.weft.http.message;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.lang.reflect.Type;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An answer: its head is there, its body is read through {@link #text()}, {@link #bytes()}, {@link #json} or
 * {@link #content()}. It owns the connection until the body is whole; {@link #close()} it.
 *
 * <p>The file is long because this is what users hold: it has a method for everything one asks of an answer.
 *
 * <p>Confined to the loop of its session. Source: aiohttp's {@code ClientResponse}.
 */
@CheckReturnValue
public final class ClientResponse implements AutoCloseable {
    /** Who reads a whole body goes on for no less. */
    private static final int COLLECTED_BYTES = 512 << 10;

    private final ClientRequest request;
    private final ResponseHead head;
    private final StreamReader content;
    private final Provenance provenance;
    private final List<ClientResponse> history;
    private boolean streamed;
    private byte @Nullable [] bytes;
    private @Nullable String text;

    /**
     * An answer as the client makes it; for middleware and tests, which have answers of their own.
     *
     * @param content gives the body; owned and closed by the response
     * @param provenance how it came about
     */
    public ClientResponse(ClientRequest request, ResponseHead head, BodyReader content, Provenance provenance) {
        this(request, head, content, provenance, List.of());
    }

    private ClientResponse(
            ClientRequest request,
            ResponseHead head,
            BodyReader content,
            Provenance provenance,
            List<ClientResponse> history) {
        this.request = request;
        this.head = head;
        this.content = StreamReader.of(content, request);
        this.provenance = provenance;
        this.history = history;
    }

    /** An answer that came over no network, with a body that is there. */
    public static ClientResponse of(ClientRequest request, int status, Headers headers, byte[] body) {
        return new ClientResponse(
                request, new ResponseHead(status, "", "HTTP/1.1", headers), BodyReader.of(body), Provenance.NONE);
    }

    /** The same answer, not read yet, with another body: for middleware. Closing it must close what the body is made of. */
    public ClientResponse withContent(BodyReader other) {
        return new ClientResponse(request, head, other, provenance, history);
    }

    /** The same answer, not read yet, with another head: for middleware. */
    public ClientResponse withHead(ResponseHead other) {
        return new ClientResponse(request, other, content, provenance, history);
    }

    /** The same answer, not read yet, with the answers before it. */
    public ClientResponse withHistory(List<ClientResponse> earlier) {
        return new ClientResponse(request, head, content, provenance, List.copyOf(earlier));
    }

    /** The status code, as 200. */
    public int status() {
        return head.status();
    }

    /** The phrase behind the status, as {@code OK}; empty if the server sent none. */
    public String reason() {
        return head.reason();
    }

    /** {@code HTTP/2}, {@code HTTP/1.1} or {@code HTTP/1.0}. */
    public String version() {
        return head.version();
    }

    /** Status, reason, version and headers. */
    public ResponseHead head() {
        return head;
    }

    /** The header fields. */
    public Headers headers() {
        return head.headers();
    }

    /** Where the answer came from, after redirects, without a fragment. */
    public HttpUrl url() {
        return request.url().withFragment(null);
    }

    /** The same with the fragment; a redirect that has none inherits it: RFC 9110 section 10.2.2. */
    public HttpUrl realUrl() {
        return request.url();
    }

    /** The method it answers: after a redirect not always the one that was asked for. */
    public String method() {
        return request.method();
    }

    /** The request it answers, as it was sent on the last hop. */
    public ClientRequest request() {
        return request;
    }

    /** The answers before this one, redirects that were followed, the first one first; they are closed. */
    public List<ClientResponse> history() {
        return history;
    }

    /** How often the request was sent on its last hop: 2 if a reused connection turned out to be dead. */
    public int attempts() {
        return provenance.attempts();
    }

    /** The fields behind a chunked body; empty until the body is whole. */
    public Headers trailers() {
        return provenance.trailers();
    }

    /** The heads of the {@code 103 Early Hints} that came before, RFC 8297. */
    public List<ResponseHead> earlyHints() {
        return provenance.interim().stream().filter(one -> one.status() == 103).toList();
    }

    /** Where the time went so far. */
    public Timings timings() {
        return provenance.timings();
    }

    /** The time from the start of the request to the end of the body, or until now. */
    public Duration elapsed() {
        Duration total = provenance.timings().total();
        return total == null ? Duration.ZERO : total;
    }

    /** Bytes of the request's body that the network took on the last attempt, content coding applied, framing not counted. */
    public long bytesSent() {
        return provenance.bytesSent();
    }

    /** Bytes of the body that came so far, as they are on the wire, framing not counted. */
    public long bytesReceived() {
        return content.bytesReceived();
    }

    /** Bytes of the body that were read so far, content coding undone. */
    public long bytesDecoded() {
        return content.bytesDecoded();
    }

    /** The address it came from, the proxy's if there is one; null if it came over no network. */
    public @Nullable SocketAddress remoteAddress() {
        return provenance.remoteAddress();
    }

    /** The TLS session it came through; null if it came in the clear. */
    public @Nullable SSLSession tls() {
        return provenance.tls();
    }

    /** Whether the status is below 400. Source: aiohttp's {@code ok}. */
    public boolean ok() {
        return status() < 400;
    }

    /** Whether the status is 200 to 299. */
    public boolean isSuccess() {
        return status() >= 200 && status() < 300;
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
     * The charset that {@link #text()} reads the body in. Source: aiohttp's {@code get_encoding}.
     *
     * @throws IllegalStateException if {@code Content-Type} names none, and the body that tells was not read yet
     */
    public Charset encoding() {
        byte[] body = bytes;
        Charset named = charset();
        if (body != null) {
            return TextCoding.charset(body, charsetOf(body));
        }
        if (named == null) {
            throw new IllegalStateException(request + ": Content-Type names no charset, and the body is not read yet");
        }
        return named;
    }

    /** Names and values of this answer's {@code Set-Cookie}, as they are written; of several with one name the last. */
    public Map<String, String> cookies() {
        return SetCookies.pairs(headers().all("Set-Cookie"));
    }

    /** The links of its {@code Link} headers, in their order, resolved against {@link #url()}; what is malformed is left out. */
    public List<Link> links() {
        return Link.parse(url(), headers().all("Link"));
    }

    /** The first link of a relation, as {@code next}; null if there is none. */
    public @Nullable Link link(String rel) {
        return links().stream().filter(link -> link.isRel(rel)).findFirst().orElse(null);
    }

    /** What {@code Content-Disposition} says; null if it says nothing. */
    public @Nullable ContentDisposition contentDisposition() {
        return ContentDisposition.parse(headers().first("Content-Disposition"));
    }

    /**
     * This response, if its status is below 400.
     *
     * @throws ClientResponseException otherwise, with the first 4 KiB of the body; the response is closed
     */
    @CanIgnoreReturnValue
    public ClientResponse raiseForStatus() {
        return raiseIf(status() >= 400);
    }

    /**
     * This response, unless it is a failure.
     *
     * @throws ClientResponseException if it is, with the first 4 KiB of the body; the response is closed
     */
    @CanIgnoreReturnValue
    public ClientResponse raiseIf(boolean failure) {
        if (failure) {
            throw new ClientResponseException(this, start());
        }
        return this;
    }

    /** The start of the body, for an error: whatever can be had of it. */
    private byte[] start() {
        byte[] known = bytes;
        byte[] start = new byte[ClientResponseException.BODY_BYTES];
        if (known != null) {
            return Arrays.copyOf(known, Math.min(known.length, start.length));
        }
        int size = 0;
        try (this) {
            while (size < start.length) {
                ByteBuffer piece = content.read().await();
                if (piece == null) {
                    break;
                }
                int more = Math.min(piece.remaining(), start.length - size);
                piece.get(start, size, more);
                size += more;
            }
        } catch (ClientException e) {
            // The status is what went wrong; the body only explains it.
        }
        return Arrays.copyOf(start, size);
    }

    /**
     * The body as it comes in, to be read in whatever way is wanted. Once this was asked for, the body is its taker's: {@link #bytes()},
     * {@link #text()} and {@link #json} throw {@link IllegalStateException}, unless they have the body already.
     */
    public StreamReader content() {
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
     * The whole body as text, in its charset: that of a byte order mark, else of {@code Content-Type}, else what the session's resolver says,
     * UTF-8 by default. Malformed bytes become U+FFFD. Awaiting it throws what {@link #bytes()} throws.
     */
    public Awaitable<String, RuntimeException> text() {
        return () -> {
            String known = text;
            if (known == null) {
                byte[] body = readBytes();
                known = TextCoding.decode(body, charsetOf(body));
                text = known;
            }
            return known;
        };
    }

    /** The whole body as text in a charset, whatever its head or a byte order mark says; malformed bytes become U+FFFD. */
    public Awaitable<String, RuntimeException> text(Charset charset) {
        return () -> new String(readBytes(), charset);
    }

    /** The same as {@link #text()}, but malformed bytes are a {@link DecodeException}. */
    public Awaitable<String, RuntimeException> textStrict() {
        return () -> {
            byte[] body = readBytes();
            return TextCoding.decodeStrict(request, body, charsetOf(body));
        };
    }

    private Charset charsetOf(byte[] body) {
        Charset named = charset();
        return named == null ? request.attribute(Options.CHARSET_RESOLVER).apply(this, body) : named;
    }

    /**
     * The body as JSON, whatever its media type; null if it is empty or {@code null}. Awaiting it throws
     * {@link JsonDecodeException}, and what {@link #bytes()} throws.
     */
    public <T> Awaitable<@Nullable T, RuntimeException> json(Class<T> type) {
        return () -> type.cast(decodeJson(type));
    }

    /** The body as JSON of a type with parameters, as {@code new TypeReference<List<User>>() {}.getType()}; see {@link #json(Class)}. */
    @SuppressWarnings("unchecked")
    public <T> Awaitable<@Nullable T, RuntimeException> json(Type type) {
        return () -> (T) decodeJson(type);
    }

    /**
     * The same as {@link #json(Class)}, but awaiting it throws {@link ContentTypeException} if the media type is not
     * {@code application/json} or {@code application/*+json}. The body is read in any case: {@link #text()} has it then.
     */
    public <T> Awaitable<@Nullable T, RuntimeException> jsonStrict(Class<T> type) {
        return () -> {
            // First, as aiohttp does: the connection is of use to the next request, and the caller may look at the
            // text.
            byte[] _ = readBytes();
            String media = contentType();
            if (!media.equals("application/json") && !(media.startsWith("application/") && media.endsWith("+json"))) {
                throw new ContentTypeException(this, "JSON");
            }
            return type.cast(decodeJson(type));
        };
    }

    private @Nullable Object decodeJson(Type type) {
        return Json.decode(request, request.attribute(Options.JSON), readBytes(), type);
    }

    /**
     * The lines of the body in its charset, UTF-8 if {@code Content-Type} names none; each of at most {@link Options#MAX_BODY_SIZE} bytes. See
     * {@link StreamReader#lines(Charset, int)}.
     */
    public Iterable<String> lines() {
        Charset named = charset();
        return content()
                .lines(named == null ? StandardCharsets.UTF_8 : named, request.attribute(Options.MAX_BODY_SIZE));
    }

    /**
     * The values of a body that is a sequence of JSON texts, one on each line ({@code application/x-ndjson}), as they come in; blank lines are
     * passed over. Iterating waits in the calling task, and throws {@link JsonDecodeException} for a line that is not of the type, as
     * {@code null}, and what {@link BodyReader#read()} throws.
     */
    public <T> Iterable<T> jsonLines(Class<T> type) {
        return () -> new PullIterator<>(Json.lines(this, type));
    }

    /**
     * Saves the body to a file, whatever the status is: under a temporary name beside it, which becomes the file's when it is whole. A file
     * that is there is replaced; if it fails, it stays as it was, and nothing is left.
     *
     * <p>Gives the path. Awaiting it throws {@link java.io.UncheckedIOException} if the disk does not take it, what
     * {@link BodyReader#read()} throws, and {@link IllegalArgumentException} if the path is a directory.
     */
    public Awaitable<Path, RuntimeException> download(Path file) {
        return () -> Download.save(content(), file);
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
        byte[] read = collect(request.attribute(Options.MAX_BODY_SIZE));
        bytes = read;
        return read;
    }

    private byte[] collect(int limit) {
        long announced = contentLength().orElse(0);
        byte[] collected = new byte[(int) Math.min(announced, Math.min(limit, 1 << 20))];
        int size = 0;
        content.lowWater(Math.min(limit, COLLECTED_BYTES));
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
        return String.format(Locale.ROOT, "<%s %s>", request, (status() + " " + reason()).strip());
    }
}
