package dev.weft.http.download;

import dev.weft.http.message.ClientResponse;
import org.jspecify.annotations.Nullable;

/** A range of the file that one connection fetches, from its start on. Its end moves towards it when another connection takes a part. Confined to the loop. */
final class Segment {
    /** An end that is not known yet. */
    static final long OPEN = Long.MAX_VALUE;

    private final long startNanos;
    private final long start;
    private long position;
    private long end;
    private long lastNanos;
    private long answerEnd;
    private boolean taken;
    private @Nullable ClientResponse answer;

    Segment(long start, long end, long nowNanos) {
        this.start = start;
        this.position = start;
        this.end = end;
        this.startNanos = nowNanos;
        this.lastNanos = nowNanos;
    }

    /** Where the next byte goes. */
    long position() {
        return position;
    }

    /** Behind its last byte; {@link #OPEN} while that is not known. */
    long end() {
        return end;
    }

    /** How much is to come. */
    long left() {
        return end - position;
    }

    /** From here on the file is another's, or ends. */
    void endAt(long newEnd) {
        end = newEnd;
    }

    /** It begins at another place: the server sends the file from there. */
    void restartAt(long newPosition) {
        position = newPosition;
    }

    /** Bytes were written. */
    void advance(int bytes, long nowNanos) {
        position += bytes;
        lastNanos = nowNanos;
    }

    /** Bytes a second since it began. */
    double rate(long nowNanos) {
        return (position - start) * 1e9 / Math.max(1, nowNanos - startNanos);
    }

    /** How long nothing has come. */
    long silentNanos(long nowNanos) {
        return nowNanos - lastNanos;
    }

    /** Whether bytes came. */
    boolean gives() {
        return position > start;
    }

    /** The body of this response is what it needs, up to that place in the file, which may be behind its end. */
    void answeredBy(ClientResponse response, long bodyEnd) {
        answer = response;
        answerEnd = bodyEnd;
        if (end == OPEN) {
            end = bodyEnd;
        }
    }

    /** Where the body of its answer ends in the file; 0 while there is none. */
    long answerEnd() {
        return answerEnd;
    }

    /** All that is left of it becomes another's: who fetches it is to stop. */
    void take() {
        taken = true;
        end = position;
        if (answer != null) {
            answer.close();
        }
    }

    boolean isTaken() {
        return taken;
    }
}
