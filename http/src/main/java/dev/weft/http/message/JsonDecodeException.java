package dev.weft.http.message;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The body is not the JSON that was asked for. The message shows how it begins. */
public final class JsonDecodeException extends ClientException {
    private static final long serialVersionUID = 1;
    private static final int SNIPPET = 80;

    JsonDecodeException(@Nullable ClientRequest request, byte[] body, Type type, Throwable cause) {
        super(
                request,
                "the body is not the JSON of a " + name(type) + ": " + firstLine(cause) + "; it begins with "
                        + snippet(body),
                cause);
    }

    private static String name(Type type) {
        return type instanceof Class<?> plain ? plain.getSimpleName() : type.getTypeName();
    }

    private static String firstLine(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static String snippet(byte[] body) {
        byte[] start = Arrays.copyOf(body, Math.min(body.length, SNIPPET));
        return Fields.quote(new String(start, StandardCharsets.UTF_8));
    }
}
