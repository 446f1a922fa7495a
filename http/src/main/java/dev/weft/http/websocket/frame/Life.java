package dev.weft.http.websocket.frame;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.websocket.WebSocketClosedException;
import dev.weft.http.websocket.WebSocketException;
import dev.weft.http.websocket.WsMessage;
import dev.weft.http.websocket.frame.Incoming.Piece;
import dev.weft.http.websocket.frame.Incoming.Whole;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import dev.weft.loop.sync.Event;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket from the 101 to the end of its connection: what came and was not received yet, what may still be sent, and how it closes.
 * Knows of frames and of a channel, not of how the channel carries them. Confined to the loop: its tasks and its own thread.
 *
 * <p>Invariant: {@link #finish} is the one end, and gives the connection up once. Close is the last frame that is sent. What came before
 * {@link #end} was set is received before it is thrown.
 *
 * <p>The file is long because Close, from either side, a broken rule, silence and a lost connection may meet in any order: what each does
 * depends on all that came before.
 */
final class Life {
    /** Pings beyond these, while their pongs wait for the network, are answered by a pong to the last: RFC 6455 section 5.5.3. */
    private static final int MOST_PONGS = 64;

    private final Loop loop;
    private final ClientRequest request;
    private final Settings settings;
    private final Link link;
    private final Channel channel;
    private final Runnable onGone;
    private final @Nullable Heartbeat heartbeat;
    private final Event gone = new Event();
    private boolean finished;

    private final ArrayDeque<Incoming> inbox = new ArrayDeque<>();
    private int cost;
    private boolean paused;
    /** The task that waits for something to come; one at most. */
    private @Nullable Future<@Nullable Void> waiter;

    private int pongs;
    private byte @Nullable [] pongDue;

    private boolean closeSent;
    private int codeSent;
    private boolean closeFlushed;
    private WsMessage.@Nullable Close closeReceived;
    private boolean failed;
    private @Nullable TimerHandle closeTimer;
    /** What is thrown behind all that came; null while there is none. */
    private @Nullable ClientException end;

    private OptionalInt code = OptionalInt.empty();
    private @Nullable Throwable writeFailure;

    /**
     * One that has not begun.
     *
     * @param onGone is told when nothing is sent or comes any more
     */
    Life(Loop loop, ClientRequest request, Settings settings, Link link, Runnable onGone) {
        this.loop = loop;
        this.request = request;
        this.settings = settings;
        this.link = link;
        this.channel = link.channel();
        this.onGone = onGone;
        Duration interval = settings.heartbeat();
        this.heartbeat = interval == null
                ? null
                : new Heartbeat(loop, interval, () -> !paused, this::ask, () -> silent(interval));
    }

    /** Begins: its handlers are in the channel, or on their way there. */
    void begin() {
        if (heartbeat != null && !finished) {
            heartbeat.start();
        }
    }

    // ---- for the task that receives

    /** What came next; null if nothing is there. */
    @Nullable
    Incoming poll() {
        Incoming item = inbox.poll();
        if (item != null) {
            cost -= item.cost();
            readOn();
        }
        return item;
    }

    /** What ended it; null while something may still come. */
    @Nullable
    ClientException end() {
        return end;
    }

    /** What ended it; the connection was lost where nobody has said more yet. */
    ClientException whyEnded() {
        ClientException known = end;
        return known == null ? lost(writeFailure) : known;
    }

    /** Waits until something comes or ends. */
    void pause() {
        Future<@Nullable Void> wake = loop.createFuture();
        waiter = wake;
        try {
            wake.await();
        } finally {
            waiter = null;
        }
    }

    private void wake() {
        Future<@Nullable Void> waiting = waiter;
        if (waiting != null && !waiting.isDone()) {
            waiting.setResult(null);
        }
    }

    /** Drops what was not received. */
    void dropAll() {
        inbox.clear();
        cost = 0;
        readOn();
    }

    private void readOn() {
        if (paused && wantsMore()) {
            paused = false;
            heard();
            channel.eventLoop().execute(channel::read);
        }
    }

    // ---- for tasks that send

    /** Throws why nothing can be sent, if so. */
    void checkSendable() {
        if (isClosed()) {
            throw whyClosed();
        }
    }

    private ClientException whyClosed() {
        ClientException known = end;
        return known == null ? closed(codeSent, "", "this side has begun to close it", writeFailure) : here(known);
    }

    /** Sends a frame and waits until the network has taken it. */
    void send(WebSocketFrame frame) {
        if (!write(frame).await()) {
            throw here(whyEnded());
        }
    }

    /** All frames go through the queue of the channel's thread, so that none overtakes another. */
    private Future<Boolean> write(WebSocketFrame frame) {
        Future<Boolean> taken = loop.createFuture();
        channel.eventLoop()
                .execute(() -> channel.writeAndFlush(frame).addListener(done -> {
                    if (!done.isSuccess() && writeFailure == null) {
                        writeFailure = done.cause();
                        channel.close();
                    }
                    if (!taken.isDone()) {
                        taken.setResult(done.isSuccess());
                    }
                }));
        return taken;
    }

    /** The failure with the stack of who waited for it. */
    static ClientException here(ClientException cause) {
        cause.fillInStackTrace();
        return cause;
    }

    // ---- from the channel

    /** Whether to read on now; if not, that is made up for when there is room. */
    boolean readsOn() {
        paused = !wantsMore();
        return !paused;
    }

    /** Once it closes the network is read, to see the end: what comes is dropped. */
    private boolean wantsMore() {
        return isClosed() || closeReceived != null || cost < settings.aheadBytes();
    }

    void onPiece(Piece piece) {
        put(piece);
    }

    void onPing(byte[] payload) {
        if (!settings.autoPing()) {
            put(new Whole(new WsMessage.Ping(payload), payload.length));
        } else if (closeReceived == null && !failed && !finished) {
            pongDue = payload;
            answer();
        }
    }

    void onPong(byte[] payload) {
        if (!settings.autoPing()) {
            put(new Whole(new WsMessage.Pong(payload), payload.length));
        }
    }

    private void put(Incoming item) {
        if (!isClosed()) {
            inbox.add(item);
            cost += item.cost();
            wake();
        }
    }

    private void answer() {
        byte[] payload = pongDue;
        if (payload != null && pongs < MOST_PONGS) {
            pongDue = null;
            pongs++;
            write(new PongWebSocketFrame(Unpooled.wrappedBuffer(payload))).addDoneCallback(done -> {
                pongs--;
                answer();
            });
        }
    }

    void onClose(WsMessage.Close close) {
        if (closeReceived != null || finished) {
            return;
        }
        closeReceived = close;
        stopHeartbeat();
        if (closeSent) {
            endHandshake();
            return;
        }
        put(new Whole(close, 0));
        code = OptionalInt.of(close.code());
        end = closed(close.code(), close.reason(), "the other side has closed it", null);
        if (settings.autoClose()) {
            sendClose(close.code(), "");
        }
    }

    void onViolation(Violation violation) {
        if (end == null) {
            fail(violation);
        }
    }

    /** Something came. */
    void heard() {
        if (heartbeat != null) {
            heartbeat.touch();
        }
    }

    void onLost(@Nullable Throwable cause) {
        if (closeSent && closeReceived != null) {
            // It may come before this side has noticed that its own Close is out.
            closeFlushed = true;
            endHandshake();
        }
        finish(lost(cause == null ? writeFailure : cause));
    }

    /** The session was closed. */
    void onFailure(ClientException cause) {
        end = cause;
        dropAll();
        finish(cause);
    }

    // ---- the ways to its end

    private void ask() {
        if (!isClosed()) {
            write(new PingWebSocketFrame());
        }
    }

    private void silent(Duration interval) {
        if (end == null) {
            end = new WebSocketException(
                    request,
                    CloseCodes.LOST,
                    "the other side has not answered a ping within "
                            + interval.dividedBy(2).toMillis() + " ms",
                    null);
        }
        finish(end);
    }

    /** The other side broke a rule: tells it so, and waits for it to close. What the receiver finds counts more than what came behind that. */
    ClientException fail(Violation violation) {
        ClientException broken = new WebSocketException(request, violation.code(), violation.what(), null);
        end = broken;
        code = OptionalInt.of(violation.code());
        if (finished) {
            return broken;
        }
        if (closeSent && !failed) {
            // The answer to our Close cannot be told from the rest any more.
            finish(broken);
        } else if (!closeSent) {
            failed = true;
            stopHeartbeat();
            sendClose(violation.code(), violation.what());
            wake();
        }
        return broken;
    }

    /** Begins to close it. */
    void close(int with, String reason) {
        if (!closeSent && !finished) {
            sendClose(with, reason);
        }
        dropAll();
    }

    private void sendClose(int with, String reason) {
        closeSent = true;
        codeSent = with;
        closeTimer = loop.callLater(settings.closeTimeout(), this::unanswered);
        write(new CloseWebSocketFrame(true, 0, Unpooled.wrappedBuffer(CloseCodes.write(with, reason))))
                .addDoneCallback(done -> {
                    closeFlushed = true;
                    endHandshake();
                });
        readOn();
    }

    /** Both have said Close, and ours is out. */
    private void endHandshake() {
        WsMessage.Close close = closeReceived;
        if (close != null && closeFlushed) {
            if (code.isEmpty()) {
                code = OptionalInt.of(close.code());
            }
            finish(closed(close.code(), close.reason(), "this side has closed it", null));
        }
    }

    private void unanswered() {
        finish(closed(
                CloseCodes.LOST,
                "",
                "the other side has not answered Close within "
                        + settings.closeTimeout().toMillis() + " ms",
                null));
    }

    /** Waits until the connection is closed. */
    void awaitGone() {
        gone.await();
    }

    /** Closes the connection at once. */
    void abort() {
        finish(closed(CloseCodes.LOST, "", "its connection was closed before the other side had answered Close", null));
    }

    private void stopHeartbeat() {
        if (heartbeat != null) {
            heartbeat.stop();
        }
    }

    /** The one end. */
    private void finish(ClientException why) {
        if (finished) {
            return;
        }
        finished = true;
        gone.set();
        if (end == null) {
            end = why;
        }
        if (code.isEmpty()) {
            code = OptionalInt.of(CloseCodes.LOST);
        }
        stopHeartbeat();
        if (closeTimer != null) {
            closeTimer.cancel();
        }
        link.end().run();
        wake();
        onGone.run();
    }

    // ---- what it tells of itself

    boolean isClosed() {
        return closeSent || failed || finished;
    }

    /** Whether nothing is left to be received, now that nothing comes. */
    boolean isDrained() {
        return finished && inbox.isEmpty();
    }

    OptionalInt code() {
        return code;
    }

    private WebSocketClosedException closed(int with, String reason, String what, @Nullable Throwable cause) {
        String said = reason.isEmpty() ? "" : ": " + reason;
        return new WebSocketClosedException(request, with, reason, what + " (" + with + ")" + said, cause);
    }

    private WebSocketClosedException lost(@Nullable Throwable cause) {
        String why = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return new WebSocketClosedException(
                request, CloseCodes.LOST, "", "the connection was lost (1006)" + why, cause);
    }
}
