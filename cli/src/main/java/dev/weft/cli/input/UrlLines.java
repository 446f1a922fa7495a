package dev.weft.cli.input;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Text in UTF-8 as lines, read as it comes. A byte order mark at the beginning and a carriage return at the end of a line are no
 * part of it. Holds one line and one buffer. Any one thread.
 */
final class UrlLines {
    /** A line longer than this is no URL, and is not kept in memory. */
    static final int MAX_LINE_BYTES = 1 << 16;

    private static final int BUFFER = 1 << 16;
    /** What is kept of a line that is too long, to tell it by. */
    private static final int SHOWN = 64;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private long number;

    UrlLines(InputStream in) {
        this.in = in;
    }

    /**
     * A line.
     *
     * @param number from 1
     * @param text without its end; the beginning of it if it is too long
     * @param fault what is wrong with it; null if nothing is
     */
    record Line(long number, String text, @Nullable String fault) {}

    /**
     * The next line, or null at the end.
     *
     * @throws IOException if the input cannot be read
     */
    @Nullable
    Line next() throws IOException {
        if (!fill()) {
            return null;
        }
        number++;
        int end = end();
        if (end >= 0) {
            // The usual case: all of it is in the buffer.
            Line line = line(buffer, from, end);
            from = end + 1;
            return line;
        }
        return acrossBuffers();
    }

    private Line acrossBuffers() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long length = 0;
        boolean ended = false;
        while (!ended && fill()) {
            int end = end();
            ended = end >= 0;
            int stop = ended ? end : to;
            length += stop - from;
            if (length <= MAX_LINE_BYTES) {
                bytes.write(buffer, from, stop - from);
            }
            from = ended ? stop + 1 : stop;
        }
        byte[] kept = bytes.toByteArray();
        if (length > MAX_LINE_BYTES) {
            String start = new String(kept, 0, Math.min(SHOWN, kept.length), StandardCharsets.UTF_8);
            return new Line(number, start, "longer than " + MAX_LINE_BYTES + " bytes: this is no list of URLs");
        }
        return line(kept, 0, kept.length);
    }

    private Line line(byte[] bytes, int start, int end) {
        int stop = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
        String text = new String(bytes, start, stop - start, StandardCharsets.UTF_8);
        boolean damaged = text.indexOf('\ufffd') >= 0
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(bytes, start, stop));
        if (number == 1 && text.startsWith("\ufeff")) {
            text = text.substring(1);
        }
        return new Line(number, text, damaged ? "not UTF-8" : null);
    }

    /** Whether the next line, or a part of it, can be had without waiting, as far as the input can tell. */
    boolean hasMore() {
        try {
            return from < to || in.available() > 0;
        } catch (IOException e) {
            // A named pipe cannot be asked. The next read tells.
            return false;
        }
    }

    /** The place of the end of the line in the buffer; -1 if it is not in it. */
    private int end() {
        for (int i = from; i < to; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Has at least one byte in the buffer; false at the end of the input. */
    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer));
        }
        return to > 0 && from < to;
    }
}
