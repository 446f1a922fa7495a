package dev.weft.http.exchange;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Phase;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request over all its hops and attempts, to the end of the body of its answer: what the total timeout and the end of the session can
 * fail, wherever it is. It has ended when its sender is done with it and none of its exchanges is under way. Confined to the loop.
 */
final class Call {
    private final Loop loop;
    private final ClientRequest request;
    private final Deadline deadline;
    /** The calls of the session that are under way; this one is among them until it ends. */
    private final OpenCalls open;

    private final @Nullable TimerHandle timer;
    /** Null where nobody listens. */
    private final @Nullable Signals signals;
    /** Where it was made; null unless the session keeps that. */
    private final @Nullable Throwable origin;
    /** Mostly one; middleware may send several at a time. */
    private final List<Exchange> exchanges = new ArrayList<>(1);

    /** Its neighbours in {@link OpenCalls}. */
    @Nullable
    Call before;

    @Nullable
    Call after;

    private int hop;
    private int attempt;
    private boolean senderDone;
    private @Nullable ClientException failure;
    private boolean ended;
    /** How long it took, once it has ended. */
    private long totalNanos;

    /** Begins now. */
    Call(Loop loop, ClientRequest request, Deadline deadline, OpenCalls open, @Nullable Signals signals) {
        this.loop = loop;
        this.request = request;
        this.deadline = deadline;
        this.open = open;
        this.signals = signals;
        this.origin = open.isTraced() ? new Throwable("the request was made here") : null;
        Duration when = deadline.at();
        this.timer = when == null ? null : loop.callAt(when, this::expire);
        open.add(this);
    }

    private void expire() {
        Phase phase = phase();
        Duration limit = deadline.limit();
        if (limit != null) {
            String holders = phase == Phase.POOL ? open.holders() : "";
            fail(new TotalTimeoutException(request, phase, deadline.elapsed(loop), limit, holders));
        }
    }

    Loop loop() {
        return loop;
    }

    ClientRequest request() {
        return request;
    }

    /** How far it is. */
    Phase phase() {
        return exchanges.isEmpty() ? Phase.MIDDLEWARE : exchanges.getLast().phase();
    }

    OpenCalls open() {
        return open;
    }

    @Nullable
    Throwable origin() {
        return origin;
    }

    /** Its exchanges that are under way. */
    List<Exchange> exchanges() {
        return exchanges;
    }

    /** A hop begins: 1 is the request itself. */
    void hop(int number) {
        hop = number;
        attempt = 0;
    }

    /** Who is told of an attempt that begins now; null if nobody listens. */
    @Nullable
    Signals sending(ClientRequest sent) {
        return signals == null ? null : signals.sending(sent, hop, ++attempt);
    }

    /** A redirect of this hop is followed. */
    void redirected(ClientResponse response, ClientRequest next) {
        if (signals != null) {
            signals.sent(response.request(), hop, attempt)
                    .tell("redirect", (to, info) -> to.redirect(info, response, next));
        }
    }

    /** The time since it began, or that it took. */
    Duration elapsed() {
        return ended ? Duration.ofNanos(totalNanos) : deadline.elapsed(loop);
    }

    /** An exchange of this call is under way from now on; fails it if the call has failed already. */
    void begins(Exchange exchange) {
        exchanges.add(exchange);
        ClientException early = failure;
        if (early != null) {
            exchange.fail(early);
        }
    }

    /** An exchange has ended. */
    void ended(Exchange exchange) {
        exchanges.remove(exchange);
        endIfDone();
    }

    /** The total timeout does not hold for it any more. */
    void outliveTotal() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** The sender has its answer, or its failure. */
    void senderDone() {
        senderDone = true;
        endIfDone();
    }

    private void endIfDone() {
        if (senderDone && exchanges.isEmpty() && !ended) {
            ended = true;
            totalNanos = deadline.elapsedNanos(loop);
            if (timer != null) {
                timer.cancel();
            }
            open.remove(this);
        }
    }

    /** Fails it, wherever it is, unless it has ended. */
    void fail(ClientException cause) {
        if (failure == null && !ended) {
            failure = cause;
            List.copyOf(exchanges).forEach(exchange -> exchange.fail(cause));
        }
    }

    /** Throws what has failed it, if anything has. */
    void check() {
        if (failure != null) {
            throw failure;
        }
    }

    boolean hasFailed() {
        return failure != null;
    }
}
