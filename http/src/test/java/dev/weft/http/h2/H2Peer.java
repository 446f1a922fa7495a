package dev.weft.http.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.weft.http.RawServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * A server's side of one connection, frame by frame. A thread reads all that the client sends, has {@link H2Referee} judge it, keeps it, and answers
 * SETTINGS and PING; the script's thread sends what it likes, and waits for what came. Tests look at it from their own thread.
 */
public final class H2Peer {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final int LARGEST = 16_384;
    private static final byte[] NUMBERS = new byte[LARGEST + 256];

    static {
        for (int i = 0; i < NUMBERS.length; i++) {
            NUMBERS[i] = (byte) i;
        }
    }

    /** Counted from 1. */
    public final int number;
    /** The connection below. */
    public final RawServer.Peer raw;

    private final H2Referee referee = new H2Referee();
    private final Object writing = new Object();
    private final List<H2Frame> frames = new ArrayList<>();
    /** What no {@link #next} has given yet. */
    private final List<H2Frame> unread = new ArrayList<>();

    private final ArrayDeque<H2Request> requests = new ArrayDeque<>();
    private boolean ended;
    private boolean mute;
    private boolean deaf;
    private Throwable failure;

    /** What happens on one connection, once the server has sent its SETTINGS. When it returns the connection is closed. */
    public interface Script {
        void run(H2Peer peer) throws Exception;
    }

    H2Peer(RawServer.Peer raw) {
        this.raw = raw;
        number = raw.number;
    }

