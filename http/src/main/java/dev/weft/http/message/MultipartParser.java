package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the parts of a multipart body: RFC 2046 section 5.1.1. Fed with bytes, stepped through by whoever wants the parts; what comes out
 * depends on the bytes alone, not on how they were cut. Pure; for one thread.
 *
 * <p>Lines end as the first delimiter does, with CR LF or LF alone. What is before the first and behind the last delimiter is skipped.
 */
final class MultipartParser {
    /** What a step gives. */
    enum Step {
        /** Nothing before more is fed, or the end. */
        MORE,
        /** A part begins; {@link #headers} has its headers. */
        PART,
        /** Content of the part; {@link #data} has it. */
        DATA,
        /** The part has ended. */
        PART_END,
        /** There is no further part. */
        END
    }

    private enum State {
        PREAMBLE,
        HEADERS,
        CONTENT,
        EPILOGUE
    }

    /** What is wrong with the body. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String reason) {
            super(reason);
        }
    }

    private final HeaderLimits limits;
    private final Window window = new Window();
    private Delimiter delimiter;
    private int lineEndBytes;
    private State state = State.PREAMBLE;
    private boolean ended;
    /** How much at the start of the window was looked at: it holds no line feed, in content no delimiter. */
    private int looked;
    /** Whether the window begins in the middle of a line, of which the start was dropped. */
    private boolean inLine;
    /** How much at the start of the window is not content, but the line end before it; which may be that of a delimiter too. */
    private int leading;

    private final List<String> headerLines = new ArrayList<>();
    private int headerBytes;
    private int number;
    private Headers headers = Headers.empty();
    private ByteBuffer data = ByteBuffer.allocate(0);

    MultipartParser(String boundary, HeaderLimits limits) {
        this.delimiter = Delimiter.first(boundary);
        this.limits = limits;
    }

    /** Copies bytes of the body. */
    void feed(ByteBuffer more) {
        if (state != State.EPILOGUE) {
            window.append(more);
        }
    }

    /** There is no more to feed. */
    void end() {
        ended = true;
    }

    /** The headers of the part that has begun. */
    Headers headers() {
        return headers;
    }

    /** The content that came, valid until more is fed. */
    ByteBuffer data() {
        return data;
    }

    Step step() throws Malformed {
        return switch (state) {
            case PREAMBLE -> preamble();
            case HEADERS -> header();
            case CONTENT -> content();
            case EPILOGUE -> Step.END;
        };
    }

    // ---- before the first part

    private Step preamble() throws Malformed {
        while (true) {
            int feed = lineFeed();
            if (feed < 0 && !ended) {
                dropLongLine();
                return Step.MORE;
            }
            int end = inLine || !window.startsWith(delimiter.start, 0, delimiter.start.length)
                    ? Delimiter.NONE
                    : delimiter.end(window, delimiter.start.length, ended);
            if (end >= 0) {
                return begin(end);
            }
            if (feed < 0) {
                throw new Malformed("it has no line " + delimiter);
            }
            skip(feed + 1);
            inLine = false;
        }
    }

    private Step begin(int end) throws Malformed {
        boolean isCrLf = end >= 2 && window.at(end - 2) == '\r';
        boolean isLast = Delimiter.isLast(window, delimiter.start.length);
        delimiter = delimiter.behind(isCrLf ? "\r\n" : "\n");
        lineEndBytes = isCrLf ? 2 : 1;
        skip(end);
        return go(isLast ? State.EPILOGUE : State.HEADERS);
    }

    private Step go(State next) throws Malformed {
        state = next;
        if (next == State.EPILOGUE) {
            window.clear();
        }
        return step();
    }

    /** A line too long for a delimiter need not be kept to be passed over. */
    private void dropLongLine() {
        if (window.size() > delimiter.mostBytes()) {
            inLine = true;
            skip(window.size());
        }
    }

    /** Where the next line feed is; -1 if there is none yet. */
    private int lineFeed() {
        for (; looked < window.size(); looked++) {
            if (window.at(looked) == '\n') {
                return looked;
            }
        }
        return -1;
    }

    private void skip(int length) {
        window.skip(length);
        looked = 0;
    }

    // ---- headers

    private Step header() throws Malformed {
        while (true) {
            int feed = lineFeed();
            int length = feed < 0 ? window.size() : feed + 1;
            if (headerBytes + length > limits.totalBytes()) {
                throw new Malformed(
                        "the headers of part " + (number + 1) + " have more than " + limits.totalBytes() + " bytes");
            }
            if (feed < 0) {
                return more(number + 1);
            }
            int content = feed > 0 && window.at(feed - 1) == '\r' ? feed - 1 : feed;
            if (content == 0) {
                return part(length);
            }
            headerLines.add(TextCoding.utf8OrLatin1(window.take(length), content));
            headerBytes += length;
            looked = 0;
        }
    }

    private Step part(int blankLine) throws Malformed {
        number++;
        headers = PartHeaders.parse(headerLines, number, limits);
        headerLines.clear();
        headerBytes = 0;
        state = State.CONTENT;
        leading = Math.min(blankLine, lineEndBytes);
        skip(blankLine - leading);
        return Step.PART;
    }

    private Step more(int part) throws Malformed {
        if (ended) {
            throw new Malformed("it ends in part " + part + ", without its last boundary");
        }
        return Step.MORE;
    }

    // ---- content

    private Step content() throws Malformed {
        int end = findDelimiter();
        if (looked > leading) {
            window.skip(leading);
            data = window.lend(looked - leading);
            leading = 0;
            looked = 0;
            return Step.DATA;
        }
        if (end < 0) {
            return more(number);
        }
        boolean isLast = Delimiter.isLast(window, looked + delimiter.start.length);
        skip(end);
        state = isLast ? State.EPILOGUE : State.HEADERS;
        return Step.PART_END;
    }

    /** Looks up to the next delimiter, or to what may become one; gives where it ends, if it is there. */
    private int findDelimiter() {
        while (true) {
            int at = window.indexOf(delimiter.start, looked);
            if (at < 0) {
                looked = window.size() - delimiter.partial(window, looked);
                return at;
            }
            looked = at;
            int end = delimiter.end(window, at + delimiter.start.length, ended);
            if (end != Delimiter.NONE) {
                return end;
            }
            looked++;
        }
    }
}
