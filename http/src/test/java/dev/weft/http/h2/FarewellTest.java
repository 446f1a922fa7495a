package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FarewellTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext ctx = channel.pipeline().lastContext();

    private boolean isOpenAfter(int millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        return channel.isOpen();
    }

    /** A server that does not read gets no last word, and the connection ends all the same. */
    @Test
    void takesNoLongerThanItMay() {
        channel.freezeTime();
        Farewell.after(channel.newPromise(), ctx, 1000);
        assertTrue(isOpenAfter(999));
        assertFalse(isOpenAfter(1));
    }

    @Test
    void isOverWhereNothingCanBeEndedByHalf() {
        Farewell.after(channel.newSucceededFuture(), ctx, 1000);
        assertFalse(channel.isOpen());
    }
}
