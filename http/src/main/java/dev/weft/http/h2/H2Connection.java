package dev.weft.http.h2;

import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.Http2ErrorException;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.wire.HttpConnection;
import dev.weft.http.wire.Wire;
import dev.weft.loop.net.channel.LowWater;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionPrefaceAndSettingsFrameWrittenEvent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 on one connection: RFC 9113. Netty's handler knows frames, HPACK, the states of streams and the windows; here is what that means for the
 * requests: which streams there are, how many, what GOAWAY, SETTINGS and errors do to them, how much they may be sent, whether the server lives.
 *
 * <p>On the loop's thread; {@link #open()} by tasks too. Invariant: a stream that was opened is in {@link #streams} until it has ended; whatever ends the
 * connection ends each of them, with the cause. The file is long because all that can end a connection meets here.
 */
public final class H2Connection extends Http2ConnectionHandler implements HttpConnection {
    /** How long a connection that failed may take to say so. */
    private static final int GOODBYE_MILLIS = 1000;

    private static final int HEALTH = 1;
    private static final int ROUND_TRIP = 2;

    /** What waits to be written beside bodies, which wait elsewhere: a server that lets more come together does not read. */
    private static final int MOST_UNSENT_BYTES = 4 << 20;

    /** Streams have numbers, and those end: time to go to a fresh connection. */
    private static final int LAST_ID = Integer.MAX_VALUE - 10_000;

    /**
     * What is short waits so long at most behind a large body that does not come any more. With half of it, 10 MiB take 6 % more of the work: a timer
     * that is nearer than the system's own tick costs more than the wait.
     */
    private static final Duration LOW_WATER_PATIENCE = Duration.ofMillis(10);

    private final Channel channel;
    private final LowWater lowWater;
    private final ReadModeration moderation = new ReadModeration();
    private final H2Terms terms;
    private final Codec codec;
    private final Windows windows = new Windows();
    private final SentTexts sentTexts = new SentTexts();
    /** Those of the last answer. */
    private ReceivedFields lastFields = new ReceivedFields();

    private final FrameEnds frameEnds = new FrameEnds();
    private final Bandwidth bandwidth = new Bandwidth(Windows.NEXT_BYTES);
    private final IntObjectMap<H2Stream> streams = new IntObjectHashMap<>();
    private final ResetStreams resets = new ResetStreams();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Health health;
    private @Nullable Owner owner;
    private int capacity;
    /** Netty's own count begins behind the stream that an upgrade from HTTP/1.1 would have. */
    private int nextId = 1;

    private long answered;
    private @Nullable String retired;
    /** What has ended the connection, or is about to. */
    private @Nullable Throwable broken;

    private boolean greeted;
    /** Whether the server's first SETTINGS are here. */
    private boolean settled;
    /** Who wait for those. */
    private final List<Runnable> unsettled = new ArrayList<>(0);
    /** Who wait until the server takes one more request. */
    private final List<Runnable> shutOut = new ArrayList<>(0);

    private boolean takesUpgrades;

    /** How much was taken of the body that ended last. */
    private long lastBody;

    private boolean flushing;
    /** Whether the answer that ends a round trip came in the read that is under way. */
    private boolean measured;
    /** What came in the read that is under way, and of that of bodies. */
    private long readBytes;

    private long bodyBytes;
    /** How many answers had begun before it. */
    private long answeredBefore;

    private H2Connection(Channel channel, H2Terms terms, Codec codec) {
        super(codec.decoder(), codec.encoder(), codec.settings(), true);
        this.channel = channel;
        this.lowWater = new LowWater(channel, LOW_WATER_PATIENCE);
        this.terms = terms;
        this.codec = codec;
        this.capacity = Math.min(terms.maxStreams(), H2Terms.BEFORE_SETTINGS);
        decoder().frameListener(new H2Frames(this));
        setCumulator(new Undecoded());
        gracefulShutdownTimeoutMillis(GOODBYE_MILLIS);
    }

    /** Puts the protocol into the pipeline of a new channel. */
    public static void install(Channel channel, H2Terms terms) {
        H2Connection connection = new H2Connection(channel, terms, Codec.create());
        channel.attr(HttpConnection.KEY).set(connection);
        channel.pipeline().addLast(new NeededFlushes(), connection);
    }

