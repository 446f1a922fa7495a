package dev.weft.http.exchange;

import dev.weft.http.message.Middleware;
import java.util.List;

/** Middleware around what sends a request: the first is the outermost. Pure. */
final class Ring {
    private Ring() {}

    /** What sends a request through all of it. */
    static Middleware.Next around(Middleware.Next inner, List<Middleware> ring) {
        return from(ring, 0, inner);
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
