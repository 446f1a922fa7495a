package dev.weft.http.message;

import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads a {@code Content-Type}: RFC 9110 section 8.3. Pure; malformed ones give nothing rather than fail. */
final class MediaType {
    private MediaType() {}

    /** Type and subtype in lower case; empty if there are none. */
    static String of(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** The value of a parameter, quotes undone; null if it is not there. */
    static @Nullable String parameter(@Nullable String contentType, String name) {
        return contentType == null
                ? null
                : new FieldScanner(contentType).parameters("").get(name);
    }

    /** The charset it names, if there is one of that name. */
    static @Nullable Charset charset(@Nullable String contentType) {
        String name = parameter(contentType, "charset");
        // Single quotes mean nothing here, but servers write them.
        return name == null ? null : named(name.replace("'", "").strip());
    }

    private static @Nullable Charset named(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
