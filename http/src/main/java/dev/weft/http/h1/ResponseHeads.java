package dev.weft.http.h1;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.wire.ResponseFields;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a response's head says, checked: RFC 9110 and 9112. Pure. */
final class ResponseHeads {
    private ResponseHeads() {}

    /**
     * The head as the client has it: its length is said once, and of chunks only where there are any.
     *
     * @param length what {@link ResponseFields#length} gave
     * @param voidChunks whether it speaks of chunks, but there is no body
     */
    static ResponseHead of(StatusLine line, Headers fields, long length, boolean voidChunks) {
        Headers kept = voidChunks ? without(fields, "Transfer-Encoding") : fields;
        if (length >= 0 && !isPlain(fields)) {
            kept = kept.toBuilder().set("Content-Length", Long.toString(length)).build();
        }
        return new ResponseHead(line.status(), line.reason(), line.version(), kept);
    }

    /**
     * Checks that chunks may be there: what others would read in another way is no answer.
     *
     * @throws IllegalArgumentException if not
     */
    static void checkChunks(StatusLine line, long length) {
        if (length >= 0) {
            throw new IllegalArgumentException("it has a Content-Length, and chunks too");
        }
        if (line.version().equals("HTTP/1.0")) {
            throw new IllegalArgumentException("HTTP/1.0 has no chunks");
        }
    }

    private static Headers without(Headers fields, String name) {
        return fields.contains(name) ? fields.toBuilder().remove(name).build() : fields;
    }

    /**
     * Whether the body comes in chunks. Nothing else was asked for, and that comes last and once: else nobody knows where it ends.
     *
     * @throws IllegalArgumentException if another coding was applied
     */
    static boolean isChunked(Headers fields) {
        boolean chunked = false;
        for (String field : fields.all("Transfer-Encoding")) {
            for (String coding : field.split(",", -1)) {
                String name = coding.strip();
                if (chunked) {
                    throw new IllegalArgumentException("the transfer coding " + name + " stands behind chunked");
                }
                chunked = name.equalsIgnoreCase("chunked");
                if (!chunked && !name.equalsIgnoreCase("identity")) {
                    throw new IllegalArgumentException("the transfer coding " + name + " was not asked for");
                }
            }
        }
        return chunked;
    }

    /** Whether the length stands there once, as one writes a number. */
    private static boolean isPlain(Headers fields) {
        int count = 0;
        boolean plain = true;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("Content-Length")) {
                String value = fields.value(i);
                plain = value.indexOf(',') < 0 && (value.length() == 1 || value.charAt(0) != '0');
                count++;
            }
        }
        return plain && count == 1;
    }

    /** Why the connection cannot serve another request; null if it can. RFC 9112 section 9.3. */
    static @Nullable String notPersistent(ResponseHead head, ClientRequest request) {
        if (request.headers().hasToken("Connection", "close")) {
            return "the request said Connection: close";
        }
        if (head.headers().hasToken("Connection", "close")) {
            return "the server said Connection: close";
        }
        if (head.version().equals("HTTP/1.0") && !head.headers().hasToken("Connection", "keep-alive")) {
            return "the server speaks HTTP/1.0";
        }
        return isDelimited(head, request) ? null : "the body ends with the connection";
    }

    private static boolean isDelimited(ResponseHead head, ClientRequest request) {
        return head.headers().contains("Content-Length")
                || head.headers().hasToken("Transfer-Encoding", "chunked")
                || head.status() == 204
                || head.status() == 304
                || request.method().equals("HEAD");
    }

    /** How long the server keeps an idle connection, less a second for the way; null if it does not say. */
    static @Nullable Duration keepAlive(ResponseHead head) {
        for (String value : head.headers().all("Keep-Alive")) {
            for (String item : value.split(",", -1)) {
                String parameter = item.strip();
                if (parameter.regionMatches(true, 0, "timeout=", 0, 8)) {
                    return seconds(parameter.substring(8).strip());
                }
            }
        }
        return null;
    }

    private static @Nullable Duration seconds(String digits) {
        try {
            return Duration.ofSeconds(Math.max(0, Integer.parseInt(digits) - 1));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