    // ---- the connection, for who has it

    @Override
    public HttpVersion version() {
        return HttpVersion.HTTP_2;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public void expect(int requests) {
        if (!settled) {
            capacity = Math.min(capacity, requests);
        }
    }

    @Override
    public void owner(Owner told) {
        owner = told;
    }

    @Override
    public boolean takesUpgrades() {
        return takesUpgrades;
    }

    @Override
    public void whenSettled(Runnable told) {
        if (settled || !channel.isActive()) {
            told.run();
        } else {
            unsettled.add(told);
        }
    }

    @Override
    public @Nullable String retired() {
        return retired;
    }

    @Override
    public boolean isProven() {
        return answered > 0;
    }

    @Override
    public Wire open() {
        return new H2Stream(this);
    }

    @Override
    public void goodbye() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && channel.isActive() && !connection().goAwaySent() && !isViolated()) {
            goAway(ctx, 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
            ctx.flush();
        }
    }

    /** No stream of the server's was acted upon: it may open none. Source: RFC 9113 section 6.8. */
    @Override
    public ChannelFuture goAway(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData, ChannelPromise promise) {
        return super.goAway(ctx, 0, errorCode, debugData, promise);
    }

    /** It takes no requests any more. */
    void retire(String reason) {
        if (retired == null) {
            retired = reason;
            if (owner != null) {
                owner.onRetired(reason);
            }
            admit();
        }
    }

    /** Whether one more stream would be more than are taken at once, for now. Source: RFC 9113 section 5.1.2. */
    boolean isFull() {
        return streams.size() >= capacity;
    }

    /** Calls when there may be room, or it is never going to have some. */
    void whenRoom(Runnable told) {
        shutOut.add(told);
    }

    /** Each looks again whether there is room. */
    private void admit() {
        if (!shutOut.isEmpty()) {
            shutOut.forEach(channel.eventLoop()::execute);
            shutOut.clear();
        }
    }

    // ---- for its streams

    Channel channel() {
        return channel;
    }

    /** Why no stream can be opened; null if one can. */
    @Nullable
    String closedBecause() {
        if (!channel.isActive()) {
            return "it is closed";
        }
        return connection().goAwayReceived() || broken != null || isFull() ? retired : null;
    }

    private boolean isViolated() {
        return broken instanceof Http2Exception;
    }

    /** How the server has broken the protocol; null if it has not. */
    @Nullable
    String violation() {
        return broken instanceof Http2Exception known
                ? "the server breaks HTTP/2 (" + known.error() + "): " + known.getMessage()
                : null;
    }

    /** The head of an answer, checked. */
    ResponseHead head(ReceivedFields fields, HeaderLimits limits) {
        ResponseHead head = FieldBlock.head(fields, limits, lastFields);
        lastFields = fields;
        return head;
    }

    SentTexts sentTexts() {
        return sentTexts;
    }

    int nextId() {
        int id = nextId;
        nextId += 2;
        if (id >= LAST_ID) {
            retire("it has had as many requests as can be counted");
        }
        return id;
    }

    /** Opens a stream with the head of a request. */
    ChannelFuture open(H2Stream stream, Http2Headers head, boolean whole) {
        ChannelHandlerContext ctx = context();
        if (streams.isEmpty()) {
            lowWater.reset();
        }
        streams.put(stream.id(), stream);
        codec.floods().useful();
        ChannelFuture sent = encoder().writeHeaders(ctx, stream.id(), head, 0, whole, ctx.newPromise());
        if (lastBody > Windows.FIRST_BYTES) {
            // Who has read a large one mostly asks for more of them.
            grow(stream, Math.clamp(lastBody, Windows.NEXT_BYTES, Bandwidth.MOST_BYTES));
        }
        if (health != null) {
            health.begin();
        }
        flushSoon();
        return sent;
    }

    /** Sends a piece of a body, when the windows allow it. */
    ChannelFuture write(int id, ByteBuf piece, boolean last) {
        ChannelHandlerContext ctx = context();
        ChannelFuture sent = encoder().writeData(ctx, id, piece, 0, last, ctx.newPromise());
        flushSoon();
        return sent;
    }

