package dev.weft.http.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code text/event-stream}, however its bytes are cut: WHATWG HTML sections 9.2.5 and 9.2.6. Lines end with CR LF, LF or CR; an event
 * whose blank line never comes is none. Pure; for one thread.
 */
final class EventStreamParser {
    private final int limitBytes;
    private final ArrayDeque<ServerSentEvent> events = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String id = "";
    private String lastEventId = "";
    private @Nullable Duration retry;
    private boolean isFirstLine = true;
    private boolean afterReturn;

    /** One that takes events, and lines, of at most so many bytes. */
    EventStreamParser(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Takes bytes: all of them, unless an event or a line is too large, behind which nothing is read. */
    void feed(ByteBuffer more) {
        while (more.hasRemaining() && !isOverLimit()) {
            byte b = more.get();
            boolean isSecondHalf = b == '\n' && afterReturn;
            afterReturn = b == '\r';
            if (isSecondHalf) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                line(TextCoding.line(line.toByteArray(), StandardCharsets.UTF_8, isFirstLine));
                isFirstLine = false;
                line.reset();
            } else {
                line.write(b);
            }
        }
    }

    /** Whether the event behind those that {@link #poll} gives is too large. */
    boolean isOverLimit() {
        return line.size() + data.length() > limitBytes;
    }

    /** The next event, null if none is whole. */
    @Nullable
    ServerSentEvent poll() {
        return events.poll();
    }

    /** The last {@code id}; empty for none. */
    String lastEventId() {
        return lastEventId;
    }

    /** How long to wait before connecting anew; null if the server did not say. */
    @Nullable
    Duration retry() {
        return retry;
    }

    private void line(String text) {
        if (text.isEmpty()) {
            dispatch();
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        int start = text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
        field(field, colon < 0 ? "" : text.substring(start));
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> id = value.indexOf('\0') < 0 ? value : id;
            case "retry" -> retry = isNumber(value) ? Duration.ofMillis(Long.parseLong(value)) : retry;
            default -> {
                // A comment has no name; others are for later versions.
            }
        }
    }

    private static boolean isNumber(String value) {
        return !value.isEmpty() && value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private void dispatch() {
        lastEventId = id;
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            events.add(new ServerSentEvent(type.isEmpty() ? "message" : type, data.toString(), lastEventId));
            data.setLength(0);
        }
        type = "";
    }
}
