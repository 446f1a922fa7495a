package dev.weft.http.message;

import java.nio.charset.StandardCharsets;

/**
 * The lines that part the parts of a multipart body: a line end, two dashes and the boundary, for the last one two dashes more, perhaps
 * spaces, and the end of the line. A line that only begins like one, as that of a nested body may, is content. Immutable.
 *
 * <p>Source: RFC 2046 section 5.1.1.
 */
final class Delimiter {
    /** Spaces behind a boundary, which transports may add; with more of them the line is content. */
    private static final int PADDING_BYTES = 1024;

    /** That what was looked at is none. */
    static final int NONE = -1;
    /** That it depends on bytes which have not come yet. */
    static final int UNDECIDED = -2;

    /** What it begins with. */
    final byte[] start;

    private final String boundary;

    private Delimiter(String start, String boundary) {
        this.start = (start + "--" + boundary).getBytes(StandardCharsets.UTF_8);
        this.boundary = boundary;
    }

    /** One at the start of a line, whose line end does not matter. */
    static Delimiter first(String boundary) {
        return new Delimiter("", boundary);
    }

    /** The same behind a line end. */
    Delimiter behind(String lineEnd) {
        return new Delimiter(lineEnd, boundary);
    }

    /** A line of more bytes is none. */
    int mostBytes() {
        return start.length + 2 + PADDING_BYTES + 2;
    }

    /**
     * Where the line ends of which {@link #start} ends at an index of the window, or {@link #NONE}, or {@link #UNDECIDED}.
     *
     * @param ended whether the window holds all there is; then the last delimiter needs no line end
     */
    int end(Window window, int from, boolean ended) {
        boolean isLast = isLast(window, from);
        int at = isLast ? from + 2 : from;
        int padding = at;
        while (at < window.size() && (window.at(at) == ' ' || window.at(at) == '\t')) {
            at++;
        }
        if (at - padding > PADDING_BYTES) {
            return NONE;
        }
        boolean isDash = at == from && at + 1 == window.size() && window.at(at) == '-';
        int feed = isDash || (at < window.size() && window.at(at) == '\r') ? at + 1 : at;
        if (feed < window.size()) {
            return window.at(feed) == '\n' ? feed + 1 : NONE;
        }
        if (ended) {
            return isLast ? window.size() : NONE;
        }
        return UNDECIDED;
    }

    /** Whether it is the last one of which {@link #start} ends at an index. */
    static boolean isLast(Window window, int from) {
        return from + 1 < window.size() && window.at(from) == '-' && window.at(from + 1) == '-';
    }

    /** How many bytes at the end of the window may be the start of one, of those at an index and behind it. */
    int partial(Window window, int from) {
        for (int length = Math.min(start.length - 1, window.size() - from); length > 0; length--) {
            if (window.startsWith(start, window.size() - length, length)) {
                return length;
            }
        }
        return 0;
    }

    @Override
    public String toString() {
        return "--" + boundary;
    }
}
