package dev.weft.http.message;

/**
 * How much the head, or the trailers, of an answer may be. More ends the request with {@link ProtocolException}, which names the header.
 *
 * @param lineBytes the longest status line, and the longest line of chunked framing; default 16 KiB
 * @param fieldBytes the longest field, name and value; default 64 KiB
 * @param fields how many fields; default 256
 * @param totalBytes all fields together; default 256 KiB
 */
public record HeaderLimits(int lineBytes, int fieldBytes, int fields, int totalBytes) {
    /** 16 KiB, 64 KiB, 256 fields, 256 KiB. */
    public static final HeaderLimits DEFAULT = new HeaderLimits(16 << 10, 64 << 10, 256, 256 << 10);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public HeaderLimits {
        if (lineBytes < 1 || fieldBytes < 1 || fields < 1 || totalBytes < 1) {
            throw new IllegalArgumentException("limits of headers must be 1 or more: " + lineBytes + ", " + fieldBytes
                    + ", " + fields + ", " + totalBytes);
        }
    }

    /** The same with another longest line, in bytes. */
    public HeaderLimits withLineBytes(int bytes) {
        return new HeaderLimits(bytes, fieldBytes, fields, totalBytes);
    }

    /** The same with another longest field, in bytes; all fields together may be as much at least. */
    public HeaderLimits withFieldBytes(int bytes) {
        return new HeaderLimits(lineBytes, bytes, fields, Math.max(bytes, totalBytes));
    }

    /** The same with another number of fields. */
    public HeaderLimits withFields(int count) {
        return new HeaderLimits(lineBytes, fieldBytes, count, totalBytes);
    }

    /** The same with another size of all fields together, in bytes. */
    public HeaderLimits withTotalBytes(int bytes) {
        return new HeaderLimits(lineBytes, fieldBytes, fields, bytes);
    }
}
