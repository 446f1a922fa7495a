package dev.weft.http.exchange;

import dev.weft.http.message.Body;
import dev.weft.http.message.BodySource;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Phase;
import dev.weft.http.message.UploadException;
import dev.weft.http.message.WriteTimeoutException;
import dev.weft.http.wire.Framing;
import dev.weft.http.wire.Wire;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Task;
import dev.weft.loop.TimerHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends a body behind its head, in a task of its own, so that the answer can come meanwhile: one piece at a time, the next when the network
 * has taken the last. Owned by an {@link Exchange}, which stops it. Confined to the loop.
 */
final class Upload {
    /** A large body in memory goes out in pieces of this, so that progress shows. */
    private static final int PIECE_BYTES = 128 * 1024;

    private final Loop loop;
    private final ClientRequest request;
    private final Body body;
    private final Wire wire;
    private final @Nullable SilenceTimer writeTimer;
    private final Owner owner;
    /** Done when the server asked for the body, or the time to wait for that is over; null if it was not asked to. */
    private @Nullable Future<@Nullable Void> wanted;

    private @Nullable TimerHandle patience;
    private @Nullable Task<@Nullable Void> task;
    private boolean writing;
    private boolean stopped;
    private long sent;

    /** What it is a part of. */
    interface Owner {
        /** The network has taken so many bytes more. */
        void onUploaded(int bytes);

        /** The body, or the network, does not go on. */
        void fail(ClientException cause);
    }

    Upload(Loop loop, ClientRequest request, Body body, Wire wire, @Nullable Duration writeLimit, Owner owner) {
        this.loop = loop;
        this.request = request;
        this.body = body;
        this.wire = wire;
        this.owner = owner;
        this.writeTimer = SilenceTimer.of(
                loop,
                writeLimit,
                () -> writing,
                (silence, limit) -> owner.fail(new WriteTimeoutException(request, Phase.WRITE, silence, limit)));
    }

    /** Begins; at once, or when the server asks for it, at the latest after {@code expectContinue}. */
    void start(@Nullable Duration expectContinue) {
        if (expectContinue != null) {
            Future<@Nullable Void> signal = loop.createFuture();
            wanted = signal;
            patience = loop.callLater(expectContinue, this::proceed);
        }
        Task<@Nullable Void> running = loop.createTask(this::run, "upload " + request);
        running.addDoneCallback(done -> {
            // By whoever cancels all tasks there are: the server waits for the rest of the body, nobody else would end
            // it.
            if (done.isCancelled() && !stopped) {
                owner.fail(new UploadException(request, "the task that sends its body was cancelled", null));
            }
        });
        task = running;
    }

    /** The server wants the body. */
    void proceed() {
        Future<@Nullable Void> signal = wanted;
        if (signal != null && !signal.isDone()) {
            signal.setResult(null);
        }
    }

    /** Ends it, wherever it is. */
    void stop() {
        stopped = true;
        if (patience != null) {
            patience.cancel();
        }
        if (writeTimer != null) {
            writeTimer.stop();
        }
        if (task != null && !task.isDone()) {
            task.cancel("the request has ended");
        }
    }

    /** Bytes of the body that the network has taken. */
    long sent() {
        return sent;
    }

    private @Nullable Void run() {
        try {
            if (wanted != null) {
                wanted.await();
            }
            if (writeTimer != null) {
                writeTimer.start();
            }
            try (BodySource source = body.open()) {
                send(source);
            }
        } catch (ClientException e) {
            owner.fail(e);
        } catch (Exception e) {
            owner.fail(new UploadException(request, "its body cannot be read: " + e.getMessage(), e));
        } finally {
            if (writeTimer != null) {
                writeTimer.stop();
            }
        }
        return null;
    }

    private void send(BodySource source) throws Exception {
        boolean inChunks = Framing.isChunked(request);
        long length = body.length().orElse(Long.MAX_VALUE);
        for (ByteBuffer piece = source.read(); piece != null; piece = source.read()) {
            if (piece.remaining() > length - sent) {
                throw mismatch("more");
            }
            while (piece.hasRemaining()) {
                int size = Math.min(piece.remaining(), PIECE_BYTES);
                boolean last = !inChunks && sent + size == length;
                if (!write(wire.write(loop, piece.slice(piece.position(), size), last))) {
                    return;
                }
                piece.position(piece.position() + size);
                sent += size;
                owner.onUploaded(size);
            }
        }
        if (body.length().isPresent() && sent < length) {
            throw mismatch(sent + " bytes");
        }
        if (inChunks) {
            write(wire.endUpload(loop));
        }
    }

    private UploadException mismatch(String what) {
        return new UploadException(
                request, "its body was to have " + body.length().orElse(0) + " bytes and has " + what, null);
    }

    /** After a failed write the answer that explains it may still be there to read: it is the wire's to tell. */
    private boolean write(Future<Boolean> taken) {
        writing = true;
        if (writeTimer != null) {
            writeTimer.touch();
        }
        try {
            return taken.await();
        } finally {
            writing = false;
        }
    }
}
