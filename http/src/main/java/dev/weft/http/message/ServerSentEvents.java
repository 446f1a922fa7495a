package dev.weft.http.message;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events as they come in: {@code for (ServerSentEvent event : ServerSentEvents.of(response))}, which waits in the calling
 * task. Ends when the server ends the answer.
 *
 * <p>Does not connect anew: a program that wants that waits for {@link #retry()} and asks again with {@link #lastEventId()} as
 * {@code Last-Event-ID}, unless the answer was 204. A session's total timeout ends a long stream; give such a request one of its own.
 *
 * <p>For one reader at a time, on the loop of the session. Source: WHATWG HTML section 9.2.
 */
@CheckReturnValue
public final class ServerSentEvents implements Iterable<ServerSentEvent> {
    private final StreamReader body;
    private final int limit;
    private final EventStreamParser parser;
    private String lastEventId = "";

    private ServerSentEvents(StreamReader body, int limitBytes) {
        this.body = body;
        this.limit = limitBytes;
        this.parser = new EventStreamParser(limitBytes);
    }

    /**
     * Reads the body of a response. An event has at most {@link Options#MAX_BODY_SIZE} bytes.
     *
     * @throws ContentTypeException if it is not {@code text/event-stream}
     */
    public static ServerSentEvents of(ClientResponse response) {
        if (!response.contentType().equals("text/event-stream")) {
            throw new ContentTypeException(response, "text/event-stream");
        }
        return new ServerSentEvents(response.content(), response.request().attribute(Options.MAX_BODY_SIZE));
    }

    /** Reads a body, whatever its type. */
    public static ServerSentEvents of(BodyReader body) {
        return new ServerSentEvents(StreamReader.of(body), Options.MAX_BODY_SIZE.fallback());
    }

    /**
     * The next event; null when the body has ended, of which an event that is not whole is dropped. Awaiting it throws
     * {@link BodyTooLargeException} for an event that is too large, and what {@link BodyReader#read} throws.
     */
    public Awaitable<@Nullable ServerSentEvent, RuntimeException> next() {
        return this::nextEvent;
    }

    private @Nullable ServerSentEvent nextEvent() {
        ServerSentEvent event = parser.poll();
        while (event == null) {
            // Not before all that came with it was given: a program that ends here goes on behind what it has seen.
            lastEventId = parser.lastEventId();
            if (parser.isOverLimit()) {
                body.close();
                throw new BodyTooLargeException(body.request(), limit);
            }
            ByteBuffer more = body.read().await();
            if (more == null) {
                return null;
            }
            parser.feed(more);
            event = parser.poll();
        }
        lastEventId = event.lastEventId();
        return event;
    }

    /** The events that follow; iterating throws what {@link #next} throws. */
    @Override
    public Iterator<ServerSentEvent> iterator() {
        return new PullIterator<>(this::nextEvent);
    }

    /** The last {@code id} that the server sent, up to the event given last; empty if it sent none. */
    public String lastEventId() {
        return lastEventId;
    }

    /** How long the server wants one to wait before connecting anew; null if it did not say. */
    public @Nullable Duration retry() {
        return parser.retry();
    }
}
