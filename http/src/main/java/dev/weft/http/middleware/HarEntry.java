package dev.weft.http.middleware;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import dev.weft.http.message.Timings;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One exchange as an entry of HAR 1.2. Pure. Times are in milliseconds, sizes in bytes, -1 is "not known".
 *
 * @param request as it was sent
 * @param head the time until the head of the answer
 * @param total the time until the end of the body
 * @param answer null if none came
 * @param failure why it did not come to its end; null if it did
 */
record HarEntry(
        ClientRequest request,
        Instant started,
        Duration head,
        Duration total,
        @Nullable ClientResponse answer,
        Capture body,
        @Nullable String failure) {
    /** A whole file. */
    static ObjectNode log(List<ObjectNode> entries) {
        ObjectNode log = Json.object();
        log.put("version", "1.2");
        String version = HarEntry.class.getPackage().getImplementationVersion();
        log.putObject("creator").put("name", "weft").put("version", version == null ? "" : version);
        ArrayNode list = log.putArray("entries");
        entries.forEach(list::add);
        ObjectNode file = Json.object();
        file.set("log", log);
        return file;
    }

    ObjectNode json(Redaction redaction, int maxBodySize) {
        ObjectNode entry = Json.object();
        ObjectNode timings = timings();
        entry.put("startedDateTime", started.toString());
        entry.put("time", sum(timings));
        entry.set("request", request(redaction, maxBodySize));
        entry.set("response", response(redaction));
        entry.putObject("cache");
        entry.set("timings", timings);
        if (answer != null
                && answer.remoteAddress() instanceof InetSocketAddress socket
                && socket.getAddress() != null) {
            entry.put("serverIPAddress", socket.getAddress().getHostAddress());
        }
        if (failure != null) {
            entry.put("comment", failure);
        }
        return entry;
    }

    /** What was not agreed on is not known. */
    private static String unanswered(HttpVersion version) {
        return version == HttpVersion.AUTO ? "unknown" : version.toString();
    }

    private ObjectNode request(Redaction redaction, int maxBodySize) {
        Headers headers = redaction.headers(request.headers());
        HttpVersion version = request.attribute(Options.VERSION);
        ObjectNode json = Json.object();
        json.put("method", request.method())
                .put("url", redaction.url(request.url().withFragment(null)))
                .put("httpVersion", answer == null ? unanswered(version) : answer.version());
        json.set("cookies", HarCookies.sent(headers));
        json.set("headers", fields(headers));
        json.set("queryString", query(redaction));
        Body content = request.body();
        if (content != null) {
            json.set("postData", postData(content, maxBodySize));
        }
        json.put("headersSize", -1)
                .put("bodySize", content == null ? 0 : content.length().orElse(-1));
        return json;
    }

    private static ArrayNode fields(Headers headers) {
        ArrayNode list = Json.array();
        for (Map.Entry<String, String> field : headers) {
            list.addObject().put("name", field.getKey()).put("value", field.getValue());
        }
        return list;
    }

    private ArrayNode query(Redaction redaction) {
        ArrayNode list = Json.array();
        String url = redaction.url(request.url().withFragment(null));
        int mark = url.indexOf('?');
        if (mark >= 0 && mark + 1 < url.length()) {
            for (String pair : url.substring(mark + 1).split("&", -1)) {
                String[] parts = pair.split("=", 2);
                list.addObject().put("name", decoded(parts[0])).put("value", parts.length < 2 ? "" : decoded(parts[1]));
            }
        }
        return list;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** HAR has no place for bytes that are no text; those are base64 here, marked as an extension. */
    private ObjectNode postData(Body content, int maxBodySize) {
        String header = request.headers().first("Content-Type");
        String type = header == null ? content.contentType() : header;
        ObjectNode json = Json.object();
        json.put("mimeType", type == null ? "" : type);
        ByteBuffer bytes = content.content();
        if (bytes == null || bytes.remaining() > maxBodySize) {
            return json.put("text", "").put("comment", "the body is not recorded");
        }
        String text = TextBytes.text(bytes);
        return text == null
                ? json.put("text", Base64.getEncoder().encodeToString(TextBytes.copy(bytes)))
                        .put("_encoding", "base64")
                : json.put("text", text);
    }

    private ObjectNode response(Redaction redaction) {
        ClientResponse given = answer;
        ObjectNode json = Json.object();
        if (given == null) {
            json.put("status", 0).put("statusText", "").put("httpVersion", "");
            json.putArray("cookies");
            json.putArray("headers");
            json.putObject("content").put("size", 0).put("mimeType", "x-unknown");
            return json.put("redirectURL", "").put("headersSize", -1).put("bodySize", -1);
        }
        Headers headers = redaction.headers(given.headers());
        String location = headers.first("Location");
        json.put("status", given.status()).put("statusText", given.reason()).put("httpVersion", given.version());
        json.set("cookies", HarCookies.received(headers, started));
        json.set("headers", fields(headers));
        json.set("content", content(given));
        json.put("redirectURL", location == null ? "" : location).put("headersSize", -1);
        return json.put("bodySize", failure == null ? given.contentLength().orElse(-1) : -1);
    }

    private ObjectNode content(ClientResponse given) {
        String type = given.headers().first("Content-Type");
        ObjectNode json = Json.object();
        json.put("size", body.size()).put("mimeType", type == null ? "" : type);
        byte[] bytes = body.bytes();
        if (bytes == null) {
            return json.put("comment", "the body is too large to be recorded");
        }
        Charset charset = given.charset();
        String text = TextBytes.text(ByteBuffer.wrap(bytes), charset == null ? StandardCharsets.UTF_8 : charset);
        return text == null
                ? json.put("text", Base64.getEncoder().encodeToString(bytes)).put("encoding", "base64")
                : json.put("text", text);
    }

    private ObjectNode timings() {
        Timings known = answer == null ? Timings.NONE : answer.timings();
        double before =
                positive(known.queue()) + positive(known.dns()) + positive(known.connect()) + positive(known.tls());
        Duration firstByte = known.firstByte();
        double wait = firstByte == null ? Math.max(0, millis(head) - before) : millis(firstByte);
        Duration connect = known.connect();
        Duration tls = known.tls();
        ObjectNode json = Json.object();
        // In HAR the handshake is part of connecting.
        json.put("blocked", orUnknown(known.queue()))
                .put("dns", orUnknown(known.dns()))
                .put("connect", connect == null && tls == null ? -1 : positive(connect) + positive(tls))
                .put("send", 0)
                .put("wait", wait)
                .put("receive", millis(total.minus(head)))
                .put("ssl", orUnknown(tls));
        return json;
    }

    private static double sum(ObjectNode timings) {
        double sum = 0;
        for (String name : List.of("blocked", "dns", "connect", "send", "wait", "receive")) {
            sum += Math.max(0, timings.get(name).asDouble());
        }
        return sum;
    }

    private static double orUnknown(@Nullable Duration duration) {
        return duration == null ? -1 : millis(duration);
    }

    private static double positive(@Nullable Duration duration) {
        return duration == null ? 0 : millis(duration);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
