package dev.weft.http.middleware;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Middleware.Next;
import dev.weft.http.message.Provenance;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.middleware.Cache.Status;
import dev.weft.http.middleware.Shelf.Ticket;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request's way past a {@link Cache}: RFC 9111 section 4. The decisions are those of {@link Storing} and {@link Freshness}.
 *
 * <p>Runs in the task of the request, and once more in the background where it revalidates there. Invariant: an answer it does not hand on is
 * closed.
 */
final class CachedCall {
    /** Answers that {@code stale-if-error} covers: RFC 5861 section 4. */
    private static final Set<Integer> ERRORS = Set.of(500, 502, 503, 504);

    private final Cache cache;
    private final Shelf shelf;
    private final ClientRequest request;
    private final Next next;
    private final Directives asked;

    CachedCall(Cache cache, ClientRequest request, Next next) {
        this.cache = cache;
        this.shelf = cache.shelf;
        this.request = request;
        this.next = next;
        this.asked = Directives.ofRequest(request.headers());
    }

    /**
     * An answer, and how it came about.
     *
     * @param network the answer it is made of; null if it came from the store
     */
    record Found(
            Status status,
            ClientResponse response,
            @Nullable ClientResponse network) {}

    Found run() {
        if (!Storing.isSafe(request.method())) {
            return change();
        }
        boolean onlyStored = asked.has("only-if-cached");
        if (!Storing.isForCache(request, asked)) {
            return onlyStored ? nothingStored() : bypass();
        }
        CacheEntry entry = shelf.find(request);
        if (entry == null) {
            return onlyStored ? nothingStored() : fetch();
        }
        return switch (Freshness.of(entry, now()).use(asked)) {
            case FRESH -> stored(entry, Status.HIT);
            case STALE -> stored(entry, Status.STALE);
            case STALE_WHILE_REVALIDATE -> {
                if (!onlyStored) {
                    cache.background.start(request, entry, () -> validate(entry).response());
                }
                yield stored(entry, Status.STALE);
            }
            case VALIDATE -> onlyStored ? nothingStored() : validate(entry);
        };
    }

    private Instant now() {
        return cache.clock.instant();
    }

    private ClientResponse send(ClientRequest changed, Status status) {
        return next.send(changed.with(Cache.STATUS, status));
    }

    private Found bypass() {
        ClientResponse answer = send(request, Status.BYPASS);
        return new Found(Status.BYPASS, answer, answer);
    }

    /** RFC 9111 section 5.2.1.7. */
    private Found nothingStored() {
        return local(new ResponseHead(504, "Gateway Timeout", "HTTP/1.1", Headers.empty()), new byte[0], Status.MISS);
    }

    private Found stored(CacheEntry entry, Status status) {
        ResponseHead head = entry.head();
        long age = Freshness.of(entry, now()).age().toSeconds();
        Headers aged = head.headers().toBuilder().set("Age", Long.toString(age)).build();
        byte[] body = request.method().equals("HEAD") ? new byte[0] : entry.body();
        return local(new ResponseHead(head.status(), head.reason(), head.version(), aged), body, status);
    }

    private Found local(ResponseHead head, byte[] body, Status status) {
        ClientRequest answered = request.with(Cache.STATUS, status);
        return new Found(status, new ClientResponse(answered, head, BodyReader.of(body), Provenance.NONE), null);
    }

    private Found fetch() {
        Ticket ticket = shelf.ticket(request);
        Instant sent = now();
        ClientResponse answer = send(request, Status.MISS);
        return closingUnlessGiven(answer, () -> keep(answer, sent, ticket, false));
    }

    /** The answer, which is stored as it is read if it may be. */
    private Found keep(ClientResponse answer, Instant sent, Ticket ticket, boolean replaces) {
        CacheEntry entry = Storing.entry(request, answer, sent, now(), cache.staleIfError);
        if (entry != null) {
            return new Found(Status.MISS, shelf.keep(answer, entry, ticket), answer);
        }
        if (replaces && answer.status() < 500) {
            // What was stored before does not hold any more; a server that fails says nothing about it.
            shelf.drop(Variants.key(request.url()));
        }
        return new Found(Status.MISS, answer, answer);
    }

    /** Asks the server whether an entry still holds: RFC 9111 section 4.3. */
    private Found validate(CacheEntry entry) {
        if (request.method().equals("HEAD")) {
            return validateByHead(entry);
        }
        boolean mayBeStale = Freshness.of(entry, now()).mayReplaceFailure(asked, cache.staleIfError);
        Ticket ticket = shelf.ticket(request);
        Instant sent = now();
        ClientResponse answer;
        try {
            answer = send(Storing.conditional(request, entry), Status.MISS);
        } catch (ClientException e) {
            if (mayBeStale && !(e instanceof SessionClosedException)) {
                return stored(entry, Status.STALE);
            }
            throw e;
        }
        return closingUnlessGiven(answer, () -> {
            if (mayBeStale && ERRORS.contains(answer.status())) {
                return stored(entry, Status.STALE);
            }
            if (answer.status() == 304 && Storing.hasValidator(entry.head().headers())) {
                // Before another request is sent: it may need the connection.
                answer.close();
                return stillHolds(entry, answer.headers(), sent, ticket);
            }
            return keep(answer, sent, ticket, true);
        });
    }

    private Found stillHolds(CacheEntry entry, Headers newer, Instant sent, Ticket ticket) {
        if (!Storing.isAbout(entry, newer)) {
            shelf.drop(entry.key());
            return fetch();
        }
        CacheEntry refreshed = Storing.refreshed(entry, request, newer, sent, now());
        shelf.put(refreshed, ticket);
        return stored(refreshed, Status.REVALIDATED);
    }

    /** A HEAD goes out as it is; its answer tells whether what is stored for GET still holds: section 4.3.5. */
    private Found validateByHead(CacheEntry entry) {
        Ticket ticket = shelf.ticket(request);
        Instant sent = now();
        ClientResponse answer = send(request, Status.MISS);
        return closingUnlessGiven(answer, () -> {
            if (answer.status() == entry.head().status() && Storing.isSameAsByHead(entry, answer.headers())) {
                shelf.put(Storing.refreshed(entry, request, answer.headers(), sent, now()), ticket);
            } else if (answer.status() < 500) {
                shelf.drop(entry.key());
            }
            return new Found(Status.MISS, answer, answer);
        });
    }

    /** A method that may change what is stored, and then does not leave it there: section 4.4. */
    private Found change() {
        ClientResponse answer = send(request, Status.BYPASS);
        return closingUnlessGiven(answer, () -> {
            if (answer.ok()) {
                Storing.changed(request, answer).forEach(shelf::invalidate);
            }
            return new Found(Status.BYPASS, answer, answer);
        });
    }

    private interface Decision {
        Found make();
    }

    /** What a decision gives. The answer is closed if it is not part of that. */
    @SuppressWarnings("ReferenceEquality") // this very answer
    private static Found closingUnlessGiven(ClientResponse answer, Decision decision) {
        Found found = null;
        try {
            found = decision.make();
            return found;
        } finally {
            if (found == null || found.network() != answer) {
                answer.close();
            }
        }
    }
}
