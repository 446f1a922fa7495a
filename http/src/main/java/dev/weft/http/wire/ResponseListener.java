package dev.weft.http.wire;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * Takes a response as it comes in: interim heads, a head, any number of pieces, then an end or a failure, once. Called on the loop's thread,
 * outside of tasks; nothing is called after the end or the failure, or after {@link Wire#abort()}.
 */
public interface ResponseListener {
    /**
     * The head of the request is written.
     *
     * @param bodyBytes the size of the body that went out together with it
     */
    void onHeadSent(int bodyBytes);

    /** The request is written, its body included. */
    void onSent();

    /** Bytes came in, of whatever. */
    void onPacket(int bytes);

    /** An interim answer, {@code 100 Continue} for example. */
    void onInterim(ResponseHead head);

    /** The head is whole. After one that agrees to another protocol nothing more comes: the connection, or the stream, is that protocol's. */
    void onHead(ResponseHead head);

    /** A piece of the body, as it is on the wire; to be released by the listener. */
    void onBody(ByteBuf piece);

    /** The body is whole. {@link Wire#notReusable()} says whether the connection may serve another request. */
    void onEnd(Headers trailers);

    /** The response does not become whole. With HTTP/1.1 the connection is closed. */
    void onFailure(ClientException failure);

    /** Whether more may be read from the network now; {@link Wire#resume()} when that changes. */
    boolean wantsMore();
}
