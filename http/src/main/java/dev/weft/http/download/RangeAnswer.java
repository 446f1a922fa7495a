package dev.weft.http.download;

import dev.weft.http.message.ResponseHead;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an answer to a request for a range means for the file that has a part already. Pure. Source: RFC 9110 sections 13.1.5, 14.4, 15.3.7
 * and 15.5.17.
 *
 * <p>Rule: bytes are joined only where the answer itself proves that they belong together. A 206 must carry what a 200 would have carried
 * (section 15.3.7), so one that has none of the known validators is not believed, even to a request with {@code If-Range}: servers that do
 * not know that field answer 206 to it as well.
 */
sealed interface RangeAnswer {
    /** The body goes there. {@code total} is the length of the whole, -1 if it is still unknown. */
    record WriteAt(long position, long end, long total) implements RangeAnswer {}

    /** The body is the whole, from its first byte. {@code same}: of the representation that is known, so what is there stays right. */
    record StartOver(boolean same) implements RangeAnswer {}

    /** There is another representation now; what is there is of no use. */
    record Changed(String why) implements RangeAnswer {}

    /** All of it is there: so many bytes. */
    record Complete(long length) implements RangeAnswer {}

    /** The server does ranges wrongly; it must be asked for the whole. */
    record Refused(String why) implements RangeAnswer {}

    /**
     * Judges an answer of status 200, 206 or 416.
     *
     * @param from the first byte that was asked for
     * @param to the end of what was asked for, not included; -1 if it was the rest
     * @param known of which representation the bytes are that are there; null if there are none yet
     * @param answered what {@link Validators#origin} makes of the answer
     * @throws IllegalArgumentException if the status is another one
     */
    static RangeAnswer judge(long from, long to, @Nullable Origin known, Origin answered, ResponseHead head) {
        return switch (head.status()) {
            case 200 -> new StartOver(known != null && Validators.sameRepresentation(known, answered));
            case 206 -> part(from, to, known, answered, head);
            case 416 -> unsatisfiable(from, known, answered, head);
            default -> throw new IllegalArgumentException("no answer to a range: status " + head.status());
        };
    }

    private static RangeAnswer part(long from, long to, @Nullable Origin known, Origin answered, ResponseHead head) {
        String type = head.headers().first("Content-Type");
        if (type != null && type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/byteranges")) {
            return new Refused("the server answered one range with several");
        }
        String value = Validators.only(head.headers(), "Content-Range");
        ContentRange range = value == null ? null : ContentRange.parse(value);
        if (range == null || range.start() < 0) {
            return new Refused("the server sent a part without saying which: Content-Range " + value);
        }
        String difference = known == null ? null : Validators.difference(known, answered);
        if (difference != null) {
            return new Changed(difference);
        }
        if (known != null && !Validators.sameCoding(known, answered)) {
            return new Changed("the content coding was " + known.coding() + " and is " + answered.coding());
        }
        String length = Validators.only(head.headers(), "Content-Length");
        long most = to >= 0 ? to : Long.MAX_VALUE;
        if (known != null && known.length() >= 0) {
            most = Math.min(most, known.length());
        }
        boolean fits = length == null || Numbers.decimal(length) == range.end() - range.start();
        if (range.start() != from || range.end() > most || !fits) {
            String asked = from + "-" + (to < 0 ? "" : to - 1);
            return new Refused("the server was asked for bytes " + asked + " and sent " + value
                    + (length == null ? "" : " in " + length + " bytes"));
        }
        if (known != null && !isVouchedFor(known, answered)) {
            return new Refused("the server does not say of which version its part is");
        }
        return new WriteAt(range.start(), range.end(), range.total());
    }

    private static boolean isVouchedFor(Origin known, Origin answered) {
        boolean byTag =
                known.etag() != null && known.etag().equals(answered.etag()) && Validators.isStrong(known.etag());
        boolean byDate = known.dateIsStrong()
                && known.lastModified() != null
                && known.lastModified().equals(answered.lastModified());
        return byTag || byDate;
    }

    private static RangeAnswer unsatisfiable(long from, @Nullable Origin known, Origin answered, ResponseHead head) {
        String value = Validators.only(head.headers(), "Content-Range");
        ContentRange range = value == null ? null : ContentRange.parse(value);
        if (range == null || range.start() >= 0) {
            return new Refused("the server has no such range, and does not say why");
        }
        String difference = known == null ? null : Validators.difference(known, answered.withLength(range.total()));
        if (difference != null) {
            return new Changed(difference);
        }
        if (range.total() < from) {
            return new Changed("it had " + from + " bytes at least and has " + range.total());
        }
        return range.total() == from
                ? new Complete(from)
                : new Refused("the server has no bytes from " + from + " on, of " + range.total());
    }
}
