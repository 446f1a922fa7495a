package dev.weft.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Puts what comes behind the part of a frame that is there already, without what was decoded before that. Netty's own cumulator keeps that too,
 * for as long as somebody holds a piece of it: while a body is read as fast as it comes, the buffer grows with the body. Pure.
 */
final class Undecoded implements ByteToMessageDecoder.Cumulator {
    @Override
    @SuppressWarnings("ReferenceEquality") // that very buffer
    public ByteBuf cumulate(ByteBufAllocator alloc, ByteBuf undecoded, ByteBuf in) {
        if (!undecoded.isReadable() || undecoded == in) {
            undecoded.release();
            return in;
        }
        try {
            int size = in.readableBytes();
            if (size <= undecoded.writableBytes() && !undecoded.isReadOnly()) {
                return undecoded.writeBytes(in);
            }
            ByteBuf both = alloc.buffer(undecoded.readableBytes() + size);
            both.writeBytes(undecoded).writeBytes(in);
            undecoded.release();
            return both;
        } finally {
            in.release();
        }
    }
}
