package dev.weft.cli.download;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A list of URLs as text in UTF-8, one a line, read as it comes. Blank lines and those that begin with {@code #} are skipped, and
 * so are blanks and a carriage return at either end of a line, and a byte order mark. Any one thread.
 */
final class UrlLines {
    /** A line longer than this is no URL, and is not kept in memory: the input is something else than a list. */
    static final int MAX_LINE_BYTES = 1 << 16;

    private final InputStream in;
    private long line;

    UrlLines(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /**
     * The next URL, or null at the end.
     *
     * @throws IOException if the input cannot be read, or a line of it is too long
     */
    @Nullable
    String next() throws IOException {
        for (String text = line(); text != null; text = line()) {
            String url = text.strip();
            if (!url.isEmpty() && url.charAt(0) != '#') {
                return url;
            }
        }
        return null;
    }

    private @Nullable String line() throws IOException {
        int c = in.read();
        if (c < 0) {
            return null;
        }
        line++;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (bytes.size() == MAX_LINE_BYTES) {
                throw new IOException(
                        "line " + line + " is longer than " + MAX_LINE_BYTES + " bytes: this is no list of URLs");
            }
            bytes.write(c);
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        return line == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
    }
}