    /** Reads the client's preface, sends this, and goes on to read frames. */
    void begin(byte[] opening) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(raw.socket.getInputStream()));
        byte[] preface = in.readNBytes(PREFACE.length);
        if (preface.length == 0) {
            throw new SocketException("the client closed at once");
        }
        assertArrayEquals(PREFACE, preface, "the client's preface");
        open(opening);
        Thread.ofVirtual().name("h2-peer-" + number).start(() -> readAll(in));
    }

    /** The opening is known to the referee if it is one SETTINGS frame, as it should be. */
    private void open(byte[] opening) throws IOException {
        if (opening.length >= 9 && opening[3] == H2Frame.SETTINGS) {
            byte[] payload = Arrays.copyOfRange(opening, 9, opening.length);
            referee.sent(new H2Frame(H2Frame.SETTINGS, opening[4], 0, payload));
        }
        send(opening);
    }

    private void readAll(DataInputStream in) {
        try {
            for (H2Frame frame = H2Frame.read(in); frame != null; frame = H2Frame.read(in)) {
                take(frame);
                awaitHearing();
            }
        } catch (IOException e) {
            // A reset, or an end within a frame, is an end too.
        } catch (Throwable e) {
            synchronized (this) {
                failure = e;
            }
        } finally {
            synchronized (this) {
                ended = true;
                notifyAll();
            }
        }
    }

    private void take(H2Frame frame) throws Exception {
        boolean answered;
        synchronized (this) {
            H2Request request = referee.received(frame);
            if (request != null) {
                requests.add(request);
            }
            frames.add(frame);
            unread.add(frame);
            answered = frame.type() == H2Frame.SETTINGS || frame.type() == H2Frame.PING && !mute;
            notifyAll();
        }
        if (answered && !frame.has(H2Frame.ACK)) {
            send(new H2Frame(
                    frame.type(), H2Frame.ACK, 0, frame.type() == H2Frame.PING ? frame.payload() : new byte[0]));
        }
    }

    private synchronized void awaitHearing() throws InterruptedException {
        while (deaf) {
            wait();
        }
    }

    /** PINGs that come from now on are not answered. */
    public synchronized void mute() {
        mute = true;
    }

    /** Whether nothing is read from the network from now on. */
    public synchronized void deaf(boolean now) {
        deaf = now;
        notifyAll();
    }

    /** What broke the rules on the client's side, or what could not be read; null if nothing did. */
    synchronized Throwable failure() {
        return failure;
    }

    /** Sends frames, right or wrong. */
    public void send(H2Frame... some) throws IOException {
        synchronized (this) {
            for (H2Frame frame : some) {
                referee.sent(frame);
            }
        }
        send(H2Frame.concat(some));
    }

    /** Sends bytes, without a look at them. */
    public void send(byte[] bytes) throws IOException {
        synchronized (writing) {
            raw.send(bytes);
        }
    }

    /** Sends a head, in as many frames as it takes. */
    public void sendHead(int streamId, H2Block block) throws IOException {
        byte[] bytes = block.bytes();
        List<H2Frame> parts = new ArrayList<>();
        for (int from = 0; from == 0 || from < bytes.length; from += LARGEST) {
            int to = Math.min(bytes.length, from + LARGEST);
            int type = from == 0 ? H2Frame.HEADERS : H2Frame.CONTINUATION;
            int flags = to == bytes.length ? H2Frame.END_HEADERS : 0;
            parts.add(new H2Frame(type, flags, streamId, Arrays.copyOfRange(bytes, from, to)));
        }
        send(parts.toArray(H2Frame[]::new));
    }

    /** Answers a request with 200 and this body. */
    public void answer(int streamId, String body) throws IOException {
        send(
                H2Frame.headers(streamId, 0, H2Block.status("200", "content-length", Integer.toString(body.length()))),
                H2Frame.data(streamId, H2Frame.END_STREAM, body));
    }

    /** Answers each request with {@code ok}, until the client closes. */
    public void answerAll() throws IOException {
        for (H2Request request = request(); request != null; request = request()) {
            answer(request.streamId(), "ok");
        }
    }

    /**
     * Sends so many bytes of a body, each the last byte of its number, as the client's windows allow. Gives up when the client resets it, or closes.
     *
     * @param end whether the last one ends the stream
     * @return how many bytes were sent
     */
    public long body(int streamId, long bytes, boolean end) throws IOException {
        long sent = 0;
        while (sent < bytes) {
            int size = (int) Math.min(Math.min(bytes - sent, LARGEST), credit(streamId));
            if (size == 0) {
                return sent;
            }
            int from = (int) sent & 0xff;
            sent += size;
            byte[] content = Arrays.copyOfRange(NUMBERS, from, from + size);
            send(H2Frame.data(streamId, end && sent == bytes ? H2Frame.END_STREAM : 0, content));
        }
        return sent;
    }

    /** What may be sent on a stream, as soon as that is anything; 0 when the client has ended it. */
    synchronized long credit(int streamId) {
        await(
                "credit on stream " + streamId,
                () -> ended || referee.isReset(streamId) || referee.credit(streamId) > 0 ? true : null);
        return ended || referee.isReset(streamId) ? 0 : referee.credit(streamId);
    }

    /** What the client's windows let the server send on a stream now, or, for 0, on all of them together. */
    public synchronized long window(int streamId) {
        return referee.credit(streamId);
    }

    /** The next request; null when the client has closed. */
    public synchronized H2Request request() {
        await("a request", () -> ended || !requests.isEmpty() ? true : null);
        return requests.poll();
    }

    /** The next frame of that type on that stream, whatever comes in between. */
    public synchronized H2Frame next(int type, int streamId) {
        String wanted = "a frame of type " + type + " on stream " + streamId;
        return await(wanted, () -> {
            H2Frame frame = poll(type, streamId);
            if (frame == null && ended) {
                throw new AssertionError("the client closed, and never sent " + wanted + ": " + frames);
            }
            return frame;
        });
    }

    /** The same if it is here already; null if not. */
    public synchronized H2Frame poll(int type, int streamId) {
        for (Iterator<H2Frame> all = unread.iterator(); all.hasNext(); ) {
            H2Frame frame = all.next();
            if (frame.type() == type && frame.streamId() == streamId) {
                all.remove();
                return frame;
            }
        }
        return null;
    }

    /** The whole body of a request; gives back at once what its windows lose. */
    public byte[] upload(int streamId) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            H2Frame frame = next(H2Frame.DATA, streamId);
            body.writeBytes(frame.content());
            if (frame.endsStream()) {
                return body.toByteArray();
            }
            int size = frame.payload().length;
            if (size > 0) {
                send(H2Frame.windowUpdate(streamId, size), H2Frame.windowUpdate(0, size));
            }
        }
    }

    /** Waits until the client closes, whatever it sends before. */
    public synchronized void awaitEnd() {
        await("the end", () -> ended ? true : null);
    }

    /** Waits until something is so, as what the client sends makes it. */
    public synchronized void until(BooleanSupplier condition) {
        await("what a script waits for", () -> condition.getAsBoolean() ? true : null);
    }

    /** Waits until a value is there. */
    private <T> T await(String what, Callable<T> value) {
        long start = System.nanoTime();
        try {
            for (T there = value.call(); ; there = value.call()) {
                if (there != null) {
                    return there;
                }
                if (failure != null || System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new AssertionError("the client never came so far: " + what + "; it sent " + frames);
                }
                wait(PATIENCE.toMillis());
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** All that the client has sent so far, acknowledgements and growing windows included. */
    public synchronized List<H2Frame> frames() {
        return List.copyOf(frames);
    }

    /** Whether the client has sent this, in the words of {@link H2Frame#toString}. */
    public synchronized boolean saw(String frame) {
        return frames.stream().anyMatch(one -> one.toString().equals(frame));
    }

    /** How many streams are open. */
    public synchronized long openStreams() {
        return referee.openStreams();
    }

    /** Whether the client has closed the connection. */
    public synchronized boolean hasEnded() {
        return ended;
    }
}
