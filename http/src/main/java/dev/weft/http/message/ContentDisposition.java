package dev.weft.http.message;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server, or a part of a multipart body, says about the name and the handling of its content. Immutable. Source: RFC 6266; aiohttp's
 * {@code ContentDisposition}.
 *
 * @param type as {@code attachment}, {@code inline} or {@code form-data}, in lower case; {@code attachment} where there is none
 * @param parameters by name in lower case, quotes and encodings undone; where there is {@code filename*}, {@code filename} is its value
 */
public record ContentDisposition(String type, Map<String, String> parameters) {
    /** The longest name that {@link #safeFileName()} gives, in bytes of UTF-8: what file systems take. */
    private static final int NAME_BYTES = 255;

    /** Copies the parameters. */
    public ContentDisposition {
        parameters = Collections.unmodifiableMap(new java.util.LinkedHashMap<>(parameters));
    }

    /**
     * Reads the value of a {@code Content-Disposition}, forgivingly: a file name without quotes may hold spaces, what is malformed is left
     * out.
     *
     * @return null for null and for one that says nothing
     */
    public static @Nullable ContentDisposition parse(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        FieldScanner scanner = new FieldScanner(value);
        String type = scanner.until(";").toLowerCase(Locale.ROOT);
        if (type.indexOf('=') > 0) {
            // The type was forgotten.
            scanner = new FieldScanner(";" + value);
        }
        Map<String, String> parameters = ExtendedValue.resolve(scanner.parameters(""));
        if (!Fields.isToken(type)) {
            return parameters.isEmpty() ? null : new ContentDisposition("attachment", parameters);
        }
        return new ContentDisposition(type, parameters);
    }

    /** The suggested name as it was sent, which may hold a path or anything else; null for none. For files use {@link #safeFileName()}. */
    public @Nullable String filename() {
        return parameters.get("filename");
    }

    /** The name of the form field; null for none. */
    public @Nullable String name() {
        return parameters.get("name");
    }

    /**
     * What can be made of the suggested name for a file: its last path element, made safe as {@link SafeFileName} says; null if
     * nothing is left of it.
     */
    public @Nullable String safeFileName() {
        String suggested = filename();
        return suggested == null ? null : SafeFileName.of(SafeFileName.lastElement(suggested), NAME_BYTES);
    }
}
