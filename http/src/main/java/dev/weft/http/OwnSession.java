package dev.weft.http;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The body of an answer that closes the session which was opened for it alone. Confined to its loop. */
record OwnSession(BodyReader body, ClientSession session) implements BodyReader {
    /** The answer, which closes the session when it is closed. */
    static ClientResponse closing(ClientResponse response, ClientSession session) {
        return response.withContent(new OwnSession(response.content(), session));
    }

    /** Whether a loop runs here. */
    static boolean isInTask() {
        try {
            return Asyncio.currentTask() != null;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return body.read();
    }

    @Override
    public void lowWater(int bytes) {
        body.lowWater(bytes);
    }

    @Override
    public long bytesReceived() {
        return body.bytesReceived();
    }

    @Override
    public void close() {
        body.close();
        session.close();
    }
}
