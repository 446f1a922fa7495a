package dev.weft.http.message;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Turns objects into JSON and back. What it throws for bad input becomes the cause of a {@link JsonDecodeException}. */
public interface JsonCodec {
    /** The JSON of a value, in UTF-8. */
    byte[] encode(@Nullable Object value);

    /** The value of a JSON text in UTF-8, UTF-16 or UTF-32; null for {@code null}. An instance of the type, or a value of its
     * kind where the type is generic. */
    @Nullable
    Object decode(byte[] json, Type type);
}
