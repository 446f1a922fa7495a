package dev.weft.http.exchange;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Asyncio;
import dev.weft.loop.TimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The body of an answer that nobody wants but whose connection the next request will: read if it is small and comes soon. Closing alone
 * would keep the connection or not, as the network happened to cut head from body.
 */
final class Rest {
    private static final int MOST_BYTES = 64 * 1024;
    /** A new connection is made in less. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private Rest() {}

    /** Waits for the end of the body, for a moment at most, and closes the answer. */
    static void discard(ClientResponse response) {
        try (response) {
            if (response.contentLength().orElse(0) <= MOST_BYTES) {
                Asyncio.timeout(PATIENCE, () -> read(response.content()));
            }
        } catch (ClientException | TimeoutException e) {
            // It is closed, and its connection with it: nobody wanted it.
        }
    }

    private static void read(BodyReader body) {
        int size = 0;
        ByteBuffer piece = body.read().await();
        while (piece != null && size <= MOST_BYTES) {
            size += piece.remaining();
            piece = body.read().await();
        }
    }
}
