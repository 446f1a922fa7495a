package dev.weft.http;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.function.UnaryOperator;

/**
 * How {@link ClientSession#fetchAll} goes about it, and what it makes of each answer. Immutable.
 *
 * @param <T> what is made of an answer
 */
@CheckReturnValue
public final class FetchOptions<T> {
    private final RequestBuilder.ResponseFunction<? extends T> reader;
    private final int concurrency;
    private final int perHost;
    private final int lookAhead;
    private final boolean inOrder;
    private final UnaryOperator<RequestBuilder> request;

    private FetchOptions(
            RequestBuilder.ResponseFunction<? extends T> reader,
            int concurrency,
            int perHost,
            int lookAhead,
            boolean inOrder,
            UnaryOperator<RequestBuilder> request) {
        this.reader = reader;
        this.concurrency = RequestSettings.positive("concurrency", concurrency);
        this.perHost = RequestSettings.positive("perHost", perHost);
        this.lookAhead = RequestSettings.positive("lookAhead", lookAhead);
        this.inOrder = inOrder;
        this.request = request;
    }

    /** Makes of each answer what a function says; it is called while the response is open, in a task of its own. */
    public static <T> FetchOptions<T> reading(RequestBuilder.ResponseFunction<? extends T> reader) {
        return new FetchOptions<>(reader, 64, 8, 1000, false, one -> one);
    }

    /** Takes the text of each answer, whatever its status. */
    public static FetchOptions<String> text() {
        return reading(response -> response.text().await());
    }

    /** Takes the bytes of each answer, whatever its status. */
    public static FetchOptions<byte[]> bytes() {
        return reading(response -> response.bytes().await());
    }

    /**
     * How many are fetched at a time, and how many results may wait to be taken; default 64. The limits of the session hold besides.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public FetchOptions<T> concurrency(int most) {
        return new FetchOptions<>(reader, most, perHost, lookAhead, inOrder, request);
    }

    /**
     * How many are fetched from one scheme, host and port at a time; default 8. URLs of a host whose turn it is not do not hold up others.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public FetchOptions<T> perHost(int most) {
        return new FetchOptions<>(reader, concurrency, most, lookAhead, inOrder, request);
    }

    /**
     * How many URLs are taken from the input, at most, to find one whose host has its turn; default 1000.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public FetchOptions<T> lookAhead(int most) {
        return new FetchOptions<>(reader, concurrency, perHost, most, inOrder, request);
    }

    /** Gives the results in the order of the URLs instead of as they complete; hosts do not overtake each other then. */
    public FetchOptions<T> inOrder() {
        return new FetchOptions<>(reader, concurrency, perHost, lookAhead, true, request);
    }

    /** What is done to each request before it is sent, headers and timeouts for example. */
    public FetchOptions<T> request(UnaryOperator<RequestBuilder> change) {
        return new FetchOptions<>(reader, concurrency, perHost, lookAhead, inOrder, change);
    }

    RequestBuilder.ResponseFunction<? extends T> reader() {
        return reader;
    }

    int concurrency() {
        return concurrency;
    }

    int perHost() {
        return inOrder ? Integer.MAX_VALUE : perHost;
    }

    int lookAhead() {
        return inOrder ? 1 : lookAhead;
    }

    boolean isInOrder() {
        return inOrder;
    }

    UnaryOperator<RequestBuilder> request() {
        return request;
    }
}
