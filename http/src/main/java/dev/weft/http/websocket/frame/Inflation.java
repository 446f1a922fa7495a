package dev.weft.http.websocket.frame;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes {@code permessage-deflate}, RFC 7692 section 7.2.2, message by message. On the JDK's inflater and not by Netty's handler: that
 * inflates all that came in with one read, however much that makes, where this goes as far as the receiver does. Confined to the loop.
 */
final class Inflation implements AutoCloseable {
    /** What the other side left off at the end of a message. */
    private static final byte[] TAIL = {0, 0, -1, -1};

    private final Inflater inflater = new Inflater(true);
    private final boolean forgets;
    private boolean restarted;

    /** Whether the other side forgets one message before the next. */
    Inflation(boolean forgets) {
        this.forgets = forgets;
    }

    /** Inflates the next part of a message. */
    void inflate(byte[] part, Gathered to) throws Violation {
        inflater.setInput(part);
        try {
            while (true) {
                int room = to.room();
                int count = inflater.inflate(to.array(), to.size(), room);
                to.added(count);
                if (inflater.finished()) {
                    // A block that says it is the last: section 7.2.3.5. The next one begins anew.
                    int left = inflater.getRemaining();
                    inflater.reset();
                    restarted = true;
                    inflater.setInput(part, part.length - left, left);
                } else if (count < room) {
                    return;
                }
            }
        } catch (DataFormatException e) {
            throw new Violation(CloseCodes.INVALID_DATA, "a message cannot be inflated: " + e.getMessage());
        }
    }

    /** The message is whole. */
    void end(Gathered to) throws Violation {
        inflate(TAIL, to);
        if (forgets || restarted) {
            inflater.reset();
            restarted = false;
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
