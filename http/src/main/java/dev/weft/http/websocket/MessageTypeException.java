package dev.weft.http.websocket;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;

/**
 * A message is of another kind than the one that was asked for. The WebSocket stays open, and the message is {@link #received}. Source:
 * aiohttp's {@code WSMessageTypeError}.
 */
public final class MessageTypeException extends ClientException {
    private static final long serialVersionUID = 1;

    private final transient WsMessage received;

    /** Says what came in place of what. */
    public MessageTypeException(ClientRequest request, String expected, WsMessage received) {
        super(request, "a message of " + expected + " was expected, and this came: " + shown(received), null);
        this.received = received;
    }

    private static String shown(WsMessage message) {
        return message instanceof WsMessage.Text(String text)
                ? "Text[" + text.length() + " characters]"
                : message.toString();
    }

    /** The message that came; null after serialization. */
    public WsMessage received() {
        return received;
    }
}
