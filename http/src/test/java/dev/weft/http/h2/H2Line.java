package dev.weft.http.h2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.weft.http.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Locale;

/**
 * What streams of one connection use one after the other, as requests use a connection of HTTP/1.1: a script reads and writes that here. A stream that is
 * reset ends its line, as the end of the connection does. Any thread; guarded by its connection's lock.
 */
public final class H2Line implements RawServer.Ends {
    /** What a request for a WebSocket has besides, in HTTP/1.1. */
    private static final String KEY = "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private final H2Lines lines;
    private final H2Answers answers = new H2Answers();
    private final ArrayDeque<Input> input = new ArrayDeque<>();
    private H2Request request;
    private boolean chunked;
    /** Whether the request asks for another protocol: RFC 8441. */
    private boolean connects;

    private boolean requestEnded;
    private boolean answerEnded;
    private boolean dead;
    /** How long a read waits for its first byte; 0 is for ever. */
    private int patienceMillis;

    /** Bytes for the script; what the client may send again once they are read. */
    private static final class Input {
        final byte[] bytes;
        final int credit;
        int read;

        Input(byte[] bytes, int credit) {
            this.bytes = bytes;
            this.credit = credit;
        }
    }

    H2Line(H2Lines lines) {
        this.lines = lines;
    }

    // ---- from the connection, which holds its lock

    /** A request is here; its body may follow. */
    void begin(H2Request next) {
        request = next;
        requestEnded = false;
        answerEnded = false;
        String protocol = next.value(":protocol");
        connects = protocol != null;
        chunked = !connects && !next.endStream() && next.value("content-length") == null;
        answers.begin(next.value(":method"));
        StringBuilder head =
                new StringBuilder((connects ? "GET" : next.value(":method")) + " " + next.path() + " HTTP/1.1\r\n");
        head.append("Host: ").append(next.value(":authority")).append("\r\n");
        head.append(connects ? "Upgrade: " + protocol + "\r\n" + KEY : "");
        String cookies = null;
        for (String field : next.fields()) {
            if (field.startsWith("cookie: ")) {
                cookies = cookies == null ? field.substring(8) : cookies + "; " + field.substring(8);
            } else if (!field.startsWith(":")) {
                head.append(title(field)).append("\r\n");
            }
        }
        head.append(cookies == null ? "" : "Cookie: " + cookies + "\r\n");
        head.append(chunked ? "Transfer-Encoding: chunked\r\n" : "").append("\r\n");
        add(head.toString(), 0);
        if (next.endStream()) {
            onRequestEnd();
        }
    }

    /** As {@code Content-Type}: what HTTP/2 has in lower case. */
    private static String title(String field) {
        StringBuilder title = new StringBuilder(field);
        for (int i = 0; i < field.indexOf(':'); i++) {
            if (i == 0 || field.charAt(i - 1) == '-') {
                title.setCharAt(i, Character.toUpperCase(field.charAt(i)));
            }
        }
        return title.toString();
    }

    void body(H2Frame frame) {
        byte[] content = frame.content();
        if (content.length > 0) {
            String text = new String(content, ISO_8859_1);
            add(
                    chunked
                            ? Integer.toHexString(content.length).toUpperCase(Locale.ROOT) + "\r\n" + text + "\r\n"
                            : text,
                    frame.payload().length);
        }
        if (frame.endsStream()) {
            add(chunked ? "0\r\n\r\n" : "", 0);
            onRequestEnd();
        }
    }

    private void onRequestEnd() {
        requestEnded = true;
        lines.notifyAll();
    }

    private void add(String text, int credit) {
        input.add(new Input(text.getBytes(ISO_8859_1), credit));
        lines.notifyAll();
    }

    /** Nothing comes any more, nor goes; gives what of the connection's window has to be given back. */
    int kill(boolean forgetting) {
        dead = true;
        int credit = 0;
        if (forgetting) {
            for (Input some : input) {
                credit += some.credit;
            }
            input.clear();
        }
        lines.notifyAll();
        return credit;
    }

    /** Whether another protocol is spoken. */
    boolean hasSwitched() {
        return connects && answers.hasSwitched();
    }

    boolean isDead() {
        return dead;
    }

    boolean isBusy() {
        return !dead && !(requestEnded && answerEnded);
    }

    int streamId() {
        return request.streamId();
    }

    boolean isRequestEnded() {
        return requestEnded;
    }

    // ---- for the script

    @Override
    public InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                return H2Line.this.read(to, offset, length);
            }

            @Override
            public int available() {
                synchronized (lines) {
                    return input.stream()
                            .mapToInt(some -> some.bytes.length - some.read)
                            .sum();
                }
            }
        };
    }

    private int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        synchronized (lines) {
            long start = System.nanoTime();
            while (true) {
                Input some = input.peek();
                if (some == null && (dead || (connects && requestEnded))) {
                    return -1;
                }
                if (some == null) {
                    lines.await(left(start));
                    continue;
                }
                int bytes = Math.min(length, some.bytes.length - some.read);
                System.arraycopy(some.bytes, some.read, to, offset, bytes);
                some.read += bytes;
                if (some.read == some.bytes.length) {
                    input.remove();
                    if (some.credit > 0 && !dead) {
                        lines.giveBack(this, some.credit);
                    }
                }
                if (bytes > 0) {
                    return bytes;
                }
            }
        }
    }

    /** How long a read may still wait, in milliseconds; 0 is for ever. */
    private long left(long start) throws SocketTimeoutException {
        if (patienceMillis == 0) {
            return 0;
        }
        long left = patienceMillis - (System.nanoTime() - start) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("nothing came for " + patienceMillis + " ms");
        }
        return left;
    }

    @Override
    public void patience(int millis) {
        patienceMillis = millis;
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        synchronized (lines) {
            if (dead) {
                throw new SocketException("the stream is over");
            }
            lines.write(this, answers.take(bytes), answers.closes());
        }
    }

    /** What ended its answer is about to be sent. */
    void answered() {
        answerEnded = true;
    }

    @Override
    public void finish() throws IOException {
        synchronized (lines) {
            if (!dead) {
                lines.write(this, answers.finish(), true);
            }
        }
    }

    /** The script is over. */
    public void end() throws IOException {
        synchronized (lines) {
            if (!dead) {
                lines.write(this, answers.finish(), false);
                lines.end(this, answerEnded);
            }
        }
    }

    @Override
    public void reset() throws IOException {
        synchronized (lines) {
            if (!dead) {
                lines.reset(this);
            }
        }
    }
}
