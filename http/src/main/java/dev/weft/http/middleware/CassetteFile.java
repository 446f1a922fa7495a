package dev.weft.http.middleware;

import dev.weft.http.message.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of {@link Recording}s. Pure. Bodies that people can read are text, others base64; both come back byte by byte. */
final class CassetteFile {
    private static final int VERSION = 1;

    private CassetteFile() {}

    static byte[] write(List<Recording> recordings) {
        ObjectNode file = Json.object();
        file.put("cassette", VERSION);
        ArrayNode list = file.putArray("recordings");
        for (Recording recording : recordings) {
            ObjectNode json = list.addObject();
            ObjectNode request = json.putObject("request");
            request.put("method", recording.method()).put("url", recording.url());
            request.set("headers", Json.headers(recording.requestHeaders()));
            if (!"".equals(recording.requestBody())) {
                request.put("bodySha256", recording.requestBody());
            }
            ResponseHead head = recording.head();
            ObjectNode response = json.putObject("response");
            response.put("status", head.status()).put("reason", head.reason()).put("version", head.version());
            response.set("headers", Json.headers(head.headers()));
            String text = TextBytes.text(ByteBuffer.wrap(recording.body()));
            if (text == null) {
                response.put("base64", Base64.getEncoder().encodeToString(recording.body()));
            } else {
                response.put("text", text);
            }
        }
        return Json.pretty(file);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static List<Recording> read(byte[] file) {
        JsonNode json = Json.parse(file, 0, file.length);
        if (Json.required(json, "cassette").asInt(0) != VERSION) {
            throw new IllegalArgumentException("it is of version " + json.get("cassette") + ", known is " + VERSION);
        }
        List<Recording> recordings = new ArrayList<>();
        for (JsonNode one : Json.required(json, "recordings")) {
            recordings.add(recording(Json.required(one, "request"), Json.required(one, "response")));
        }
        return recordings;
    }

    private static Recording recording(JsonNode request, JsonNode response) {
        ResponseHead head = new ResponseHead(
                Json.required(response, "status").asInt(),
                Json.text(response, "reason"),
                Json.text(response, "version"),
                Json.headers(Json.required(response, "headers")));
        byte[] body = response.has("base64")
                ? Base64.getDecoder().decode(Json.text(response, "base64"))
                : Json.text(response, "text").getBytes(StandardCharsets.UTF_8);
        return new Recording(
                Json.text(request, "method"),
                Json.text(request, "url"),
                Json.headers(Json.required(request, "headers")),
                digest(request.get("bodySha256")),
                head,
                body);
    }

    private static @Nullable String digest(@Nullable JsonNode field) {
        if (field == null) {
            return "";
        }
        return field.isNull() ? null : field.asString();
    }
}
