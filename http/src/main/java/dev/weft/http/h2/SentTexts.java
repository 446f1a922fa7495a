package dev.weft.http.h2;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The last request's fields as octets, and their values by their places: a session says mostly the same, by the same objects, and HPACK looks for each by its
 * hash, which an {@link AsciiString} remembers. Confined to its connection.
 */
final class SentTexts {
    private static final int PLACES = 16;

    private final @Nullable String[] values = new String[PLACES];
    private final @Nullable AsciiString[] octets = new AsciiString[PLACES];

    private Headers said = Headers.empty();
    private AsciiString[] fields = new AsciiString[0];
    private @Nullable HttpUrl to;
    private AsciiString authority = AsciiString.EMPTY_STRING;

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

    /** The fields of a request without a body. */
    @SuppressWarnings("ReferenceEquality") // equal ones are not worth a comparison
    AsciiString[] fields(Headers headers) {
        if (headers != said) {
            fields = RequestFields.fields(headers, this).toArray(AsciiString[]::new);
            said = headers;
        }
        return fields;
    }

    /** The authority of a URL. */
    AsciiString authority(HttpUrl url) {
        if (to == null || !url.isSameOrigin(to)) {
            authority = RequestFields.text(url.authority());
            to = url;
        }
        return authority;
    }
}
