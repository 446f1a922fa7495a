package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UndecodedTest {
    private static final int READ_BYTES = 16_384;

    private final PooledByteBufAllocator alloc = PooledByteBufAllocator.DEFAULT;
    private final Undecoded cumulator = new Undecoded();

    private ByteBuf read(int number) {
        ByteBuf in = alloc.buffer(READ_BYTES);
        while (in.isWritable()) {
            in.writeByte(number + in.writerIndex());
        }
        return in;
    }

    /** The decoder is always in the midst of a frame; what it has decoded is held for a while, or until behind the next read. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void doesNotGrowWithWhatWasDecoded(boolean isHeldLonger) {
        ByteBuf undecoded = alloc.buffer(0);
        ByteBuf held = alloc.buffer(0);
        for (int i = 0; i < 1000; i++) {
            undecoded = cumulator.cumulate(alloc, undecoded, read(i));
            assertTrue(undecoded.capacity() <= 4 * READ_BYTES, "it grows");
            held.release();
            held = isHeldLonger ? undecoded.retainedSlice() : alloc.buffer(0);
            undecoded.skipBytes(undecoded.readableBytes() - 10);
            for (int j = 10; j > 0; j--) {
                assertEquals((byte) (i + READ_BYTES - j), undecoded.getByte(undecoded.writerIndex() - j));
            }
        }
        held.release();
        assertTrue(undecoded.release(), "it leaks");
    }

    @Test
    void nothingIsLeftOfWhatIsReplaced() {
        ByteBuf first = read(0);
        ByteBuf second = read(1);
        ByteBuf both = cumulator.cumulate(alloc, first, second);
        assertEquals(0, first.refCnt());
        assertEquals(0, second.refCnt());
        assertEquals(2 * READ_BYTES, both.readableBytes());
        ByteBuf third = read(2);
        both.skipBytes(both.readableBytes());
        assertEquals(third, cumulator.cumulate(alloc, both, third));
        assertEquals(0, both.refCnt());
        assertTrue(third.release());
    }
}
