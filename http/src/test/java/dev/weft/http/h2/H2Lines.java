package dev.weft.http.h2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.h2.H2Answers.Part;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A connection that speaks HTTP/2 for scripts of HTTP/1.1: each stream takes a line that is free, the one that was used last, or a new one, as a client of
 * HTTP/1.1 does with connections. A script that ends within an answer ends the connection, or its stream alone while other streams are in use. One that ends
 * between two answers says GOAWAY, and the connection ends when no stream is in use. {@link H2Referee} judges all that the client sends.
 *
 * <p>Any thread; its monitor guards it and its lines.
 */
public final class H2Lines {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    private static final int LARGEST = 16_384;
    /** What a script sends at once goes out at once, up to this. */
    private static final int MOST_AT_ONCE = 1 << 18;

    /** What is sent is kept up to this: who wants to know where to cut it needs no more. */
    private static final int MOST_KEPT = 1 << 20;

    private final Socket socket;
    private final Manner manner;
    private final BiConsumer<Socket, H2Line> newLine;
    private final H2Referee referee = new H2Referee();
    private final Map<Integer, H2Line> streams = new HashMap<>();
    /** The one that was used last is the last. */
    private final ArrayDeque<H2Line> free = new ArrayDeque<>();

    private final List<H2Line> all = new ArrayList<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private int lastStream;
    /** Whether the client knows that it is over. */
    private boolean gone;

    private boolean answering;
    private boolean closing;
    private boolean ended;

    /** How an answer is put into frames: the same to whoever reads it. */
    public enum Manner {
        /** As few as there can be. */
        FEW_FRAMES,
        /** Heads in two, bodies with padding, ends in frames of their own; small windows, no table; GOAWAY comes before the answer. */
        MANY_FRAMES
    }

    /**
     * One that is not served yet.
     *
     * @param newLine is given each line that there has to be
     */
    public H2Lines(Socket socket, Manner manner, BiConsumer<Socket, H2Line> newLine) {
        this.socket = socket;
        this.manner = manner;
        this.newLine = newLine;
    }

