package dev.weft.http.encoding;

import java.util.zip.CRC32;

/** The head of a gzip member, byte by byte: RFC 1952 section 2.3. */
final class GzipHeader {
    /** What a byte was. */
    enum Step {
        MORE,
        DONE,
        NOT_GZIP,
        WRONG_CHECKSUM
    }

    private static final int FIXED_BYTES = 10;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final CRC32 sum = new CRC32();
    private int position;
    /** The parts that are still to come; each is cleared when it is over. */
    private int flags;

    private int extraLength;
    private int checksum;
    /** How many bytes of the present part were taken. */
    private int inPart;

    /** Takes a byte. */
    Step accept(int b) {
        if (position < FIXED_BYTES) {
            if (isWrong(b)) {
                return Step.NOT_GZIP;
            }
            if (position == 3) {
                // The lowest bit says only that it is probably text.
                flags = b & ~1;
            }
            position++;
            sum.update(b);
            return position == FIXED_BYTES && flags == 0 ? Step.DONE : Step.MORE;
        }
        if (flags == HAS_CHECKSUM) {
            return checksum(b);
        }
        sum.update(b);
        optional(b);
        return flags == 0 ? Step.DONE : Step.MORE;
    }

    private boolean isWrong(int b) {
        return switch (position) {
            case 0 -> b != 0x1f;
            case 1 -> b != 0x8b;
            case 2 -> b != 8;
            case 3 -> (b & RESERVED) != 0;
            default -> false;
        };
    }

    private void optional(int b) {
        if ((flags & HAS_EXTRA) != 0) {
            extra(b);
        } else if (b == 0) {
            flags &= (flags & HAS_NAME) != 0 ? ~HAS_NAME : ~HAS_COMMENT;
        }
    }

    private void extra(int b) {
        if (inPart < 2) {
            extraLength |= b << (8 * inPart);
        }
        inPart++;
        if (inPart >= 2 && inPart == 2 + extraLength) {
            inPart = 0;
            flags &= ~HAS_EXTRA;
        }
    }

    private Step checksum(int b) {
        checksum |= b << (8 * inPart);
        inPart++;
        if (inPart < 2) {
            return Step.MORE;
        }
        return checksum == (sum.getValue() & 0xffff) ? Step.DONE : Step.WRONG_CHECKSUM;
    }
}
