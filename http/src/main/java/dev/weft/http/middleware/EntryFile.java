package dev.weft.http.middleware;

import dev.weft.http.message.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bytes of a file that holds a {@link CacheEntry}: a line with the lengths and a checksum of what follows, then JSON, then the body. Pure. One
 * file, so that one rename makes all of it visible.
 */
final class EntryFile {
    private static final Pattern FIRST_LINE = Pattern.compile("weft-cache 1 (\\d{1,10}) (\\d{1,10}) ([0-9a-f]{1,8})\n");
    private static final int LONGEST_LINE = 64;

    private EntryFile() {}

    static byte[] write(CacheEntry entry) {
        ResponseHead head = entry.head();
        ObjectNode meta = Json.object();
        meta.put("key", entry.key()).put("variant", entry.variant());
        ArrayNode vary = meta.putArray("vary");
        entry.vary().forEach(vary::add);
        meta.put("status", head.status()).put("reason", head.reason()).put("version", head.version());
        meta.set("headers", Json.headers(head.headers()));
        meta.put("requested", entry.requested().toString())
                .put("received", entry.received().toString());

        byte[] json = Json.bytes(meta);
        byte[] body = entry.body();
        CRC32C sum = new CRC32C();
        sum.update(json);
        sum.update(body);
        byte[] line = ("weft-cache 1 " + json.length + " " + body.length + " " + Long.toHexString(sum.getValue())
                        + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] file = Arrays.copyOf(line, line.length + json.length + body.length);
        System.arraycopy(json, 0, file, line.length, json.length);
        System.arraycopy(body, 0, file, line.length + json.length, body.length);
        return file;
    }

    /** The entry; null if the file is cut short, damaged, or of another version. */
    static @Nullable CacheEntry read(byte[] file) {
        String start = new String(file, 0, Math.min(file.length, LONGEST_LINE), StandardCharsets.ISO_8859_1);
        Matcher line = FIRST_LINE.matcher(start);
        if (!line.lookingAt()) {
            return null;
        }
        int from = line.end();
        long json = Long.parseLong(line.group(1));
        long body = Long.parseLong(line.group(2));
        CRC32C sum = new CRC32C();
        sum.update(file, from, file.length - from);
        if (from + json + body != file.length || sum.getValue() != Long.parseLong(line.group(3), 16)) {
            return null;
        }
        try {
            JsonNode meta = Json.parse(file, from, (int) json);
            return entry(meta).withBody(Arrays.copyOfRange(file, from + (int) json, file.length));
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static CacheEntry entry(JsonNode meta) {
        List<String> vary = new ArrayList<>();
        Json.required(meta, "vary").forEach(name -> vary.add(name.asString()));
        ResponseHead head = new ResponseHead(
                Json.required(meta, "status").asInt(),
                Json.text(meta, "reason"),
                Json.text(meta, "version"),
                Json.headers(Json.required(meta, "headers")));
        return new CacheEntry(
                Json.text(meta, "key"),
                Json.text(meta, "variant"),
                vary,
                head,
                Instant.parse(Json.text(meta, "requested")),
                Instant.parse(Json.text(meta, "received")),
                new byte[0]);
    }
}
