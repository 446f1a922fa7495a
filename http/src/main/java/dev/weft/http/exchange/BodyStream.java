package dev.weft.http.exchange;

import dev.weft.http.encoding.CodingException;
import dev.weft.http.encoding.Codings;
import dev.weft.http.encoding.ContentDecoder;
import dev.weft.http.encoding.DecodeLimits;
import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.DecodeException;
import dev.weft.http.message.Options;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of an {@link Exchange} for its reader, content codings undone as it reads: never more than one piece ahead. Confined to the loop. */
final class BodyStream implements BodyReader, Awaitable<@Nullable ByteBuffer, RuntimeException> {
    private final ClientRequest request;
    private final Exchange exchange;
    private final List<String> codings;
    private boolean opened;
    private @Nullable ContentDecoder decoder;
    /** What the decoder has not used up. */
    private @Nullable ByteBuffer raw;

    private @Nullable ClientException failure;
    private boolean ended;
    private long decodedBytes;
    private boolean reading;
    private boolean closed;

    BodyStream(ClientRequest request, Exchange exchange, List<String> codings) {
        this.request = request;
        this.exchange = exchange;
        this.codings = codings;
    }

    @Override
    public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
        return this;
    }

    /** The next bytes: what {@link #read} gives. */
    @Override
    public @Nullable ByteBuffer await() {
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
            if (piece == null) {
                ended = true;
            } else {
                decodedBytes += piece.remaining();
            }
            return piece;
        } catch (CodingException e) {
            exchange.distrust();
            throw failed(new DecodeException(request, "the body cannot be decoded: " + e.getMessage(), e));
        } catch (ClientException e) {
            throw failed(e);
        } finally {
            reading = false;
            if (closed) {
                free();
            }
        }
    }

    @Override
    public void lowWater(int bytes) {
        BodyReader.super.lowWater(bytes);
        exchange.lowWater(bytes);
    }

    private @Nullable ByteBuffer decoded() throws CodingException {
        if (!opened && Codings.needsLoading(codings)) {
            // It takes up to 150 ms, once; before the first byte is taken, so that nothing is lost if we are cancelled
            // here.
            Asyncio.toThread(() -> Codings.load(codings)).await();
        }
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
                decoder = Codings.decoder(codings, limits());
                if (decoder != null) {
                    exchange.decodes(this, decoder);
                }
            }
            if (decoder == null) {
                return raw;
            }
        }
    }

    private DecodeLimits limits() {
        int ratio = request.attribute(Options.MAX_DECODE_RATIO);
        return new DecodeLimits(ratio, DecodeLimits.DEFAULT.freeBytes(), DecodeLimits.DEFAULT.maxBytes());
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
    public long bytesDecoded() {
        return decodedBytes;
    }

    @Override
    public void close() {
        closed = true;
        raw = null;
        // Who is reading may be inside the decoder, and frees it then.
        if (!reading) {
            free();
        }
        exchange.release();
    }

    private void free() {
        if (decoder != null) {
            decoder.close();
        }
    }
}
