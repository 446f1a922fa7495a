package dev.weft.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.cookie.Cookie;
import dev.weft.http.message.Attributes;
import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.FormData;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.JsonCodec;
import dev.weft.http.message.Options;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A request that is being put together; cold: nothing is sent until it is awaited, and each await sends it once more.
 *
 * <p>{@link #await()} gives the response as soon as its head is there, for the caller to close. {@link #text()},
 * {@link #bytes()}, {@link #json(Class)} and {@link #read} read the body too and always release the connection.
 *
 * <p>Awaiting throws the {@link dev.weft.http.message.ClientException} that says what happened, and {@link IllegalArgumentException} for
 * headers that contradict each other, before anything is sent. Confined to the loop of its session.
 */
@CheckReturnValue
public final class RequestBuilder extends RequestSettings<RequestBuilder>
        implements Awaitable<ClientResponse, RuntimeException> {
    /** Null for one that opens a session of its own; see {@link Http}. */
    private final @Nullable ClientSession session;

    private final String method;
    private HttpUrl url;
    private final Headers.Builder headers = Headers.builder();
    private @Nullable Body body;

    @Override
    RequestBuilder self() {
        return this;
    }

    RequestBuilder(@Nullable ClientSession session, ClientRequest empty) {
        this.session = session;
        this.method = empty.method();
        this.url = empty.url();
    }

    /** What is made of a response while it is open. */
    @FunctionalInterface
    public interface ResponseFunction<T extends @Nullable Object> {
        /** Reads what it needs; the response is released afterwards. */
        T apply(ClientResponse response) throws Exception;
    }

    /**
     * Adds a header field. The fields of one name together replace the session's default of that name.
     *
     * @param value as text, by its {@code toString}
     * @throws IllegalArgumentException if name or value hold what no header may, as CR or LF
     */
    @CanIgnoreReturnValue
    public RequestBuilder header(String name, Object value) {
        headers.add(name, value.toString());
        return this;
    }

    /** Adds all these fields. */
    @CanIgnoreReturnValue
    public RequestBuilder headers(Headers more) {
        more.forEach(field -> headers.add(field.getKey(), field.getValue()));
        return this;
    }

    /** Adds names and values to the URL's query; see {@link #param}. */
    @CanIgnoreReturnValue
    public RequestBuilder params(Map<String, ? extends @Nullable Object> values) {
        values.forEach(this::param);
        return this;
    }

    /** Replaces the URL's query by this one as it is, not encoded again; nothing that no URL may hold. Null for none. */
    @CanIgnoreReturnValue
    public RequestBuilder rawQuery(@Nullable String query) {
        url = url.withQuery(query);
        return this;
    }

    /** Adds a name and a value to the URL's query, percent-encoded; nothing if the value is null. */
    @CanIgnoreReturnValue
    public RequestBuilder param(String name, @Nullable Object value) {
        if (value != null) {
            url = url.withParam(name, value.toString());
        }
        return this;
    }

    /**
     * Sends a cookie with this request, beside those of the session's jar; not to another origin that it is redirected to.
     *
     * @throws IllegalArgumentException if name or value hold what no cookie may
     */
    @CanIgnoreReturnValue
    public RequestBuilder cookie(String name, String value) {
        return attribute(Options.COOKIES, plus(attributes().get(Options.COOKIES), name, value));
    }

    /** These cookies and another one. */
    static Map<String, String> plus(Map<String, String> cookies, String name, String value) {
        String checked = Cookie.builder(name, value).shared().build().value();
        Map<String, String> all = new LinkedHashMap<>(cookies);
        all.put(name, checked);
        return Collections.unmodifiableMap(all);
    }

    /** Sends these bytes, as {@code application/octet-stream}; not copied. */
    @CanIgnoreReturnValue
    public RequestBuilder body(byte[] bytes) {
        return body(Body.of(bytes));
    }

    /** Sends this text in UTF-8, as {@code text/plain; charset=utf-8}. */
    @CanIgnoreReturnValue
    public RequestBuilder body(String text) {
        return body(Body.of(text));
    }

    /** Sends a file, with a {@code Content-Type} by its name; see {@link Body#of(Path)}. */
    @CanIgnoreReturnValue
    public RequestBuilder body(Path file) {
        return body(Body.of(file));
    }

    /** Sends what is left in a stream, once, in chunks; read off the loop and closed. See {@link Body#of(InputStream)}. */
    @CanIgnoreReturnValue
    public RequestBuilder body(InputStream in) {
        return body(Body.of(in));
    }

    /** Sends what is left in a buffer; see {@link Body#of(ByteBuffer)}. */
    @CanIgnoreReturnValue
    public RequestBuilder body(ByteBuffer bytes) {
        return body(Body.of(bytes));
    }

    /** Sends pieces as they are iterated, in chunks; see {@link Body#of(Iterable)}. */
    @CanIgnoreReturnValue
    public RequestBuilder body(Iterable<byte[]> pieces) {
        return body(Body.of(pieces));
    }

    /** Sends what a publisher gives, in chunks, asking for one piece at a time; see {@link Body#of(Flow.Publisher)}. */
    @CanIgnoreReturnValue
    public RequestBuilder body(Flow.Publisher<? extends ByteBuffer> pieces) {
        return body(Body.of(pieces));
    }

    /** Sends fields as {@code application/x-www-form-urlencoded}; see {@link Body#form(Map)}. */
    @CanIgnoreReturnValue
    public RequestBuilder form(Map<String, ? extends @Nullable Object> fields) {
        return body(Body.form(fields));
    }

    /** Sends fields and files as {@code multipart/form-data}. */
    @CanIgnoreReturnValue
    public RequestBuilder multipart(FormData form) {
        return body(form);
    }

    /** Sends this body. */
    @CanIgnoreReturnValue
    public RequestBuilder body(Body content) {
        body = content;
        return this;
    }

    /** Sends a value as {@code application/json}, written now by the session's codec. */
    @CanIgnoreReturnValue
    public RequestBuilder json(@Nullable Object value) {
        return body(Body.of(codec().encode(value), "application/json"));
    }

    /**
     * Sends the request and waits for the head of the answer.
     *
     * @return the response, which the caller closes
     * @throws dev.weft.http.message.ClientException if no answer came
     */
    @Override
    public ClientResponse await() {
        return session == null ? alone() : session.send(request(session));
    }

    private ClientResponse alone() {
        if (!OwnSession.isInTask()) {
            throw new IllegalStateException(this + ": no loop runs here to stream the answer on: use text(), bytes(),"
                    + " json(...), download(...) or read(...), or run it in a task");
        }
        ClientSession own = ClientSession.builder().forceClose(true).build();
        try {
            return OwnSession.closing(own.send(request(own)), own);
        } catch (Throwable e) {
            own.close();
            throw e;
        }
    }

    /** Sends, reads the body as text, releases; see {@link ClientResponse#text()}. */
    public Awaitable<String, RuntimeException> text() {
        return whole(() -> {
            try (ClientResponse response = await()) {
                return response.text().await();
            }
        });
    }

    /** Sends, reads the body, releases; see {@link ClientResponse#bytes()}. */
    public Awaitable<byte[], RuntimeException> bytes() {
        return whole(() -> {
            try (ClientResponse response = await()) {
                return response.bytes().await();
            }
        });
    }

    /** Sends, reads the body as JSON, releases; see {@link ClientResponse#json}. */
    public <T> Awaitable<@Nullable T, RuntimeException> json(Class<T> type) {
        return whole(() -> {
            try (ClientResponse response = await()) {
                return response.json(type).await();
            }
        });
    }

    /** Sends, writes the body to a file, under a temporary name until it is whole, releases; see {@link ClientResponse#download}. */
    public Awaitable<Path, RuntimeException> download(Path file) {
        return whole(() -> {
            try (ClientResponse response = await()) {
                return response.download(file).await();
            }
        });
    }

    /** Sends, gives the response to a function, releases. */
    public <T extends @Nullable Object> Awaitable<T, Exception> read(ResponseFunction<T> function) {
        return whole(() -> {
            try (ClientResponse response = await()) {
                return function.apply(response);
            }
        });
    }

    /** On a plain thread a request without a session runs a loop of its own. */
    private <T extends @Nullable Object, X extends Exception> Awaitable<T, X> whole(Awaitable<T, X> sending) {
        return session != null ? sending : () -> OwnSession.isInTask() ? sending.await() : Asyncio.run(sending);
    }

    private JsonCodec codec() {
        Attributes own = attributes();
        return own.has(Options.JSON)
                ? own.get(Options.JSON)
                : session == null
                        ? Options.JSON.fallback()
                        : session.attributes().get(Options.JSON);
    }

    private ClientRequest request(ClientSession from) {
        Headers merged = merge(headers.build(), from.headers());
        return new ClientRequest(method, url, merged, body, attributes().over(from.attributes()));
    }

    /** A request's headers, and the session's where it has none of that name. */
    static Headers merge(Headers own, Headers defaults) {
        if (own.size() == 0 || defaults.size() == 0) {
            return own.size() == 0 ? defaults : own;
        }
        Headers.Builder merged = Headers.builder();
        for (int i = 0; i < defaults.size(); i++) {
            if (!own.contains(defaults.name(i))) {
                merged.add(defaults, i);
            }
        }
        own.forEach(field -> merged.add(field.getKey(), field.getValue()));
        return merged.build();
    }

    @Override
    public String toString() {
        return method + " " + url;
    }
}
