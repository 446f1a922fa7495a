package dev.weft.http.message;

/**
 * What stands around a request: it may change it, answer it itself, send it more than once, look at the answer. There are two rings of
 * them. The <em>call</em> ring runs once for each request of the program: redirects are followed, and a dead connection is replaced,
 * inside. The <em>exchange</em> ring runs for each request that goes over a connection: each hop, each attempt.
 *
 * <p>Runs in the task that sends the request; may await. Whatever it throws reaches the caller as it is. A response that it does not hand
 * on it closes. The first of a list is the outermost. Source: aiohttp's client middlewares.
 */
@FunctionalInterface
public interface Middleware {
    /** Answers the request, mostly with what {@code next} gives. */
    ClientResponse handle(ClientRequest request, Next next);

    /** What is inside a middleware: the next one, in the end the client itself. */
    @FunctionalInterface
    interface Next {
        /**
         * Sends the request and waits for the head of the answer. May be called any number of times, by the task that called the middleware or
         * by others of the same loop.
         *
         * @throws ClientException if no answer came
         */
        ClientResponse send(ClientRequest request);
    }
}
