package dev.weft.http.encoding;

/** The head of a gzip member, byte by byte: RFC 1952 section 2.3. */
final class GzipHeader {
    private static final int FIXED_BYTES = 10;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private int position;
    private int flags;
    private int extraLength;
    /** What is left of the part that {@link #flags} still announces; each is cleared when it is over. */
    private int inPart;

    /** Takes a byte; true if it was the last. */
    boolean accept(int b) throws CodingException {
        if (position < FIXED_BYTES) {
            fixed(b);
            position++;
            return position == FIXED_BYTES && flags == 0;
        }
        optional(b);
        return flags == 0;
    }

    private void fixed(int b) throws CodingException {
        boolean wrong = switch (position) {
            case 0 -> b != 0x1f;
            case 1 -> b != 0x8b;
            case 2 -> b != 8;
            case 3 -> (b & RESERVED) != 0;
            default -> false;
        };
        if (wrong) {
            throw new CodingException("it is no gzip data");
        }
        if (position == 3) {
            // The lowest bit says only that it is probably text.
            flags = b & ~1;
        }
    }

    private void optional(int b) {
        if ((flags & HAS_EXTRA) != 0) {
            extra(b);
        } else if ((flags & HAS_NAME) != 0) {
            flags = b == 0 ? flags & ~HAS_NAME : flags;
        } else if ((flags & HAS_COMMENT) != 0) {
            flags = b == 0 ? flags & ~HAS_COMMENT : flags;
        } else if (++inPart == 2) {
            flags &= ~HAS_CHECKSUM;
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
}
