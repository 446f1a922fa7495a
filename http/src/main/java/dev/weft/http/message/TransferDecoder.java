package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Undoes a {@code Content-Transfer-Encoding}, RFC 2045 section 6, however its bytes are cut. Pure; for one thread. */
interface TransferDecoder {
    /** What the next bytes give, perhaps nothing; takes all of them. */
    ByteBuffer decode(ByteBuffer more);

    /**
     * What is left when there are no more bytes.
     *
     * @throws IllegalArgumentException if they end where they may not
     */
    ByteBuffer finish();

    /**
     * The decoder for the value of a header; null if the bytes are what they are.
     *
     * @throws IllegalArgumentException for an encoding that is not known here
     */
    static @Nullable TransferDecoder of(@Nullable String encoding) {
        return switch (encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "7bit", "8bit", "binary" -> null;
            case "base64" -> new Base64Decoder();
            case "quoted-printable" -> new QuotedPrintableDecoder();
            default ->
                throw new IllegalArgumentException(
                        "Content-Transfer-Encoding " + Fields.quote("" + encoding) + " is not known here");
        };
    }
}
