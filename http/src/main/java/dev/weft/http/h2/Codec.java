package dev.weft.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Netty's parts of an HTTP/2 connection, put together for a client. */
record Codec(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, Floods floods) {
    /** Most that a block of fields may have, whatever a request allows: it has to be read to its end. */
    private static final long MOST_FIELD_BYTES = 1 << 20;

    /** CONTINUATION frames of few bytes in one block of fields; more is an attack. */
    private static final int MOST_SMALL_CONTINUATIONS = 16;

    private static final float UPDATE_RATIO = 0.5f;

    static Codec create() {
        Http2Connection connection = new DefaultHttp2Connection(false, 0);
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, UPDATE_RATIO, true));
        // The priorities of RFC 7540 are no more: all streams are served alike.
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        Floods floods = new Floods();
        FieldEncoder fields = new FieldEncoder();
        CountedFrames reader = new CountedFrames(
                new DefaultHttp2FrameReader(new InOrder(), MOST_SMALL_CONTINUATIONS), connection, floods, fields);
        Http2ConnectionEncoder encoder =
                new DefaultHttp2ConnectionEncoder(connection, new CountedWriter(fields, floods));
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, false);
        Http2Settings settings = new Http2Settings()
                .pushEnabled(false)
                .initialWindowSize(Windows.FIRST_BYTES)
                .maxHeaderListSize(MOST_FIELD_BYTES);
        return new Codec(decoder, encoder, settings, floods);
    }

    /** Each DATA frame that is sent may be answered by a WINDOW_UPDATE or two. */
    private static final class CountedWriter extends DefaultHttp2FrameWriter {
        private final Floods floods;

        CountedWriter(FieldEncoder fields, Floods floods) {
            super(fields);
            this.floods = floods;
        }

        @Override
        public ChannelFuture writeData(
                ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end, ChannelPromise promise) {
            floods.useful();
            return super.writeData(ctx, id, data, padding, end, promise);
        }
    }

    /** Gives blocks of fields as they came; {@link FieldBlock} checks them. */
    private static final class InOrder extends DefaultHttp2HeadersDecoder {
        InOrder() {
            super(false, MOST_FIELD_BYTES);
        }

        @Override
        protected Http2Headers newHeaders() {
            return new ReceivedFields();
        }
    }
}
