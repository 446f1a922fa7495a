package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Middleware;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records what goes over the network as a HAR 1.2 file, which browsers and many tools show. In the exchange ring it sees each hop and attempt, with
 * the headers that the client adds; in the call ring the request of the program and the last answer.
 *
 * <p>An exchange is in the file when its body has been read, broke or was given up; one that failed is there with status 0 and why. Secrets are
 * {@linkplain Redaction redacted}, unless told otherwise. Confined to one loop. Source: HAR 1.2, as published by the W3C's Web Performance group.
 */
@CheckReturnValue
public final class HarRecorder implements Middleware {
    private final Redaction redaction;
    private final int maxBodySize;
    private final int maxEntries;
    private final InstantSource clock;
    private final Deque<Slot> slots = new ArrayDeque<>();

    private HarRecorder(Builder options) {
        redaction = options.redaction;
        maxBodySize = options.maxBodySize;
        maxEntries = options.maxEntries;
        clock = options.clock;
    }

    /** A recorder with the defaults. */
    public static HarRecorder create() {
        return builder().build();
    }

    /** A recorder with other settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** The settings of a {@link HarRecorder}. */
    public static final class Builder {
        private Redaction redaction = Redaction.standard();
        private int maxBodySize = 1 << 20;
        private int maxEntries = 10_000;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /** What is kept out of the file; default {@link Redaction#standard()}. */
        @CanIgnoreReturnValue
        public Builder redaction(Redaction value) {
            redaction = value;
            return this;
        }

        /**
         * The largest body, of a request or an answer, whose content is kept, in bytes; default 1 MiB. Of larger ones only the size is.
         *
         * @throws IllegalArgumentException if it is negative
         */
        @CanIgnoreReturnValue
        public Builder maxBodySize(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("maxBodySize is " + bytes + ": it must be 0 or more");
            }
            maxBodySize = bytes;
            return this;
        }

        /**
         * How many exchanges are kept; default 10000. Beyond that the oldest go.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        @CanIgnoreReturnValue
        public Builder maxEntries(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("maxEntries is " + count + ": it must be 1 or more");
            }
            maxEntries = count;
            return this;
        }

        /** The time; default the system's. */
        @CanIgnoreReturnValue
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /** The recorder. */
        public HarRecorder build() {
            return new HarRecorder(this);
        }
    }

    /** The place of an exchange among those that began before and after it; empty until it has ended. */
    private static final class Slot {
        @Nullable
        ObjectNode entry;
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        Slot slot = new Slot();
        slots.add(slot);
        if (slots.size() > maxEntries) {
            slots.removeFirst();
        }
        Observed exchange = new Observed(slot, request, clock.instant(), now());
        try {
            ClientResponse answer = next.send(request);
            exchange.answered(answer);
            return ObservedBody.observe(answer, exchange);
        } catch (Throwable e) {
            exchange.failed(e);
            throw e;
        }
    }

    private static Duration now() {
        return Asyncio.getRunningLoop().time();
    }

    /** One exchange, on its way into its slot. */
    private final class Observed implements ObservedBody.Observer {
        private final Slot slot;
        private final ClientRequest request;
        private final Instant started;
        private final Duration before;
        private final Capture body = new Capture(maxBodySize);
        private @Nullable ClientResponse answer;
        private Duration head = Duration.ZERO;

        Observed(Slot slot, ClientRequest request, Instant started, Duration before) {
            this.slot = slot;
            this.request = request;
            this.started = started;
            this.before = before;
        }

        void answered(ClientResponse given) {
            answer = given;
            head = now().minus(before);
        }

        @Override
        public void piece(ByteBuffer bytes) {
            body.add(bytes);
        }

        @Override
        public void whole() {
            end(null);
        }

        @Override
        public void cutShort(@Nullable ClientException cause) {
            end(cause == null ? "the body was not read to its end" : cause.reason());
        }

        void failed(Throwable cause) {
            head = now().minus(before);
            end(cause instanceof ClientException known ? known.reason() : cause.toString());
        }

        private void end(@Nullable String failure) {
            ClientRequest sent = answer == null ? request : answer.request();
            HarEntry entry = new HarEntry(sent, started, head, now().minus(before), answer, body, failure);
            slot.entry = entry.json(redaction, maxBodySize);
            body.drop();
        }
    }

    /** How many exchanges have ended and are kept. */
    public int size() {
        return (int) slots.stream().filter(slot -> slot.entry != null).count();
    }

    /** The HAR of what has ended so far, in UTF-8. */
    public byte[] toJson() {
        List<ObjectNode> entries = new ArrayList<>();
        for (Slot slot : slots) {
            if (slot.entry != null) {
                entries.add(slot.entry);
            }
        }
        return Json.pretty(HarEntry.log(entries));
    }

    /**
     * Writes the HAR of what has ended so far, in the place of what the file held. Awaiting it throws {@link java.io.UncheckedIOException} if
     * that cannot be.
     */
    public Awaitable<@Nullable Void, RuntimeException> write(Path file) {
        return () -> {
            WholeFile.write(file, toJson());
            return null;
        };
    }
}
