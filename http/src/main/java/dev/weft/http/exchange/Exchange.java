package dev.weft.http.exchange;

import dev.weft.http.connect.ConnectListener;
import dev.weft.http.connect.Connection;
import dev.weft.http.connect.Connector;
import dev.weft.http.connect.Lease;
import dev.weft.http.connect.Patience;
import dev.weft.http.connect.Route;
import dev.weft.http.connect.Turn;
import dev.weft.http.encoding.ContentDecoder;
import dev.weft.http.message.Body;
import dev.weft.http.message.CallInfo;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientListener;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.FirstByteTimeoutException;
import dev.weft.http.message.Headers;
import dev.weft.http.message.LowSpeedException;
import dev.weft.http.message.Options;
import dev.weft.http.message.Phase;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.http.wire.Framing;
import dev.weft.http.wire.HttpConnection;
import dev.weft.http.wire.ResponseListener;
import dev.weft.http.wire.Wire;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on one connection: waits for the connection and owns its lease, the upload, the head, the body as it comes in, the limits of time.
 *
 * <p>It ends once, in {@link #finish}: the body is whole, something failed, or nobody wants the rest. Then the connection is given
 * back, and whoever waits for head or body is woken. What failed on the wire is told in its place, behind the bytes that came before; what
 * was ended from here (timeout, closed session, cancelled) at once. Confined to the loop.
 *
 * <p>The file is long because the one end has to know all that began.
 */
final class Exchange implements ResponseListener, Patience, Upload.Owner {
    /** A body nobody wants is taken from what has arrived up to this, to save the connection. */
    private static final int DRAIN_BYTES = 64 * 1024;

    private static final int MISDIRECTED = 421;

    private final Call call;
    private final Loop loop;
    private final ClientRequest request;
    private final ClientTimeout limits;
    private int aheadBytes;
    /** What has to be there before the reader of the body is woken, unless it is all. */
    private int lowWaterBytes = 1;

    private final BodyQueue queue = new BodyQueue();
    private final PhaseClock clock;
    /** Null where nobody listens. */
    private final @Nullable Signals signals;

    private final @Nullable SilenceTimer readTimer;
    private final @Nullable SpeedWatch speedWatch;
    private @Nullable TimerHandle firstByteTimer;

    /** What it waits for before it has a connection; null if it does not. */
    private @Nullable Turn turn;
    /** What it has leased; null until then. */
    private @Nullable Lease lease;

    private @Nullable Upload upload;
    private @Nullable Future<?> waitingFor;
    private @Nullable ResponseHead head;
    private @Nullable List<ResponseHead> interim;
    private Headers trailers = Headers.empty();
    private @Nullable ClientException failure;
    private boolean finished;
    private boolean whole;
    private boolean released;
    private boolean switched;
    private long received;
    /** Is told what ended the connection from here, once it speaks another protocol. */
    private @Nullable Consumer<ClientException> afterUpgrade;

    private long sentWithHead;
    /** Notices that the answer was dropped; null where there is nothing to lose. */
    private @Nullable LeakWatch watch;
    /** What undoes the content coding, for one that was dropped. */
    private @Nullable ContentDecoder decoder;

    /** The task that waits for head or body; there is one at most. */
    private @Nullable Future<@Nullable Void> waiter;

    /** One that has no connection yet, and is among those of its call. */
    Exchange(Call call, ClientRequest request) {
        this.call = call;
        this.loop = call.loop();
        this.request = request;
        this.limits = request.attribute(Options.TIMEOUT);
        this.aheadBytes = request.attribute(Options.READ_BUFFER_SIZE);
        this.clock = new PhaseClock(loop);
        this.readTimer =
                SilenceTimer.of(loop, ClientTimeout.finite(limits.read()), this::wantsMore, this::onReadSilence);
        this.speedWatch = SpeedWatch.of(
                loop,
                limits.lowSpeed(),
                this::received,
                this::wantsMore,
                (bytes, elapsed, limit) -> fail(new LowSpeedException(request, bytes, elapsed, limit)));
        this.signals = call.sending(request);
        call.begins(this);
    }

    // ---- for the task

    /** Asks for a connection; gives what has to be waited for before {@link #lease}, null if nothing has. */
    @Nullable
    Future<?> queue(Connector connector) {
        Turn asked = connector.queue(this, connector.route(request), limits);
        turn = asked;
        return asked == null ? null : asked.coming();
    }

    /**
     * Takes a connection, or makes one.
     *
     * @param fresh whether it is to be one that nobody has had, if there can be another one
     */
    void lease(Connector connector, boolean fresh) {
        Route route = turn == null ? connector.route(request) : turn.route();
        Lease given = fresh ? connector.leaseFresh(this, route, limits) : connector.lease(this, route, limits, turn);
        turn = null;
        lease = given;
        leased(given);
        if (failure != null) {
            finish(failure);
        }
    }

    /** It came to nothing: what it has is given back. Gives the same failure as its sender is to see it. */
    ClientException without(ClientException e) {
        end();
        return e instanceof PoolTimeoutException late
                ? new PoolTimeoutException(
                        request,
                        late.phase(),
                        late.elapsed(),
                        late.limit(),
                        call.open().holders())
                : here(e);
    }

    private void leased(Lease given) {
        Connection connection = given.connection();
        call.open().counters().request(given.reused());
        Signals told = signals;
        if (told == null) {
            return;
        }
        given.whenClosed(reason -> told.tell("connectionClosed", (to, info) -> to.connectionClosed(info, reason)));
        if (given.reused()) {
            SocketAddress remote = connection.channel().remoteAddress();
            told.tell("connectionReused", (to, info) -> to.connectionReused(info, remote));
        }
    }

    /** Sends the request. */
    void send() {
        clock.at(Phase.WRITE);
        if (finished) {
            return;
        }
        Wire wire = leased().wire();
        Proxy proxy = leased().connection().forwardProxy();
        if (proxy == null) {
            wire.send(request, request.url().target(), this);
        } else {
            wire.send(Forwarding.request(request, proxy), Forwarding.target(request), this);
        }
        Body body = request.body();
        if (body != null && Framing.isUpload(request)) {
            upload = new Upload(loop, request, body, wire, ClientTimeout.finite(limits.write()), this);
            upload.start(request.attribute(Options.EXPECT_CONTINUE));
        }
    }

    /** What has to be waited for before the head is there; null once it is. */
    @Nullable
    Future<?> awaitsHead() {
        if (head != null) {
            return null;
        }
        if (failure != null) {
            throw failure;
        }
        Future<@Nullable Void> wake = loop.createFuture();
        waiter = wake;
        return wake;
    }

    private Lease leased() {
        if (lease == null) {
            throw new AssertionError("there is no connection yet");
        }
        return lease;
    }

    /** The next bytes as they came over the wire, valid until the next call; null at the end of a whole body. */
    @Nullable
    ByteBuffer next() {
        while (true) {
            ByteBuffer piece = queue.poll();
            if (piece != null) {
                if (wantsMore() && !finished && leased().wire().resume() && readTimer != null) {
                    readTimer.touch();
                }
                return piece;
            }
            if (failure != null) {
                throw here(failure);
            }
            if (hasSwitched()) {
                return null;
            }
            if (whole) {
                unwatch();
                return null;
            }
            if (released) {
                throw new IllegalStateException(request + ": the response is closed");
            }
            try {
                pause();
            } catch (Throwable e) {
                // The reader was cancelled: half a body is no use to anybody.
                release();
                finish(null);
                throw e;
            }
        }
    }

    /** What the new protocol is spoken on. */
    Channel upgraded() {
        return leased().wire().upgraded();
    }

    /** Wakes the reader for no less than so many bytes, or for the end; room for as many more comes while it takes them. */
    void lowWater(int bytes) {
        lowWaterBytes = bytes;
        aheadBytes = (int) Math.max(aheadBytes, Math.min(Integer.MAX_VALUE, 2L * bytes));
    }

    /**
     * After the server agreed: the connection, or the stream, is the new protocol's, until {@link #end}. Its limits of time are over, the total too; the closing of the
     * session still ends it, and the garbage collector, if the answer is dropped.
     *
     * @param onFailure is told what has ended it from here; the connection is closed then
     */
    void upgrade(Consumer<ClientException> onFailure, ChannelHandler... handlers) {
        stopTimers();
        call.outliveTotal();
        afterUpgrade = onFailure;
        leased().wire().upgrade(handlers);
    }

    /** Whether a response is of this exchange, whatever middleware did to its head or body. */
    @SuppressWarnings("ReferenceEquality") // this very request
    boolean isAnsweredBy(ClientResponse response) {
        return response.request() == request;
    }

    /** Its taker is done with it, whatever it has come to. */
    void end() {
        if (turn != null) {
            turn.close();
            turn = null;
        }
        finish(null);
    }

    boolean isFinished() {
        return finished;
    }

    /** Whether the server agreed to another protocol: an answer without a body, and what follows is that protocol's. */
    boolean hasSwitched() {
        return switched;
    }

    /** Nobody wants the rest; once another protocol is spoken there is none, and the connection is that protocol's. */
    void release() {
        if (released || afterUpgrade != null) {
            return;
        }
        released = true;
        queue.clear();
        unwatch();
        wake();
        if (finished) {
            return;
        }
        if (received > DRAIN_BYTES
                || !wantsMore()
                || hasSwitched()
                || leased().connection().isShared()) {
            finish(null);
            return;
        }
        // What has arrived is read in the poll that comes before this runs.
        leased().connection().channel().eventLoop().execute(() -> finish(null));
    }

    /** The body is not what it says it is: its connection serves nobody else, unless it does so by now. */
    void distrust() {
        release();
        finish(null);
        if (lease != null) {
            lease.distrust();
        }
    }

    boolean isReleased() {
        return released;
    }

    /** Bytes of the body that came over the wire. */
    long received() {
        return received;
    }

    /** Ends it from here, at once, wherever it is. */
    @Override
    public void fail(ClientException cause) {
        if (finished) {
            return;
        }
        if (lease == null) {
            failure = cause;
            Future<?> wait = waitingFor;
            if (wait != null && !wait.isDone()) {
                wait.setException(cause);
            }
            return;
        }
        // The bytes the reader has in hand stay valid.
        queue.drop();
        finish(cause);
    }

    /** The failure with the stack of who waited for it: where it was noticed tells nobody anything. */
    private static ClientException here(ClientException cause) {
        cause.fillInStackTrace();
        return cause;
    }

    /**
     * Whether the request may be sent again after this failure: no byte of an answer came; the body can be had again; and the server says that it
     * did not act upon the request, or the connection was used before, so that the server may just have closed it, and has not seen the
     * request, or may see it twice.
     */
    boolean mayRetry(ClientException cause) {
        return lease != null
                && !call.hasFailed()
                && cause instanceof ServerDisconnectedException
                && lease.wire().received() == 0
                && request.isReplayable()
                && (lease.wire().wasRefused() || mayHaveBeenStale(lease));
    }

    private boolean mayHaveBeenStale(Lease held) {
        return held.reused() && (!held.wire().wasWritten() || Methods.isIdempotent(request.method()));
    }

    /** Whether the server did not act upon it, and says so. */
    boolean wasRefused() {
        return lease != null && lease.wire().wasRefused();
    }

    /** Whether it was refused by a connection that had answered others and takes no more: that says nothing of the next connection. */
    boolean wasLate() {
        if (lease == null || !lease.wire().wasRefused()) {
            return false;
        }
        HttpConnection http = HttpConnection.of(lease.connection().channel());
        return http.retired() != null && http.isProven();
    }

    /** Whether the server says that it does not answer for this host on this connection, which it may do on another. Source: RFC 9110 section 15.5.20. */
    boolean isMisdirected() {
        return head != null
                && head.status() == MISDIRECTED
                && lease != null
                && lease.connection().isShared()
                && lease.reused()
                && request.isReplayable()
                && !call.hasFailed();
    }

    /** It is sent once more, on another connection: what was to be had on this one is let go. */
    void goesElsewhere() {
        leased().misdirected();
        retried(new ProtocolException(
                request, "the server does not answer for this host on this connection: 421", null));
        release();
    }

    private void pause() {
        Future<@Nullable Void> wake = loop.createFuture();
        waiter = wake;
        try {
            wake.await();
        } finally {
            waiter = null;
        }
    }

    // ---- while it waits for the connection

    @Override
    public ClientRequest request() {
        return request;
    }

    @Override
    public void check() {
        if (failure != null) {
            throw here(failure);
        }
    }

    @Override
    public void begin(Phase next, Future<?> future) {
        clock.at(next);
        // Only before: what a wait gave has to reach its owner.
        check();
        waitingFor = future;
        if (next == Phase.POOL) {
            tell("queuedStart", ClientListener::queuedStart);
        }
    }

    @Override
    public void end(Phase of) {
        waitingFor = null;
        if (of == Phase.POOL) {
            tell("queuedEnd", ClientListener::queuedEnd);
        }
    }

    @Override
    public @Nullable ConnectListener listener() {
        return signals;
    }

    private void tell(String signal, BiConsumer<ClientListener, CallInfo> what) {
        if (signals != null) {
            signals.tell(signal, what);
        }
    }

    /** How far it is. */
    Phase phase() {
        return clock.phase();
    }

    // ---- from the wire

    @Override
    public void onHeadSent(int bodyBytes) {
        tell("headersSent", ClientListener::headersSent);
        if (bodyBytes > 0) {
            sentWithHead = bodyBytes;
            onUploaded(bodyBytes);
        }
    }

    @Override
    public void onUploaded(int bytes) {
        call.open().counters().sent(bytes);
        if (signals != null) {
            signals.tell("chunkSent", (to, info) -> to.chunkSent(info, bytes));
        }
    }

    @Override
    public void onSent() {
        if (head == null) {
            clock.at(Phase.FIRST_BYTE);
            Duration limit = ClientTimeout.finite(limits.firstByte());
            if (limit != null) {
                firstByteTimer = loop.callLater(
                        limit, () -> fail(new FirstByteTimeoutException(request, Phase.FIRST_BYTE, limit, limit)));
            }
        }
        if (readTimer != null) {
            readTimer.start();
        }
    }

    @Override
    public void onPacket(int bytes) {
        if (signals != null) {
            signals.packet();
        }
        if (readTimer != null) {
            readTimer.touch();
        }
    }

    @Override
    public void onInterim(ResponseHead early) {
        if (signals != null) {
            signals.tell("interim", (to, info) -> to.interim(info, early));
        }
        if (early.status() == 100) {
            if (upload != null) {
                upload.proceed();
            }
            return;
        }
        if (interim == null) {
            interim = new ArrayList<>(1);
        }
        interim.add(early);
    }

    @Override
    public void onHead(ResponseHead whole) {
        head = whole;
        switched = leased().wire().hasSwitched();
        clock.at(Phase.BODY);
        if (firstByteTimer != null) {
            firstByteTimer.cancel();
        }
        if (speedWatch != null) {
            speedWatch.start();
        }
        if (signals != null) {
            signals.tell("responseHead", (to, info) -> to.responseHead(info, whole));
        }
        wake();
    }

    @Override
    public void onBody(ByteBuf piece) {
        onReceived(piece.readableBytes());
        if (released || finished) {
            piece.release();
            if (received > DRAIN_BYTES) {
                finish(null);
            }
            return;
        }
        queue.add(piece);
        if (speedWatch != null && !wantsMore()) {
            speedWatch.heldBack();
        }
        if (queue.bytes() >= lowWaterBytes || !wantsMore()) {
            wake();
        }
    }

    private void onReceived(int bytes) {
        received += bytes;
        call.open().counters().received(bytes);
        if (signals != null) {
            signals.tell("chunkReceived", (to, info) -> to.chunkReceived(info, bytes));
        }
    }

    @Override
    public void onEnd(Headers behind) {
        trailers = behind;
        whole = true;
        finish(null);
    }

    @Override
    public void onFailure(ClientException cause) {
        finish(cause);
    }

    @Override
    public boolean wantsMore() {
        return queue.cost() < aheadBytes;
    }

    private void onReadSilence(Duration silence, Duration limit) {
        fail(new ReadTimeoutException(request, head == null ? Phase.FIRST_BYTE : Phase.BODY, silence, limit, received));
    }

    // ---- the end

    /** The one end. */
    private void finish(@Nullable ClientException cause) {
        if (finished) {
            return;
        }
        finished = true;
        failure = cause;
        stopTimers();
        if (upload != null) {
            upload.stop();
        }
        if (signals != null) {
            tellOfBody(signals, cause);
        }
        if (lease != null) {
            giveBack(lease, cause);
        }
        if (!isHolding()) {
            unwatch();
        }
        call.ended(this);
        if (signals != null) {
            signals.ended();
        }
        wake();
        if (cause != null && afterUpgrade != null) {
            afterUpgrade.accept(cause);
        }
    }

    private void tellOfBody(Signals told, @Nullable ClientException cause) {
        if (whole) {
            told.tell("bodyEnd", (to, info) -> to.bodyEnd(info, received));
        } else if (head != null && !hasSwitched()) {
            told.tell("bodyFailed", (to, info) -> to.bodyFailed(info, received, cause));
        }
    }

    private void stopTimers() {
        if (readTimer != null) {
            readTimer.stop();
        }
        if (speedWatch != null) {
            speedWatch.stop();
        }
        if (firstByteTimer != null) {
            firstByteTimer.cancel();
        }
    }

    private void giveBack(Lease held, @Nullable ClientException cause) {
        String spoiled = whole ? held.wire().notReusable() : cause == null ? "the answer is not whole" : cause.reason();
        held.end(spoiled);
    }

    private void wake() {
        Future<@Nullable Void> waiting = waiter;
        if (waiting != null && !waiting.isDone()) {
            waiting.setResult(null);
        }
    }

    /** The answer is given to the program: if it is dropped while there is something to lose, that is noticed. */
    void watch(BodyStream body) {
        if (watch == null && isHolding()) {
            watch = LeakWatch.watch(body, this);
        }
    }

    /** Its body is decoded from now on. */
    void decodes(BodyStream body, ContentDecoder by) {
        decoder = by;
        watch(body);
    }

    private boolean isHolding() {
        return !finished || queue.holdsBuffers() || decoder != null;
    }

    private void unwatch() {
        LeakWatch watching = watch;
        if (watching != null) {
            watch = null;
            watching.end();
        }
    }

    /** Nobody has the answer any more. */
    void dropped() {
        release();
        if (afterUpgrade != null) {
            end();
        }
        if (decoder != null) {
            decoder.close();
        }
    }

    /** It is sent once more, because of this. */
    void retried(ClientException cause) {
        if (signals != null) {
            signals.tell("retry", (to, info) -> to.retry(info, info.attempt() + 1, cause));
        }
    }

    // ---- what it tells of itself

    /** The head of the answer, which is there. */
    ResponseHead head() {
        ResponseHead there = head;
        if (there == null) {
            throw new AssertionError("there is no answer yet");
        }
        return there;
    }

    /** The head of the answer; null until it is there. */
    @Nullable
    ResponseHead answer() {
        return head;
    }

    /** Whether the program has the answer, and its connection. */
    boolean isResponseOpen() {
        return head != null && !finished;
    }

    /** Whether it has a connection. */
    boolean isLeased() {
        return lease != null;
    }

    /** Bytes of the request's body that the network took. */
    long sent() {
        return upload == null ? sentWithHead : upload.sent();
    }

    /** The fields behind the body; empty until it is whole. */
    Headers trailers() {
        return trailers;
    }

    /** The interim answers but 100. */
    List<ResponseHead> interim() {
        return interim == null ? List.of() : List.copyOf(interim);
    }

    PhaseClock clock() {
        return clock;
    }

    Call call() {
        return call;
    }

    Loop loop() {
        return loop;
    }

    /** When it came to the phase it is in, on the loop's clock. */
    long phaseNanos() {
        return clock.since();
    }

    /** The connection it has, or had. */
    Connection connection() {
        return leased().connection();
    }
}
