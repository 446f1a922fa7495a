package dev.weft.http.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How the bytes of a server reach the client: in one read, in two, or each in a read of its own.
 *
 * @param first how many bytes of a connection the client reads at first, none of them more; 0 for no limit
 * @param then how many it reads at a time after that; 0 for no limit
 */
record Split(int first, int then) {
    static final Split WHOLE = new Split(0, 0);
    static final Split BYTE_BY_BYTE = new Split(1, 1);

    /** Up to this size every byte is a place to cut. */
    private static final int SHORT = 64;

    private static final int MOST = 60;

    private static final int FRAME_HEAD = 9;

    static Split cutAt(int place) {
        return new Split(place, 0);
    }

    /** Byte by byte, then a cut at every place that matters in each of these streams of bytes; the whole is not among them. */
    static List<Split> of(List<byte[]> streams) {
        TreeSet<Integer> places = new TreeSet<>();
        streams.forEach(bytes -> places.addAll(places(bytes)));
        List<Split> all = new ArrayList<>();
        all.add(BYTE_BY_BYTE);
        places.forEach(place -> all.add(cutAt(place)));
        return all;
    }

    /** Byte by byte, then a cut at every place that matters where the streams are of frames of HTTP/2: at the start of one, within it and behind its head. */
    static List<Split> ofFrames(List<byte[]> streams) {
        TreeSet<Integer> places = new TreeSet<>();
        for (byte[] bytes : streams) {
            for (int at = 0; at + FRAME_HEAD <= bytes.length && places.size() < MOST; ) {
                places.addAll(List.of(at, at + 1, at + FRAME_HEAD, at + FRAME_HEAD + 1));
                at += FRAME_HEAD + (bytes[at] & 0xff) * 65_536 + (bytes[at + 1] & 0xff) * 256 + (bytes[at + 2] & 0xff);
            }
        }
        places.remove(0);
        List<Split> all = new ArrayList<>();
        all.add(BYTE_BY_BYTE);
        places.forEach(place -> all.add(cutAt(place)));
        return all;
    }

    /** Every byte of a short stream; of a long one what is around its line ends, its first and last bytes, and the start of its body. */
    private static TreeSet<Integer> places(byte[] bytes) {
        TreeSet<Integer> places = new TreeSet<>();
        int body = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        for (int i = 1; i < bytes.length; i++) {
            boolean matters =
                    bytes.length <= SHORT || isAtLineEnd(bytes, i) || i < 3 || (i > body && i < body + SHORT / 2);
            if ((matters && places.size() < MOST) || bytes.length - i <= 3) {
                places.add(i);
            }
        }
        return places;
    }

    private static boolean isAtLineEnd(byte[] bytes, int at) {
        return isLineEnd(bytes[at - 1]) || isLineEnd(bytes[at]);
    }

    private static boolean isLineEnd(byte b) {
        return b == '\r' || b == '\n';
    }

    @Override
    public String toString() {
        if (equals(WHOLE)) {
            return "whole";
        }
        return equals(BYTE_BY_BYTE) ? "byte by byte" : "cut behind byte " + first;
    }
}