    /** Serves it until the client closes it. */
    public void serve() throws Exception {
        try (socket) {
            if (socket instanceof SSLSocket tls) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"h2"});
                tls.setSSLParameters(parameters);
                tls.startHandshake();
                assertEquals("h2", tls.getApplicationProtocol(), "the client does not offer HTTP/2");
            }
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            byte[] preface = in.readNBytes(PREFACE.length);
            if (preface.length == 0) {
                return;
            }
            assertArrayEquals(PREFACE, preface, "the client's preface");
            send(
                    manner == Manner.FEW_FRAMES
                            ? H2Frame.settings(H2Frame.ENABLE_CONNECT_PROTOCOL, 1)
                            : H2Frame.settings(
                                    H2Frame.HEADER_TABLE_SIZE,
                                    0,
                                    H2Frame.INITIAL_WINDOW_SIZE,
                                    1000,
                                    H2Frame.ENABLE_CONNECT_PROTOCOL,
                                    1));
            for (H2Frame frame = H2Frame.read(in); frame != null; frame = H2Frame.read(in)) {
                take(frame);
            }
        } catch (IOException e) {
            // The client may go away when it likes.
        } finally {
            onEnd();
        }
    }

    private synchronized void onEnd() {
        ended = true;
        all.forEach(line -> line.kill(false));
        notifyAll();
    }

    private synchronized void take(H2Frame frame) throws Exception {
        H2Request request = referee.received(frame);
        if (request != null) {
            begin(request);
        }
        H2Line line = streams.get(frame.streamId());
        switch (frame.type()) {
            case H2Frame.SETTINGS, H2Frame.PING -> answer(frame);
            case H2Frame.DATA -> {
                if (line == null) {
                    update(0, frame.payload().length);
                } else {
                    line.body(frame);
                    settle(line);
                }
            }
            case H2Frame.RST_STREAM -> {
                H2Line idle = line == null ? idle(frame.streamId()) : null;
                if (line != null) {
                    forget(line);
                } else if (idle != null) {
                    // Its answer was sent to the end by then, and not read. Its place is free; its script is over.
                    update(0, idle.kill(true));
                }
            }
            default -> {}
        }
        notifyAll();
        closeOnceIdle();
    }

    /** The line whose last stream was that one. */
    private H2Line idle(int streamId) {
        return free.stream()
                .filter(line -> line.streamId() == streamId)
                .findAny()
                .orElse(null);
    }

    private void answer(H2Frame frame) throws IOException {
        if (!frame.has(H2Frame.ACK)) {
            byte[] payload = frame.type() == H2Frame.PING ? frame.payload() : new byte[0];
            send(new H2Frame(frame.type(), H2Frame.ACK, 0, payload));
        }
    }

    private void begin(H2Request request) {
        assertEquals(socket instanceof SSLSocket ? "https" : "http", request.value(":scheme"));
        if (gone) {
            return;
        }
        lastStream = request.streamId();
        H2Line line = free.pollLast();
        boolean fresh = line == null || line.isDead();
        if (fresh) {
            line = new H2Line(this);
            all.add(line);
        }
        streams.put(request.streamId(), line);
        line.begin(request);
        if (fresh) {
            newLine.accept(socket, line);
        }
    }

    /** The line is free if its stream is over; one that speaks another protocol is over with it. */
    private void settle(H2Line line) {
        if (!line.isBusy() && !line.isDead() && streams.remove(line.streamId()) != null) {
            if (line.hasSwitched()) {
                line.kill(false);
            } else {
                free.add(line);
            }
        }
    }

    private void forget(H2Line line) throws IOException {
        streams.remove(line.streamId());
        free.remove(line);
        update(0, line.kill(true));
    }

    private void update(int streamId, int bytes) throws IOException {
        if (bytes > 0 && !ended) {
            send(H2Frame.windowUpdate(streamId, bytes));
        }
    }

    /** The script has read so much. */
    void giveBack(H2Line line, int bytes) throws IOException {
        update(0, bytes);
        if (!line.isRequestEnded()) {
            update(line.streamId(), bytes);
        }
    }

    private void send(H2Frame... frames) throws IOException {
        synchronized (this) {
            for (H2Frame frame : frames) {
                referee.sent(frame);
            }
            byte[] bytes = H2Frame.concat(frames);
            if (sent.size() < MOST_KEPT) {
                sent.writeBytes(bytes);
            }
            try {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
            } catch (SocketException e) {
                throw e;
            } catch (IOException e) {
                throw (SocketException) new SocketException("the client is gone").initCause(e);
            }
        }
    }

    /** Sends what a script says, as the client's windows allow. */
    void write(H2Line line, List<Part> parts, boolean closes) throws IOException {
        List<H2Frame> frames = new ArrayList<>();
        if (closes && !gone && (manner == Manner.MANY_FRAMES || parts.isEmpty())) {
            frames.add(goAway());
        }
        for (Part part : parts) {
            if (part.fields() == null) {
                body(line, part, frames);
            } else {
                frames.addAll(fields(line.streamId(), part));
            }
            if (part.end()) {
                line.answered();
            }
        }
        if (closes && !gone) {
            frames.add(goAway());
        }
        answering |= !parts.isEmpty();
        settle(line);
        flush(frames);
    }

    private H2Frame goAway() {
        gone = true;
        return H2Frame.goAway(lastStream, H2Code.NO_ERROR);
    }

    private List<H2Frame> fields(int streamId, Part part) {
        H2Block block = H2Block.empty().and(part.fields().toArray(String[]::new));
        byte[] bytes = block.bytes();
        int end = part.end() ? H2Frame.END_STREAM : 0;
        List<H2Frame> frames = new ArrayList<>();
        int to = Math.min(manner == Manner.MANY_FRAMES ? 1 : LARGEST, bytes.length);
        boolean whole = part.whole() && to == bytes.length;
        frames.add(H2Frame.headersPart(streamId, end | (whole ? H2Frame.END_HEADERS : 0), Arrays.copyOf(bytes, to)));
        while (to < bytes.length) {
            int from = to;
            to = Math.min(bytes.length, from + LARGEST);
            whole = part.whole() && to == bytes.length;
            frames.add(H2Frame.continuation(
                    streamId, whole ? H2Frame.END_HEADERS : 0, Arrays.copyOfRange(bytes, from, to)));
        }
        return frames;
    }

    private void body(H2Line line, Part part, List<H2Frame> frames) throws IOException {
        byte[] bytes = part.body();
        boolean apart = manner == Manner.MANY_FRAMES || bytes.length == 0;
        int padding = manner == Manner.MANY_FRAMES ? 3 : 0;
        int streamId = line.streamId();
        for (int from = 0; from < bytes.length; ) {
            int size = Math.min(bytes.length - from, credit(line, frames, padding) - padding);
            byte[] piece = Arrays.copyOfRange(bytes, from, from + size);
            from += size;
            int end = part.end() && !apart && from == bytes.length ? H2Frame.END_STREAM : 0;
            frames.add(
                    padding == 0
                            ? H2Frame.data(streamId, end, piece)
                            : H2Frame.padded(streamId, end, new String(piece, ISO_8859_1), padding - 1));
        }
        if (part.end() && apart) {
            frames.add(H2Frame.data(streamId, H2Frame.END_STREAM, new byte[0]));
        }
    }

    private void flush(List<H2Frame> frames) throws IOException {
        if (!frames.isEmpty()) {
            send(frames.toArray(H2Frame[]::new));
            frames.clear();
        }
    }

    /** What one frame may have now, more than this; waits for that, with all sent that can be. */
    private int credit(H2Line line, List<H2Frame> frames, int more) throws IOException {
        long pending = pending(frames);
        if (pending > MOST_AT_ONCE || referee.credit(line.streamId()) - pending <= more) {
            flush(frames);
            pending = 0;
        }
        while (referee.credit(line.streamId()) - pending <= more) {
            await();
            if (line.isDead()) {
                throw new SocketException("the stream is over");
            }
        }
        return (int) Math.min(LARGEST, referee.credit(line.streamId()) - pending);
    }

    private static long pending(List<H2Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.type() == H2Frame.DATA)
                .mapToLong(frame -> frame.payload().length)
                .sum();
    }

    void await() throws SocketException {
        await(0);
    }

    /** Waits for so long at most; 0 is for ever. */
    void await(long millis) throws SocketException {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            throw new SocketException("interrupted");
        }
    }

    /** A line's script is over, behind a whole answer or not. */
    void end(H2Line line, boolean whole) throws IOException {
        boolean alone = streams.values().stream().allMatch(other -> other == line);
        boolean reset = !whole && !alone;
        if (reset) {
            send(H2Frame.reset(line.streamId(), H2Code.INTERNAL_ERROR));
        } else if (!gone && whole && (!alone || manner == Manner.MANY_FRAMES)) {
            send(goAway());
        }
        closing |= !reset;
        forget(line);
        if (closing && streams.isEmpty()) {
            close();
        }
    }

    private void closeOnceIdle() throws IOException {
        if (closing && streams.isEmpty()) {
            close();
        }
    }

    /** A close while bytes are unread would be a reset: the reader goes on. */
    private void close() throws IOException {
        gone = true;
        if (!socket.isOutputShutdown() && !socket.isClosed()) {
            socket.shutdownOutput();
        }
    }

    void reset(H2Line line) throws IOException {
        if (streams.values().stream().allMatch(other -> other == line)) {
            gone = true;
            socket.setSoLinger(true, 0);
            socket.close();
        } else {
            send(H2Frame.reset(line.streamId(), H2Code.INTERNAL_ERROR));
            forget(line);
        }
    }

    // ---- for tests

    public Socket socket() {
        return socket;
    }

    /** What was sent so far, or its start. */
    public synchronized byte[] sent() {
        return sent.toByteArray();
    }

    /** Whether any answer was begun: SETTINGS are sent to whoever comes. */
    public synchronized boolean isAnswering() {
        return answering;
    }

    /** Whether the client may go on to use it. */
    public synchronized boolean isAlive() {
        return !ended && !gone;
    }

    /** How many streams are open. */
    public synchronized long openStreams() {
        return ended ? 0 : referee.openStreams();
    }

    /** How many lines are free. */
    public synchronized int freeLines() {
        return isAlive() ? free.size() : 0;
    }
}
