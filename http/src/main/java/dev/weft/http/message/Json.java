package dev.weft.http.message;

import java.lang.reflect.Type;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** JSON out of bodies, with errors that say what was there. */
final class Json {
    private Json() {}

    /**
     * The value of a JSON text; null if that is blank or {@code null}.
     *
     * @throws JsonDecodeException if it is not one of the type
     */
    static @Nullable Object decode(@Nullable ClientRequest request, JsonCodec codec, byte[] json, Type type) {
        if (TextCoding.isBlank(json)) {
            return null;
        }
        try {
            return codec.decode(json, type);
        } catch (RuntimeException e) {
            throw new JsonDecodeException(request, json, type, e);
        }
    }

    /** The values of lines that are not blank, until there are none. */
    static <T> Supplier<@Nullable T> lines(ClientResponse response, Class<T> type) {
        StreamReader content = response.content();
        ClientRequest request = response.request();
        int longest = request.attribute(Options.MAX_BODY_SIZE);
        return () -> {
            byte[] line;
            do {
                line = content.readLine(longest).await();
            } while (line.length > 0 && TextCoding.isBlank(line));
            if (line.length == 0) {
                return null;
            }
            T value = type.cast(decode(request, request.attribute(Options.JSON), line, type));
            if (value == null) {
                throw new JsonDecodeException(
                        request, line, type, new IllegalArgumentException("null is no element of a sequence"));
            }
            return value;
        };
    }
}
