package dev.weft.http.exchange;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Middleware;
import java.util.List;

/** Middleware around what sends a request: the first is the outermost. Pure. */
final class Ring {
    private Ring() {}

    static ClientResponse send(List<Middleware> ring, ClientRequest request, Middleware.Next inner) {
        return ring.isEmpty() ? inner.send(request) : from(ring, 0, inner).send(request);
    }

    private static Middleware.Next from(List<Middleware> ring, int place, Middleware.Next inner) {
        if (place == ring.size()) {
            return inner;
        }
        Middleware outer = ring.get(place);
        Middleware.Next next = from(ring, place + 1, inner);
        return request -> outer.handle(request, next);
    }
}
