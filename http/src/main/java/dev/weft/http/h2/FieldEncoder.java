package dev.weft.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/**
 * HPACK for what is sent, within what the server's SETTINGS allow. Of the sizes that they gave the table since the last block, the smallest and the last are said, as RFC
 * 7541 section 4.2 has it; Netty says all of them, such as the server does not allow any more too. On the loop's thread. Invariant: a request that is refused leaves
 * no trace in the table.
 */
final class FieldEncoder extends DefaultHttp2HeadersEncoder {
    private static final long UNCHANGED = Long.MAX_VALUE;

    private long smallestTable = UNCHANGED;
    private long table;
    private long mostBytes = Long.MAX_VALUE;

    FieldEncoder() {
        super(RequestFields::isSensitive, true);
    }

    @Override
    public void maxHeaderTableSize(long bytes) {
        smallestTable = Math.min(smallestTable, bytes);
        table = bytes;
    }

    @Override
    public void maxHeaderListSize(long bytes) throws Http2Exception {
        super.maxHeaderListSize(bytes);
        mostBytes = bytes;
    }

    @Override
    public void encodeHeaders(int streamId, Http2Headers head, ByteBuf block) throws Http2Exception {
        if (mostBytes < Long.MAX_VALUE && size(head) > mostBytes) {
            throw Http2Exception.streamError(
                    streamId,
                    Http2Error.PROTOCOL_ERROR,
                    "its fields count for more than the %d bytes that the server takes",
                    mostBytes);
        }
        if (smallestTable != UNCHANGED) {
            super.maxHeaderTableSize(smallestTable);
            super.maxHeaderTableSize(table);
            smallestTable = UNCHANGED;
        }
        super.encodeHeaders(streamId, head, block);
    }

    private static long size(Http2Headers head) {
        long size = 0;
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            size += field.getKey().length() + field.getValue().length() + FieldBlock.OVERHEAD;
        }
        return size;
    }
}
