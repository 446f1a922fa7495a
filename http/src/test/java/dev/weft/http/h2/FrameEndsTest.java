package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class FrameEndsTest {
    private final FrameEnds ends = new FrameEnds();

    /** The start of a frame, or the whole of it, that has so many bytes in all. */
    private static ByteBuf frame(int bytes) {
        return Unpooled.buffer().writeMedium(bytes - 9).writeZero(bytes - 3);
    }

    private static ByteBuf of(ByteBuf... frames) {
        return Unpooled.wrappedBuffer(frames);
    }

    @Test
    void wholeFramesNeedNothing() {
        assertEquals(0, ends.completing(of(frame(9), frame(100))));
        assertEquals(0, ends.completing(frame(9)));
        assertEquals(0, ends.completing(Unpooled.EMPTY_BUFFER));
    }

    @Test
    void theRestOfAFrameComesBeforeOthers() {
        ByteBuf all = of(frame(100), frame(50), frame(20));
        assertEquals(0, ends.completing(all.readSlice(30)));
        assertEquals(0, ends.completing(all.readSlice(30)), "not whole yet");
        assertEquals(40, ends.completing(all));
    }

    /** The length itself may be cut, and a frame may end exactly where what came ends. */
    @Test
    void wheneverItIsCut() {
        for (int cut = 1; cut < 40; cut++) {
            FrameEnds each = new FrameEnds();
            ByteBuf all = of(frame(40), frame(12), frame(9));
            assertEquals(0, each.completing(all.readSlice(cut)), "cut at " + cut);
            assertEquals(40 - cut, each.completing(all.readSlice(40 - cut + 2)), "cut at " + cut);
            assertEquals(10, each.completing(all), "cut at " + cut);
        }
    }
}
