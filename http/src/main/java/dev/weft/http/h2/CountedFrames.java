package dev.weft.http.h2;

import dev.weft.http.h2.Floods.Idle;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames by another reader and has {@link Floods} count each, before anything is made of it; mends what that reader does not see, or takes for an error. On the
 * loop's thread.
 */
final class CountedFrames implements Http2FrameReader {
    private static final int HEAD_BYTES = 9;
    private static final int SETTING_BYTES = 6;

    /** Source: RFC 9218 section 7.1. */
    private static final byte PRIORITY_UPDATE = 0x10;

    /** Source: RFC 9218 section 2.1. */
    private static final char NO_RFC7540_PRIORITIES = 9;

    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private final Floods floods;
    private final FieldEncoder fields;
    private @Nullable Counting counting;

    CountedFrames(Http2FrameReader reader, Http2Connection connection, Floods floods, FieldEncoder fields) {
        this.reader = reader;
        this.connection = connection;
        this.floods = floods;
        this.fields = fields;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // that very listener
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        Counting told = counting;
        if (told == null || told.source != listener) {
            told = new Counting(listener, connection, floods);
            counting = told;
        }
        while (input.readableBytes() >= HEAD_BYTES) {
            int payload = input.readerIndex() + HEAD_BYTES;
            int length = input.getUnsignedMedium(input.readerIndex());
            boolean fits = length <= reader.configuration().frameSizePolicy().maxFrameSize();
            int bytes = fits ? HEAD_BYTES + length : input.readableBytes();
            if (input.readableBytes() < bytes) {
                return;
            }
            mend(input, payload, length, fits);
            reader.readFrame(ctx, input.readSlice(bytes), told);
        }
    }

    private void mend(ByteBuf input, int payload, int length, boolean fits) throws Http2Exception {
        byte type = input.getByte(payload - 6);
        switch (type) {
            case Http2FrameTypes.PUSH_PROMISE -> throw broken("it pushes a response, though ENABLE_PUSH is 0");
            case Http2FrameTypes.SETTINGS -> {
                if (fits) {
                    noteTableSizes(input, payload, payload + length);
                }
            }
            case Http2FrameTypes.HEADERS, Http2FrameTypes.PRIORITY -> makeIndependent(input, type, payload, length);
            default -> {
                // As they are.
            }
        }
    }

    /** A frame may give the table several sizes, in their order; Netty sees the last. */
    private void noteTableSizes(ByteBuf input, int from, int to) {
        for (int at = from; at + SETTING_BYTES <= to; at += SETTING_BYTES) {
            if (input.getUnsignedShort(at) == Http2CodecUtil.SETTINGS_HEADER_TABLE_SIZE) {
                fields.maxHeaderTableSize(input.getUnsignedInt(at + Short.BYTES));
            }
        }
    }

    /** The dependencies of RFC 7540 mean nothing any more; Netty takes one of a stream on itself for an error. */
    private static void makeIndependent(ByteBuf input, byte type, int payload, int length) {
        int flags = input.getByte(payload - 5);
        boolean isPadded = type == Http2FrameTypes.HEADERS && (flags & Http2Flags.PADDED) != 0;
        boolean hasPriority = type == Http2FrameTypes.PRIORITY || (flags & Http2Flags.PRIORITY) != 0;
        int dependency = payload + (isPadded ? 1 : 0);
        if (hasPriority && dependency + Integer.BYTES <= payload + length && payload + length <= input.writerIndex()) {
            input.setInt(dependency, 0);
        }
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    private static Http2Exception broken(String what) {
        return Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "%s", what);
    }

    private static void count(Floods floods, Idle kind) throws Http2Exception {
        check(floods.idle(kind));
    }

    private static void check(@Nullable String wrong) throws Http2Exception {
        if (wrong != null) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "%s", wrong);
        }
    }

    private static final class Counting extends Http2FrameListenerDecorator {
        final Http2FrameListener source;
        private final Http2Connection connection;
        private final Floods floods;

        Counting(Http2FrameListener listener, Http2Connection connection, Floods floods) {
            super(listener);
            this.source = listener;
            this.connection = connection;
            this.floods = floods;
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end)
                throws Http2Exception {
            if (isOver(streamId)) {
                check(floods.late(data.readableBytes() + padding));
            } else if (data.isReadable() || end) {
                floods.useful();
            } else {
                count(floods, Idle.EMPTY_DATA);
            }
            return super.onDataRead(ctx, streamId, data, padding, end);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers head, int padding, boolean end)
                throws Http2Exception {
            if (streamId % 2 == 0) {
                throw broken("it opens stream " + streamId + " without a push");
            }
            if (isOver(streamId)) {
                count(floods, Idle.LATE_FRAME);
            }
            super.onHeadersRead(ctx, streamId, head, padding, end);
        }

        private boolean isOver(int streamId) {
            Http2Stream stream = connection.stream(streamId);
            return stream == null || stream.isResetSent();
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive)
                throws Http2Exception {
            count(floods, Idle.PRIORITY);
            super.onPriorityRead(ctx, streamId, dependency, weight, exclusive);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
            count(floods, Idle.RST_STREAM);
            super.onRstStreamRead(ctx, streamId, errorCode);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
            count(floods, Idle.SETTINGS);
            if (Boolean.TRUE.equals(settings.pushEnabled())) {
                throw broken("its SETTINGS have ENABLE_PUSH, which is for clients");
            }
            Long priorities = settings.get(NO_RFC7540_PRIORITIES);
            if (priorities != null && priorities > 1) {
                throw broken("its SETTINGS have a NO_RFC7540_PRIORITIES of " + priorities + ", and it can be 0 or 1");
            }
            try {
                super.onSettingsRead(ctx, settings);
            } catch (Http2Exception.StreamException e) {
                // A window of one stream grew too large, but it is a frame of the connection that is wrong: section
                // 6.9.2.
                throw Http2Exception.connectionError(e.error(), e, "%s", e.getMessage());
            }
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
            count(floods, Idle.SETTINGS);
            super.onSettingsAckRead(ctx);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            count(floods, Idle.PING);
            super.onPingRead(ctx, data);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            count(floods, Idle.PING);
            super.onPingAckRead(ctx, data);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData)
                throws Http2Exception {
            count(floods, Idle.GOAWAY);
            super.onGoAwayRead(ctx, lastStreamId, errorCode, debugData);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) throws Http2Exception {
            count(floods, Idle.WINDOW_UPDATE);
            super.onWindowUpdateRead(ctx, streamId, increment);
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            if (frameType == PRIORITY_UPDATE) {
                throw broken("it sends PRIORITY_UPDATE, which is for clients");
            }
            count(floods, Idle.UNKNOWN_FRAME);
            super.onUnknownFrame(ctx, frameType, streamId, flags, payload);
        }
    }
}
