package dev.weft.http.middleware;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Middleware;
import dev.weft.loop.Asyncio;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the heads of requests and answers, how long they took, and how many bytes came, at the level DEBUG; and at WARN what took longer than
 * {@link #slowAfter}. Secrets are {@linkplain Redaction redacted}; bodies are not logged. In the exchange ring it sees each hop and attempt.
 *
 * <p>The logger is {@code dev.weft.http.wire}, unless told otherwise. Any loop.
 */
@CheckReturnValue
public final class WireLog implements Middleware {
    private static final AtomicLong COUNT = new AtomicLong();

    private Logger log = LoggerFactory.getLogger("dev.weft.http.wire");
    private Redaction redaction = Redaction.standard();
    private @Nullable Duration slow;

    private WireLog() {}

    /** A log with the defaults. */
    public static WireLog create() {
        return new WireLog();
    }

    /** The name of the logger. */
    @CanIgnoreReturnValue
    public WireLog logger(String name) {
        log = LoggerFactory.getLogger(name);
        return this;
    }

    /** What is kept out of the log; default {@link Redaction#standard()}. */
    @CanIgnoreReturnValue
    public WireLog redaction(Redaction value) {
        redaction = value;
        return this;
    }

    /**
     * Warns of requests that took at least so long, from the start to the end of the body. Default: none.
     *
     * @throws IllegalArgumentException if it is negative
     */
    @CanIgnoreReturnValue
    public WireLog slowAfter(Duration threshold) {
        if (threshold.isNegative()) {
            throw new IllegalArgumentException("slow after " + threshold + ": it must be 0 or more");
        }
        slow = threshold;
        return this;
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        if (!log.isDebugEnabled() && slow == null) {
            return next.send(request);
        }
        Exchange exchange = new Exchange(request);
        exchange.sent();
        try {
            ClientResponse answer = next.send(request);
            exchange.answered(answer);
            return ObservedBody.observe(answer, exchange);
        } catch (Throwable e) {
            exchange.failed(e);
            throw e;
        }
    }

    /** One line of a log from what may hold anything. */
    private static String shown(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.chars().forEach(c -> safe.append(Character.isISOControl(c) ? '?' : (char) c));
        return safe.toString();
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
    }

    /** One request, from its start to the end of its answer. */
    private final class Exchange implements ObservedBody.Observer {
        private final long number = COUNT.incrementAndGet();
        private final ClientRequest request;
        private final Duration start = Asyncio.getRunningLoop().time();
        private int status;
        private long bytes;

        Exchange(ClientRequest request) {
            this.request = request;
        }

        private String name() {
            return shown(request.method() + " " + redaction.url(request.url().withFragment(null)));
        }

        private Duration elapsed() {
            return Asyncio.getRunningLoop().time().minus(start);
        }

        void sent() {
            if (log.isDebugEnabled()) {
                log.debug("#{} > {}{}", number, name(), fields(request.headers()));
            }
        }

        private String fields(Headers headers) {
            StringBuilder lines = new StringBuilder();
            for (Map.Entry<String, String> field : redaction.headers(headers)) {
                lines.append("\n    ").append(field.getKey()).append(": ").append(shown(field.getValue()));
            }
            return lines.toString();
        }

        void answered(ClientResponse answer) {
            status = answer.status();
            if (log.isDebugEnabled()) {
                log.debug(
                        "#{} < {} {} after {}{}",
                        number,
                        status,
                        shown(answer.reason()),
                        seconds(elapsed()),
                        fields(answer.headers()));
            }
        }

        @Override
        public void piece(ByteBuffer piece) {
            bytes += piece.remaining();
        }

        @Override
        public void whole() {
            end("whole");
        }

        @Override
        public void cutShort(@Nullable ClientException cause) {
            end(cause == null ? "given up" : "broken: " + cause.reason());
        }

        void failed(Throwable cause) {
            end("failed: " + (cause instanceof ClientException known ? known.reason() : cause));
        }

        private void end(String how) {
            Duration elapsed = elapsed();
            String shown = shown(how);
            log.debug("#{} = {} after {}, {} bytes", number, shown, seconds(elapsed), bytes);
            if (slow != null && elapsed.compareTo(slow) >= 0) {
                log.warn(
                        "slow: {} took {}, status {}, {} bytes, {}",
                        name(),
                        seconds(elapsed),
                        status == 0 ? "none" : status,
                        bytes,
                        shown);
            }
        }
    }
}
