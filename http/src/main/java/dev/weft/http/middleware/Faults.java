package dev.weft.http.middleware;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Middleware;
import dev.weft.loop.Asyncio;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes requests go wrong, for tests: {@code Faults.cutBody(100).first(2)}. Each middleware has one fault, what it does not concern passes it by;
 * several stand one behind the other. Deterministic: what is random comes from a seed. Confined to one loop.
 */
@CheckReturnValue
public final class Faults implements Middleware {
    private final Fault fault;
    private final Predicate<ClientRequest> concerned;

    private Faults(Fault fault, Predicate<ClientRequest> concerned) {
        this.fault = fault;
        this.concerned = concerned;
    }

    /** What goes wrong. */
    private interface Fault {
        ClientResponse happen(ClientRequest request, Next next);
    }

    private static Faults always(Fault fault) {
        return new Faults(fault, request -> true);
    }

    /** Waits before the request is sent. */
    public static Faults delay(Duration duration) {
        return always((request, next) -> {
            Asyncio.sleep(duration).await();
            return next.send(request);
        });
    }

    /** Fails instead of sending. */
    public static Faults fail(Function<ClientRequest, ? extends RuntimeException> failure) {
        return always((request, next) -> {
            throw failure.apply(request);
        });
    }

    /** Fails after the server has answered, as if the answer were lost on its way; the answer is closed. */
    public static Faults loseAnswer(Function<ClientRequest, ? extends RuntimeException> failure) {
        return always((request, next) -> {
            try (ClientResponse lost = next.send(request)) {
                throw failure.apply(lost.request());
            }
        });
    }

    /**
     * Ends the body after so many bytes with {@link dev.weft.http.message.PayloadException}; one that is not longer stays whole.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static Faults cutBody(long afterBytes) {
        return body(afterBytes, Integer.MAX_VALUE);
    }

    /**
     * Hands the body on in pieces of no more than so many bytes.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public static Faults chopBody(int pieceBytes) {
        return body(Long.MAX_VALUE, pieceBytes);
    }

    private static Faults body(long limitBytes, int pieceBytes) {
        if (limitBytes < 0 || pieceBytes < 1) {
            throw new IllegalArgumentException(
                    "a body cut after " + limitBytes + " bytes in pieces of " + pieceBytes + ": at least 0 and 1");
        }
        return always((request, next) -> {
            ClientResponse answer = next.send(request);
            BodyReader faulty = new FaultyBody(answer, limitBytes, pieceBytes);
            return answer.withContent(faulty);
        });
    }

    /** The same, only for requests of which a predicate says so. */
    public Faults on(Predicate<ClientRequest> which) {
        return new Faults(fault, concerned.and(which));
    }

    /** The same, only for the first so many requests that it concerns. */
    public Faults first(int count) {
        int[] left = {count};
        return new Faults(fault, concerned.and(request -> left[0]-- > 0));
    }

    /**
     * The same, only for a share of the requests that it concerns, chosen by chance; the same ones for the same seed.
     *
     * @throws IllegalArgumentException if the share is not from 0 to 1
     */
    public Faults sometimes(double share, long seed) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share + ": it must be from 0 to 1");
        }
        Random random = new Random(seed);
        return new Faults(fault, concerned.and(request -> random.nextDouble() < share));
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        return concerned.test(request) ? fault.happen(request, next) : next.send(request);
    }
}
