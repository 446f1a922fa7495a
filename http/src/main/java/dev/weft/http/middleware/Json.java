package dev.weft.http.middleware;

import dev.weft.http.message.Headers;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON trees for the files of this package. Pure. */
final class Json {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /** Made when first used: it takes a while. */
    private static final class Lazy {
        static final ObjectMapper MAPPER = JsonMapper.builder().build();
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static ArrayNode array() {
        return NODES.arrayNode();
    }

    /** Compact, in UTF-8. */
    static byte[] bytes(JsonNode tree) {
        return Lazy.MAPPER.writeValueAsBytes(tree);
    }

    /** For people to read, in UTF-8. */
    static byte[] pretty(JsonNode tree) {
        return Lazy.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    }

    /**
     * Reads a tree.
     *
     * @throws IllegalArgumentException if it is no JSON
     */
    static JsonNode parse(byte[] json, int offset, int length) {
        try {
            return Lazy.MAPPER.readTree(json, offset, length);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A field that has to be there. */
    static JsonNode required(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the field \"" + name + "\" is missing");
        }
        return value;
    }

    /** A text that has to be there. */
    static String text(JsonNode object, String name) {
        JsonNode value = required(object, name);
        if (!value.isString()) {
            throw new IllegalArgumentException("the field \"" + name + "\" is no text");
        }
        return value.stringValue();
    }

    /** Header fields as a list of pairs. */
    static ArrayNode headers(Headers headers) {
        ArrayNode fields = array();
        for (Map.Entry<String, String> field : headers) {
            fields.addArray().add(field.getKey()).add(field.getValue());
        }
        return fields;
    }

    /** What {@link #headers(Headers)} wrote. */
    static Headers headers(JsonNode fields) {
        Headers.Builder headers = Headers.builder();
        for (JsonNode field : fields) {
            if (field.size() != 2) {
                throw new IllegalArgumentException("a header field is no pair: " + field);
            }
            headers.add(field.get(0).asString(), field.get(1).asString());
        }
        return headers.build();
    }
}
