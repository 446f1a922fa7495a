package dev.weft.http.h2;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The values of the last request's fields as octets, by their places: a session says mostly the same, by the same objects, and HPACK looks for each by its
 * hash, which an {@link AsciiString} remembers. Confined to its connection.
 */
final class SentTexts {
    private static final int PLACES = 16;

    private final @Nullable String[] values = new String[PLACES];
    private final @Nullable AsciiString[] octets = new AsciiString[PLACES];

    /** A value as octets. */
    @SuppressWarnings("ReferenceEquality") // equal ones are not worth a comparison
    AsciiString text(int place, String value) {
        AsciiString known = place < PLACES && values[place] == value ? octets[place] : null;
        if (known != null) {
            return known;
        }
        AsciiString text = RequestFields.text(value);
        if (place < PLACES) {
            values[place] = value;
            octets[place] = text;
        }
        return text;
    }
}
