package dev.weft.http.websocket.frame;

import java.util.Arrays;
import java.util.zip.Deflater;

/** Compresses messages by {@code permessage-deflate}: RFC 7692 section 7.2.1. Confined to the loop. */
final class Deflation implements AutoCloseable {
    /** What each message ends with after a flush, and is left off. */
    private static final int TAIL_BYTES = 4;
    /** With less room the deflater could repeat the mark of its flush. */
    private static final int LEAST_ROOM = 64;

    private final Deflater deflater;
    private final boolean forgets;

    /**
     * Nothing was sent yet.
     *
     * @param level 1 to 9
     * @param forgets whether each message is compressed on its own
     */
    Deflation(int level, boolean forgets) {
        this.deflater = new Deflater(level, true);
        this.forgets = forgets;
    }

    /** The next message that is sent, compressed; it has a byte at least. */
    byte[] deflate(byte[] message) {
        deflater.setInput(message);
        byte[] out = new byte[Math.max(LEAST_ROOM, message.length / 2)];
        int size = 0;
        while (true) {
            int room = out.length - size;
            int count = deflater.deflate(out, size, room, Deflater.SYNC_FLUSH);
            size += count;
            if (count < room) {
                break;
            }
            out = Arrays.copyOf(out, out.length * 2 + LEAST_ROOM);
        }
        if (forgets) {
            deflater.reset();
        }
        return Arrays.copyOf(out, size - TAIL_BYTES);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
