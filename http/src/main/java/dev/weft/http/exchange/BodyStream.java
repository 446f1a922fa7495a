package dev.weft.http.exchange;

import dev.weft.http.encoding.CodingException;
import dev.weft.http.encoding.Codings;
import dev.weft.http.encoding.ContentDecoder;
import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.DecodeException;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of an {@link Exchange} for its reader, content codings undone as it reads: never more than one piece ahead. Confined to the loop. */
final class BodyStream implements BodyReader {
    private final ClientRequest request;
    private final Exchange exchange;
    private final List<String> codings;
    private final Awaitable<@Nullable ByteBuffer, RuntimeException> read = this::next;
    private boolean opened;
    private @Nullable ContentDecoder decoder;
    /** What the decoder has not used up. */
    private @Nullable ByteBuffer raw;

    private @Nullable ClientException failure;
    private boolean ended;
    private boolean reading;

    BodyStream(ClientRequest request, Exchange exchange, List<String> codings) {
        this.request = request;
        this.exchange = exchange;
        this.codings = codings;
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return read;
    }

    private @Nullable ByteBuffer next() {
        if (reading) {
            throw new IllegalStateException(request + ": another task is reading the body");
        }
        if (failure != null) {
            throw failure;
        }
        if (ended) {
            return null;
        }
        if (exchange.isReleased()) {
            throw new IllegalStateException(request + ": the response is closed");
        }
        reading = true;
        try {
            ByteBuffer piece = codings.isEmpty() ? exchange.next() : decoded();
            ended = piece == null;
            return piece;
        } catch (CodingException e) {
            throw failed(new DecodeException(request, "the body cannot be decoded: " + e.getMessage(), e));
        } catch (ClientException e) {
            throw failed(e);
        } finally {
            reading = false;
        }
    }

    private @Nullable ByteBuffer decoded() throws CodingException {
        while (true) {
            ContentDecoder running = decoder;
            if (running != null && raw != null) {
                ByteBuffer piece = running.decode(raw);
                if (piece != null) {
                    return piece;
                }
            }
            raw = exchange.next();
            if (raw == null) {
                if (running != null) {
                    running.finish();
                    running.close();
                }
                return null;
            }
            if (!opened) {
                // Not before there is a byte: what is empty needs no decoder, whatever its header says.
                opened = true;
                decoder = Codings.decoder(codings);
            }
            if (decoder == null) {
                return raw;
            }
        }
    }

    private ClientException failed(ClientException cause) {
        failure = cause;
        close();
        return cause;
    }

    @Override
    public long bytesReceived() {
        return exchange.received();
    }

    @Override
    public void close() {
        raw = null;
        if (decoder != null && !reading) {
            decoder.close();
        }
        exchange.release();
    }
}