    /** Gives a part of a stream's window back. */
    void consumed(int id, int bytes) {
        Http2Stream stream = connection().stream(id);
        if (stream != null) {
            try {
                decoder().flowController().consumeBytes(stream, bytes);
                flushSoon();
            } catch (Http2Exception e) {
                onError(context(), true, e);
            }
        }
    }

    /** Ends a stream whose answer, or whose request, is not whole. */
    void reset(H2Stream stream, Http2Error code) {
        Http2Stream state = connection().stream(stream.id());
        if (has(stream) && channel.isActive() && state != null) {
            ChannelHandlerContext ctx = context();
            willReset(state);
            encoder().writeRstStream(ctx, stream.id(), code.code(), ctx.newPromise());
            forget(stream.id());
            flushSoon();
        }
        ended(stream);
    }

    /** What is on its way to a stream that is reset says nothing about the server. */
    private void willReset(Http2Stream state) {
        codec.floods().reset(decoder().flowController().windowSize(state));
        resets.add(state.id());
    }

    /** Behind RST_STREAM comes nothing: Netty would still send what waits for a window, until that frame is out. */
    private void forget(int id) {
        Http2Stream state = connection().stream(id);
        if (state != null) {
            state.close();
        }
    }

    /** Ends a stream on which another protocol was spoken. RFC 8441 section 5: END_STREAM is what FIN is, RST_STREAM what RST is. */
    void end(H2Stream stream, boolean orderly) {
        if (!has(stream)) {
            return;
        }
        if (orderly && channel.isActive()) {
            try {
                ChannelHandlerContext ctx = context();
                encoder().writeData(ctx, stream.id(), Unpooled.EMPTY_BUFFER, 0, true, ctx.newPromise());
                encoder().flowController().writePendingBytes();
            } catch (Http2Exception e) {
                onError(context(), true, e);
            }
        }
        if (connection().stream(stream.id()) == null) {
            ended(stream);
        } else {
            // Whatever the server would still send, nobody takes it.
            reset(stream, Http2Error.CANCEL);
        }
        flushSoon();
    }

    /** Sends what the windows let out. */
    void flushNow() {
        if (channel.isActive()) {
            flush(context());
        }
    }

    boolean has(H2Stream stream) {
        return streams.get(stream.id()) == stream;
    }

    /** A stream is over. */
    void ended(H2Stream stream) {
        if (has(stream)) {
            streams.remove(stream.id());
            windows.ended(stream.grown());
            lastBody = stream.taken();
            admit();
        }
    }

    /** An answer has begun. */
    void answered() {
        answered++;
    }

