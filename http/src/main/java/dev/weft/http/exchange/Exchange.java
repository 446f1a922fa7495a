package dev.weft.http.exchange;

import dev.weft.http.connect.Connection;
import dev.weft.http.connect.Connector;
import dev.weft.http.h1.H1Connection;
import dev.weft.http.h1.ResponseListener;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Phase;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.loop.Future;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request on one connection: owns the lease of the connection, the upload, the head, the body as it comes in.
 *
 * <p>It ends once, in {@link #finish}: the body is whole, something failed, or nobody wants the rest. Then the connection is given
 * back, and whoever waits for head or body is woken. What failed on the wire is told in its place, behind the bytes that came before; what
 * was ended from here (timeout, closed session, cancelled) at once. Confined to the loop.
 */
final class Exchange implements ResponseListener {
    /** The network is read ahead of the reader up to this. */
    private static final int AHEAD_BYTES = 256 * 1024;

    /** A body nobody wants is taken from what has arrived up to this, to save the connection. */
    private static final int DRAIN_BYTES = 64 * 1024;

    private final Call call;
    private final ClientRequest request;
    private final Connector connector;
    private final Connection connection;
    private final H1Connection wire;
    private final BodyQueue queue = new BodyQueue();
    private final @Nullable ReadTimer readTimer;

    private @Nullable ResponseHead head;
    private @Nullable ClientException failure;
    private boolean finished;
    private boolean whole;
    private boolean released;
    private long received;
    /** The task that waits for head or body; there is one at most. */
    private @Nullable Future<@Nullable Void> waiter;

    Exchange(Call call, ClientRequest request, Connector connector, Connection connection) {
        this.call = call;
        this.request = request;
        this.connector = connector;
        this.connection = connection;
        this.wire = H1Connection.of(connection.channel());
        Duration read = call.limits().read();
        this.readTimer = read == null ? null : new ReadTimer(call.loop(), read, this::wantsMore, this::silent);
    }

    // ---- for the task

    /** Sends the request and waits for the head. Whatever is thrown, the connection is given back. */
    ResponseHead head() {
        try {
            if (!finished) {
                wire.send(request, this);
            }
            while (head == null && failure == null) {
                pause(Phase.FIRST_BYTE);
            }
            if (head == null && failure != null) {
                throw here(failure);
            }
        } catch (Throwable e) {
            finish(null);
            throw e;
        }
        call.at(Phase.BODY);
        ResponseHead there = head;
        if (there == null) {
            throw new AssertionError("neither head nor failure");
        }
        return there;
    }

    /** The next bytes as they came over the wire, valid until the next call; null at the end of a whole body. */
    @Nullable
    ByteBuffer next() {
        while (true) {
            ByteBuffer piece = queue.poll();
            if (piece != null) {
                if (wantsMore() && !finished && wire.resume()) {
                    onPacket();
                }
                return piece;
            }
            if (failure != null) {
                throw here(failure);
            }
            if (whole) {
                return null;
            }
            if (released) {
                throw new IllegalStateException(request + ": the response is closed");
            }
            try {
                pause(Phase.BODY);
            } catch (Throwable e) {
                // The reader was cancelled: half a body is no use to anybody.
                release();
                finish(null);
                throw e;
            }
        }
    }

    /** Nobody wants the rest. */
    void release() {
        if (released) {
            return;
        }
        released = true;
        queue.clear();
        wake();
        if (finished) {
            return;
        }
        if (received > DRAIN_BYTES || !wantsMore()) {
            finish(null);
            return;
        }
        // What has arrived is read in the poll that comes before this runs.
        connection.channel().eventLoop().execute(() -> finish(null));
    }

    boolean isReleased() {
        return released;
    }

    /** Bytes of the body that came over the wire. */
    long received() {
        return received;
    }

    /** Ends it from here, at once. */
    void fail(ClientException cause) {
        if (!finished) {
            // The bytes the reader has in hand stay valid.
            queue.drop();
            finish(cause);
        }
    }

    /** The failure with the stack of who waited for it: where it was noticed tells nobody anything. */
    private static ClientException here(ClientException cause) {
        cause.fillInStackTrace();
        return cause;
    }

    /**
     * Whether the request may be sent again after this failure: the connection was used before, so that the server may just have closed
     * it; no byte of an answer came; and the server has not seen the request, or may see it twice.
     */
    boolean mayRetry(ClientException cause) {
        return connection.isReused()
                && !call.hasFailed()
                && cause instanceof ServerDisconnectedException
                && wire.received() == 0
                && (!wire.wasWritten() || Methods.isIdempotent(request.method()));
    }

    private void pause(Phase phase) {
        call.at(phase);
        Future<@Nullable Void> wake = call.loop().createFuture();
        waiter = wake;
        try {
            wake.await();
        } finally {
            waiter = null;
        }
    }

    // ---- from the wire

    @Override
    public void onSent() {
        if (readTimer != null) {
            readTimer.start();
        }
    }

    @Override
    public void onPacket() {
        if (readTimer != null) {
            readTimer.touch();
        }
    }

    @Override
    public void onHead(ResponseHead whole) {
        head = whole;
        wake();
    }

    @Override
    public void onBody(ByteBuf piece) {
        received += piece.readableBytes();
        if (released || finished) {
            piece.release();
            if (received > DRAIN_BYTES) {
                finish(null);
            }
            return;
        }
        queue.add(piece);
        wake();
    }

    @Override
    public void onEnd() {
        whole = true;
        finish(null);
    }

    @Override
    public void onFailure(ClientException cause) {
        finish(cause);
    }

    @Override
    public boolean wantsMore() {
        return queue.cost() < AHEAD_BYTES;
    }

    private void silent(Duration silence, Duration limit) {
        fail(new ReadTimeoutException(call.request(), head == null ? Phase.FIRST_BYTE : Phase.BODY, silence, limit));
    }

    // ---- the end

    /** The one end. */
    private void finish(@Nullable ClientException cause) {
        if (finished) {
            return;
        }
        finished = true;
        failure = cause;
        if (readTimer != null) {
            readTimer.stop();
        }
        String spoiled = whole ? wire.notReusable() : "the answer is not whole";
        if (spoiled == null) {
            connector.release(connection, wire.keepAlive());
        } else {
            wire.abort();
            connector.discard(connection);
        }
        if (head != null) {
            call.end();
        }
        wake();
    }

    private void wake() {
        Future<@Nullable Void> waiting = waiter;
        if (waiting != null && !waiting.isDone()) {
            waiting.setResult(null);
        }
    }
}
