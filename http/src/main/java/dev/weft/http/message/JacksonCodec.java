package dev.weft.http.message;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON by Jackson: compact, UTF-8; fields that the type does not have are ignored. Made when first used, it takes a while. */
enum JacksonCodec implements JsonCodec {
    INSTANCE;

    private static final class Lazy {
        static final JsonMapper MAPPER = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    @Override
    public byte[] encode(@Nullable Object value) {
        return Lazy.MAPPER.writeValueAsBytes(value);
    }

    @Override
    public @Nullable Object decode(byte[] json, Type type) {
        return Lazy.MAPPER.readValue(json, Lazy.MAPPER.constructType(type));
    }
}
