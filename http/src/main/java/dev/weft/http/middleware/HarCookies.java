package dev.weft.http.middleware;

import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpDate;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Cookies as HAR 1.2 lists them, beside the headers that carry them. Pure; for people to read, so what is malformed is shown as it is. */
final class HarCookies {
    private HarCookies() {}

    static ArrayNode sent(Headers headers) {
        ArrayNode list = Json.array();
        for (String line : headers.all("Cookie")) {
            for (String pair : line.split(";", -1)) {
                if (!pair.isBlank()) {
                    cookie(list, pair);
                }
            }
        }
        return list;
    }

    static ArrayNode received(Headers headers, Instant now) {
        ArrayNode list = Json.array();
        for (String line : headers.all("Set-Cookie")) {
            String[] parts = line.split(";", -1);
            ObjectNode cookie = cookie(list, parts[0]);
            for (int i = 1; i < parts.length; i++) {
                attribute(cookie, parts[i], now);
            }
        }
        return list;
    }

    private static ObjectNode cookie(ArrayNode list, String pair) {
        int equals = pair.indexOf('=');
        return list.addObject()
                .put("name", equals < 0 ? "" : pair.substring(0, equals).strip())
                .put("value", pair.substring(equals + 1).strip());
    }

    private static void attribute(ObjectNode cookie, String pair, Instant now) {
        int equals = pair.indexOf('=');
        String value = equals < 0 ? "" : pair.substring(equals + 1).strip();
        switch ((equals < 0 ? pair : pair.substring(0, equals)).strip().toLowerCase(Locale.ROOT)) {
            case "path" -> cookie.put("path", value);
            case "domain" -> cookie.put("domain", value);
            case "httponly" -> cookie.put("httpOnly", true);
            case "secure" -> cookie.put("secure", true);
            case "samesite" -> cookie.put("sameSite", value);
            case "expires" -> {
                Instant expires = HttpDate.parse(value, now);
                if (expires != null) {
                    cookie.put("expires", expires.toString());
                }
            }
            default -> {
                // HAR has no place for it.
            }
        }
    }
}
