package dev.weft.http.middleware;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a HAR of whatever program as {@link Recording}s. Pure. Lenient where browsers are: pseudo-headers of HTTP/2, several lines in one value,
 * entries without an answer, and those that are not HTTP, are passed over.
 */
final class HarFile {
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset=\"?([\\w.:-]+)");

    private HarFile() {}

    /**
     * The exchanges of a HAR, in the order of the file.
     *
     * @throws IllegalArgumentException if it is none
     */
    static List<Recording> read(byte[] file) {
        JsonNode log = Json.required(Json.parse(file, 0, file.length), "log");
        List<Recording> recordings = new ArrayList<>();
        for (JsonNode entry : Json.required(log, "entries")) {
            JsonNode request = Json.required(entry, "request");
            JsonNode response = Json.required(entry, "response");
            int status = Json.required(response, "status").asInt(0);
            if (status >= 100 && Json.text(request, "url").matches("(?i)https?://.*")) {
                recordings.add(recording(request, response, status));
            }
        }
        return recordings;
    }

    private static Recording recording(JsonNode request, JsonNode response, int status) {
        JsonNode reason = response.get("statusText");
        ResponseHead head = new ResponseHead(
                status, reason == null ? "" : reason.asString(""), "HTTP/1.1", headers(response.get("headers")));
        return new Recording(
                Json.text(request, "method"),
                HttpUrl.parse(Json.text(request, "url")).withFragment(null).toString(),
                headers(request.get("headers")),
                digest(request.get("postData")),
                head,
                content(response.get("content")));
    }

    private static Headers headers(@Nullable JsonNode fields) {
        Headers.Builder headers = Headers.builder();
        if (fields != null) {
            for (JsonNode field : fields) {
                String name = Json.text(field, "name");
                if (!name.startsWith(":")) {
                    Json.text(field, "value").lines().forEach(value -> headers.add(name, value));
                }
            }
        }
        return headers.build();
    }

    /** Null where the file does not say what was sent. */
    private static @Nullable String digest(@Nullable JsonNode postData) {
        if (postData == null || postData.isNull()) {
            return "";
        }
        JsonNode text = postData.get("text");
        if (text == null || text.asString("").isEmpty()) {
            return null;
        }
        return Digests.sha256(
                ByteBuffer.wrap(bytes(text.asString(), postData.get("_encoding"), StandardCharsets.UTF_8)));
    }

    private static byte[] content(@Nullable JsonNode content) {
        JsonNode text = content == null ? null : content.get("text");
        if (content == null || text == null) {
            return new byte[0];
        }
        JsonNode type = content.get("mimeType");
        return bytes(text.asString(""), content.get("encoding"), charset(type == null ? "" : type.asString("")));
    }

    private static byte[] bytes(String text, @Nullable JsonNode encoding, Charset charset) {
        boolean base64 = encoding != null && encoding.asString("").equals("base64");
        return base64 ? Base64.getMimeDecoder().decode(text) : text.getBytes(charset);
    }

    private static Charset charset(String contentType) {
        Matcher named = CHARSET.matcher(contentType);
        try {
            return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }
}
