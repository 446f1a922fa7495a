package dev.weft.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;

/**
 * The head of a request, as a client sent it.
 *
 * @param fields each as {@code name: value}, pseudo-header fields included, in the order of the wire
 * @param block as it was before it was decoded
 * @param endStream whether there is no body
 */
public record H2Request(int streamId, List<String> fields, byte[] block, boolean endStream) {
    /** The value of the first field of that name; null if there is none. */
    public String value(String name) {
        for (String field : fields) {
            if (field.startsWith(name + ": ")) {
                return field.substring(name.length() + 2);
            }
        }
        return null;
    }

    public String path() {
        return value(":path");
    }

    /** Reads the header blocks of one connection, in their order. */
    static final class Decoder {
        private List<String> fields = List.of();

        private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20) {
            @Override
            protected Http2Headers newHeaders() {
                return new DefaultHttp2Headers(false) {
                    @Override
                    public Http2Headers add(CharSequence name, CharSequence value) {
                        fields.add(name + ": " + value);
                        return this;
                    }
                };
            }
        };

        List<String> decode(int streamId, byte[] block) throws Http2Exception {
            fields = new ArrayList<>();
            ByteBuf bytes = Unpooled.wrappedBuffer(block);
            decoder.decodeHeaders(streamId, bytes);
            return List.copyOf(fields);
        }

        /** What the server's SETTINGS_HEADER_TABLE_SIZE allows from now on. */
        void tableSize(long bytes) throws Http2Exception {
            decoder.maxHeaderTableSize(bytes);
        }
    }
}
