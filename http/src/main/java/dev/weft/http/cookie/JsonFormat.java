package dev.weft.http.cookie;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cookies as JSON: an object with {@code version} 1 and the array {@code cookies}. A cookie has {@code name} and {@code value}, and
 * where they are not the default {@code domain} (none: every host), {@code hostOnly}, {@code path}, {@code expires} and {@code created}
 * (ISO 8601), {@code secure}, {@code httpOnly}, {@code partitioned} and {@code sameSite}. Unknown fields are ignored. Pure.
 */
enum JsonFormat implements CookieFormat {
    INSTANCE;

    private static final int VERSION = 1;

    /** Jackson takes a while to load. */
    private static final class Lazy {
        static final JsonMapper MAPPER = new JsonMapper();
    }

    @Override
    public byte[] encode(List<Cookie> cookies) {
        ObjectNode root = Lazy.MAPPER.createObjectNode();
        root.put("version", VERSION);
        ArrayNode list = root.putArray("cookies");
        for (Cookie cookie : cookies) {
            write(list.addObject(), cookie);
        }
        return Lazy.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    }

    private static void write(ObjectNode node, Cookie cookie) {
        node.put("name", cookie.name());
        node.put("value", cookie.value());
        if (!cookie.isShared()) {
            node.put("domain", cookie.domain());
            node.put("hostOnly", cookie.hostOnly());
        }
        node.put("path", cookie.path());
        Instant expires = cookie.expires();
        if (expires != null) {
            node.put("expires", expires.toString());
        }
        node.put("created", cookie.created().toString());
        putIfTrue(node, "secure", cookie.secure());
        putIfTrue(node, "httpOnly", cookie.httpOnly());
        putIfTrue(node, "partitioned", cookie.partitioned());
        if (cookie.sameSite() != SameSite.DEFAULT) {
            node.put("sameSite", cookie.sameSite().name().toLowerCase(Locale.ROOT));
        }
    }

    private static void putIfTrue(ObjectNode node, String field, boolean value) {
        if (value) {
            node.put(field, true);
        }
    }

    @Override
    public List<Cookie> decode(byte[] content, Path file, Instant now) throws CookieFileException {
        JsonNode root;
        try {
            root = Lazy.MAPPER.readTree(content);
        } catch (JacksonException e) {
            throw new CookieFileException(
                    file, "it is not JSON: see line " + e.getLocation().getLineNr(), e);
        }
        if (!(root.get("cookies") instanceof ArrayNode list) || !isVersion(root.get("version"))) {
            throw new CookieFileException(file, "it has no version " + VERSION + " and no list of cookies", null);
        }
        List<Cookie> cookies = new ArrayList<>();
        for (JsonNode node : list) {
            try {
                cookies.add(cookie(node, now));
            } catch (IllegalArgumentException e) {
                throw new CookieFileException(file, "cookie " + (cookies.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return cookies;
    }

    private static boolean isVersion(@Nullable JsonNode node) {
        return node != null && node.isInt() && node.intValue() == VERSION;
    }

    private static Cookie cookie(JsonNode node, Instant now) {
        String path = text(node, "path");
        Instant created = time(node, "created");
        String domain = text(node, "domain");
        Cookie.Builder cookie = Cookie.builder(needed(node, "name"), needed(node, "value"))
                .path(path == null ? "/" : path)
                .expires(time(node, "expires"))
                .created(created == null ? now : created)
                .secure(flag(node, "secure"))
                .httpOnly(flag(node, "httpOnly"))
                .partitioned(flag(node, "partitioned"))
                .sameSite(sameSite(text(node, "sameSite")));
        if (domain == null) {
            return cookie.shared().build();
        }
        return (flag(node, "hostOnly") ? cookie.host(domain) : cookie.domain(domain)).build();
    }

    private static String needed(JsonNode node, String field) {
        String text = text(node, field);
        if (text == null) {
            throw new IllegalArgumentException("there is no " + field);
        }
        return text;
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new IllegalArgumentException(field + " is not a text");
        }
        return value.stringValue();
    }

    private static boolean flag(JsonNode node, String field) {
        JsonNode value = node.get(field);
        if (value != null && !value.isBoolean()) {
            throw new IllegalArgumentException(field + " is neither true nor false");
        }
        return value != null && value.booleanValue();
    }

    private static @Nullable Instant time(JsonNode node, String field) {
        String text = text(node, field);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(field + " is not a time as 2030-01-31T12:00:00Z", e);
        }
    }

    private static SameSite sameSite(@Nullable String text) {
        for (SameSite value : SameSite.values()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        if (text != null) {
            throw new IllegalArgumentException("sameSite is neither strict, lax nor none");
        }
        return SameSite.DEFAULT;
    }
}
