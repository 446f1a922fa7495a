package dev.weft.http.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BodyQueueTest {
    private static final int KIB = 1024;

    private final BodyQueue queue = new BodyQueue();
    /** A network buffer that much came in. */
    private final ByteBuf network = Unpooled.buffer(64 * KIB).writeZero(64 * KIB);

    private void add(int bytes) {
        queue.add(network.readRetainedSlice(bytes));
    }

    @Test
    void fewBytesDoNotHoldOnToTheNetworkBuffer() {
        add(100);
        add(200);
        assertEquals(1, network.refCnt());
        assertFalse(queue.holdsBuffers());
        assertEquals(300, queue.bytes());
        assertTrue(queue.cost() < KIB, "costs " + queue.cost());
    }

    /** The first pieces may be all there is; those that follow are not worth a copy. */
    @Test
    void manyPiecesOfOneBufferAreNotCopied() {
        for (int i = 0; i < 16; i++) {
            add(4 * KIB);
        }
        assertEquals(64 * KIB, queue.bytes());
        assertTrue(queue.cost() < 80 * KIB, "costs " + queue.cost());
        assertEquals(16, network.refCnt(), "one is copied");
        for (int i = 0; i < 16; i++) {
            ByteBuffer piece = queue.poll();
            assertNotNull(piece);
            assertEquals(4 * KIB, piece.remaining());
        }
        assertNull(queue.poll());
        assertEquals(0, queue.cost());
        assertEquals(0, queue.bytes());
        assertEquals(1, network.refCnt());
    }

    @Test
    void aPieceThatIsMostOfItsBufferIsNotCopied() {
        queue.add(Unpooled.buffer(9).writeZero(9));
        assertTrue(queue.holdsBuffers());
        queue.clear();
        assertEquals(0, queue.cost());
    }

    /** Whatever came in it: a body that nobody reads must not hold on to many times its size. */
    @Test
    void aBufferThatIsLessThanAThirdFullIsNotHeldOnTo() {
        ByteBuf little = Unpooled.buffer(64 * KIB).writeZero(21 * KIB);
        queue.add(little.readRetainedSlice(16 * KIB));
        queue.add(little.readRetainedSlice(5 * KIB));
        assertFalse(queue.holdsBuffers());
        assertEquals(1, little.refCnt());
        assertEquals(21 * KIB, queue.bytes());
    }
}