    /** Lets a stream have as much on its way as the network takes, or less. */
    void grow(H2Stream stream, int mostBytes) {
        Http2Stream state = connection().stream(stream.id());
        if (state == null || !has(stream)) {
            return;
        }
        Http2LocalFlowController flow = decoder().flowController();
        int now = flow.initialWindowSize(state);
        int wanted = Math.min(mostBytes, bandwidth.windowBytes());
        int delta = windows.grow(now, (int) Math.min(wanted, Math.max(now, stream.remaining())));
        if (delta > 0) {
            stream.grown(delta);
            try {
                flow.incrementWindowSize(state, delta);
            } catch (Http2Exception e) {
                onError(context(), true, e);
            }
        }
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new AssertionError("it is not in a pipeline");
        }
        return context;
    }

    /** Once for all that is written by then: a record of TLS, and a call of the system, for many requests. */
    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            channel.eventLoop().execute(() -> {
                flushing = false;
                if (channel.isActive()) {
                    flush(context());
                }
            });
        }
    }

    // ---- from the server

    @Nullable
    H2Stream stream(int id) {
        return streams.get(id);
    }

    void onSettings(Http2Settings settings) throws Http2Exception {
        Long most = settings.maxConcurrentStreams();
        int now = (int) Math.min(terms.maxStreams(), most == null ? Integer.MAX_VALUE : most);
        boolean first = !settled;
        settled = true;
        if (settings.connectProtocolEnabled() != null) {
            if (takesUpgrades && !settings.connectProtocolEnabled()) {
                // Source: RFC 8441 section 3.
                throw Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR, "its SETTINGS take ENABLE_CONNECT_PROTOCOL back");
            }
            takesUpgrades = settings.connectProtocolEnabled();
        }
        tellSettled();
        if (most == null && !first) {
            return;
        }
        if (now != capacity) {
            capacity = now;
            if (owner != null && retired == null) {
                owner.onCapacity(now);
            }
            admit();
        }
    }

    private void tellSettled() {
        List<Runnable> told = List.copyOf(unsettled);
        unsettled.clear();
        told.forEach(Runnable::run);
    }

    void onQuestion() throws Http2Exception {
        if (channel.unsafe().outboundBuffer() != null
                && channel.unsafe().outboundBuffer().totalPendingWriteBytes() > MOST_UNSENT_BYTES) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "it asks for answers and does not read them");
        }
    }

    void onPingAnswered(long data) {
        measured |= data == ROUND_TRIP;
    }

    void onReceived(int bytes) {
        bodyBytes += bytes;
        if (bandwidth.received(bytes)) {
            streams.values().forEach(H2Stream::roundTripBegins);
            ping(ROUND_TRIP);
        }
    }

    private void ping(long data) {
        ChannelHandlerContext ctx = context();
        encoder().writePing(ctx, false, data, ctx.newPromise());
        flushSoon();
    }

    void onGoAway(int lastId, long code, String details) {
        Http2ErrorException cause = new Http2ErrorException("GOAWAY", code, details);
        retire("the server said " + cause.getMessage());
        if (code != Http2Error.NO_ERROR.code()) {
            broken = cause;
        }
        for (H2Stream stream : List.copyOf(streams.values())) {
            if (stream.id() > lastId) {
                stream.refuse("the server is going away and did not take the request: " + cause.getMessage(), cause);
            }
        }
    }

    // ---- how it ends

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (outbound && error.error() == Http2Error.STREAM_CLOSED) {
            // A piece of a body that nobody takes any more: who has ended the stream, or the connection, says why.
            return;
        }
        if (!outbound && !connection().local().mayHaveCreatedStream(error.streamId())) {
            // A stream that is idle is not to be reset: section 5.1.
            onConnectionError(
                    ctx, false, cause, Http2Exception.connectionError(error.error(), error, "%s", error.getMessage()));
            return;
        }
        H2Stream stream = streams.get(error.streamId());
        // A second RST_STREAM for each frame that was on its way would be a flood of our own: section 5.4.2.
        if (stream != null || outbound || !resets.contains(error.streamId())) {
            Http2Stream state = connection().stream(error.streamId());
            if (stream != null && state != null) {
                willReset(state);
            } else {
                resets.add(error.streamId());
            }
            super.onStreamError(ctx, outbound, cause, error);
            forget(error.streamId());
        }
        // Who hears of it may close the connection.
        ctx.flush();
        String said = String.valueOf(error.getMessage());
        if (stream != null && outbound && error.error() == Http2Error.REFUSED_STREAM) {
            // The server has changed its mind about how many it takes since the stream was promised.
            stream.refuse("the connection takes no more requests: " + said, null);
        } else if (stream != null) {
            String what = error.error() == Http2Error.PROTOCOL_ERROR
                    ? "the answer is malformed: "
                    : "the server breaks HTTP/2 (" + error.error() + "): ";
            stream.onViolation((outbound ? "the request cannot be sent: " : what) + said, error);
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (error == null && (cause instanceof IOException || cause instanceof ClosedChannelException)) {
            // What the server said before may still be there to read; the end comes by itself.
            broken = broken == null ? cause : broken;
            return;
        }
        boolean first = !isViolated();
        Http2Exception known =
                error == null ? new Http2Exception(Http2Error.INTERNAL_ERROR, cause.toString(), cause) : error;
        broken = known;
        retire("the connection failed: " + known.getMessage());
        if (first) {
            ByteBuf reason = ByteBufUtil.writeUtf8(ctx.alloc(), String.valueOf(known.getMessage()));
            ChannelFuture said =
                    encoder().frameWriter().writeGoAway(ctx, 0, known.error().code(), reason, ctx.newPromise());
            Farewell.after(said, ctx, GOODBYE_MILLIS);
            ctx.flush();
            String what = String.valueOf(violation());
            all().forEach(stream -> stream.onViolation(what, known));
        }
    }

    /** A connection that is broken closes by itself, once the server was told why. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
        if (isViolated() && channel.isActive()) {
            channel.closeFuture().addListener(closed -> promise.trySuccess());
        } else {
            super.close(ctx, promise);
        }
    }

    private List<H2Stream> all() {
        return new ArrayList<>(streams.values());
    }

    /** The server gave no sign of life. */
    private void dead() {
        broken = new IOException(
                "the server did not answer a PING within " + terms.pingTimeout().toMillis() + " ms");
        retire("the server does not answer");
        channel.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
        health = new Health(ctx.executor(), terms, new Health.Owner() {
            @Override
            public boolean isBusy() {
                return !streams.isEmpty();
            }

            @Override
            public void ping() {
                H2Connection.this.ping(HEALTH);
            }

            @Override
            public void dead() {
                H2Connection.this.dead();
            }
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof Http2ConnectionPrefaceAndSettingsFrameWrittenEvent) {
            // What all streams may have together; each has its own limit.
            decoder().flowController().incrementWindowSize(connection().connectionStream(), connectionWindow());
        } else if (event instanceof ChannelOutputShutdownEvent) {
            retire("it cannot be written to any more");
        }
        super.userEventTriggered(ctx, event);
    }

    private int connectionWindow() {
        return Windows.BUDGET_BYTES + terms.maxStreams() * Windows.FIRST_BYTES;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            readBytes += bytes.readableBytes();
            int size = frameEnds.completing(bytes);
            if (size > 0 && size < bytes.readableBytes()) {
                super.channelRead(ctx, bytes.readRetainedSlice(size));
            }
        }
        super.channelRead(ctx, message);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (isViolated()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!greeted && in.readableBytes() >= 5) {
            greeted = true;
            if (in.toString(in.readerIndex(), 5, StandardCharsets.US_ASCII).equals("HTTP/")) {
                in.skipBytes(in.readableBytes());
                onError(
                        ctx,
                        false,
                        Http2Exception.connectionError(
                                Http2Error.PROTOCOL_ERROR, "it speaks HTTP/1.1: try version(HTTP_1_1)"));
                return;
            }
        }
        super.decode(ctx, in, out);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (health != null) {
            health.heard();
        }
        growWindows();
        waitForTheNext();
        super.channelReadComplete(ctx);
    }

    private void growWindows() {
        if (measured) {
            measured = false;
            bandwidth.roundTrip();
            all().stream()
                    .filter(H2Stream::fillsItsWindow)
                    .forEach(stream -> grow(stream, Bandwidth.next(stream.window())));
        }
    }

    /** For much of a large body, or for many short answers. */
    private void waitForTheNext() {
        boolean large = bodyBytes >= LowWater.LEAST_BYTES;
        long now = channel.eventLoop().ticker().nanoTime();
        int mark = moderation.read(readBytes, large ? 0 : answered - answeredBefore, streams.size(), now);
        if (mark > 1) {
            lowWater.waitFor(mark, ReadModeration.PATIENCE);
        } else {
            lowWater.read(bodyBytes, large ? due() : 0);
        }
        readBytes = 0;
        bodyBytes = 0;
        answeredBefore = answered;
    }

    /** How much is sure to come of bodies; what was read may end within a frame. */
    private long due() {
        long due = 0;
        for (H2Stream stream : streams.values()) {
            Http2Stream state = connection().stream(stream.id());
            if (state != null) {
                due += Math.min(stream.due(), decoder().flowController().windowSize(state));
            }
        }
        return due - Http2CodecUtil.MAX_FRAME_SIZE_LOWER_BOUND;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof IOException) {
            // Its end comes by itself.
            broken = broken == null ? cause : broken;
        } else {
            onError(ctx, false, cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        retire("it is closed");
        if (health != null) {
            health.end();
        }
        all().forEach(stream -> stream.onLost(broken));
        tellSettled();
    }
}
