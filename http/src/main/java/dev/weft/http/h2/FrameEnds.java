package dev.weft.http.h2;

import io.netty.buffer.ByteBuf;

/**
 * Where frames end in what comes: RFC 9113 section 4.1. What completes a frame is decoded before the rest, so that the rest, which is most of it, need not
 * be copied to stand behind the frame's start. Pure, but for what it remembers.
 */
final class FrameEnds {
    private static final int LENGTH_BYTES = 3;
    private static final int HEADER_BYTES = 9;

    /** What the frame under way lacks; 0 while its length is not known. */
    private int missing;

    private int length;
    /** How much of its length was seen. */
    private int lengthBytes;

    /** How many of these bytes, which come next, complete the frame that is under way; 0 if none is, or if they do not. */
    int completing(ByteBuf bytes) {
        boolean underWay = missing > 0 || lengthBytes > 0;
        int start = bytes.readerIndex();
        int end = bytes.writerIndex();
        int first = 0;
        for (int at = start; at < end; ) {
            if (missing == 0) {
                length = length << 8 | bytes.getUnsignedByte(at++);
                if (++lengthBytes == LENGTH_BYTES) {
                    missing = length + HEADER_BYTES - LENGTH_BYTES;
                    length = 0;
                    lengthBytes = 0;
                }
            } else {
                int step = Math.min(missing, end - at);
                missing -= step;
                at += step;
                first = missing == 0 && first == 0 ? at - start : first;
            }
        }
        return underWay ? first : 0;
    }
}
