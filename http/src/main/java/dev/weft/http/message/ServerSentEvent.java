package dev.weft.http.message;

/**
 * An event of a {@code text/event-stream}. Source: WHATWG HTML section 9.2.
 *
 * @param type {@code message} unless the server names another
 * @param data its lines, joined by line feeds
 * @param lastEventId the last {@code id} the server sent, with this event or before it; empty if it sent none. A reader that connects anew
 *     sends it as {@code Last-Event-ID}
 */
public record ServerSentEvent(String type, String data, String lastEventId) {}
