package dev.weft.http.message;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes {@code application/x-www-form-urlencoded}: UTF-8, a space as {@code +}. Pure. Source: WHATWG URL, section 5. */
final class UrlEncodedForm {
    private UrlEncodedForm() {}

    static byte[] encode(Collection<? extends Map.Entry<String, ? extends @Nullable Object>> fields) {
        StringBuilder encoded = new StringBuilder();
        for (Map.Entry<String, ? extends @Nullable Object> field : fields) {
            Object value = field.getValue();
            if (value instanceof Collection<?> several) {
                several.forEach(one -> add(encoded, field.getKey(), one));
            } else {
                add(encoded, field.getKey(), value);
            }
        }
        return encoded.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void add(StringBuilder encoded, String name, @Nullable Object value) {
        if (value != null) {
            encoded.append(encoded.isEmpty() ? "" : "&")
                    .append(PercentCoding.parameter(name))
                    .append('=')
                    .append(PercentCoding.parameter(value.toString()));
        }
    }
}
