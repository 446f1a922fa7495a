package dev.weft.http.websocket.frame;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** A network that takes nothing until it is told to. */
final class Stall extends ChannelOutboundHandlerAdapter {
    private final Map<ChannelPromise, Object> waiting = new LinkedHashMap<>();
    private ChannelHandlerContext context;
    private boolean open;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (open) {
            ctx.write(message, promise);
        } else {
            waiting.put(promise, message);
        }
    }

    int held() {
        return waiting.size();
    }

    /** Takes what waits, and all that follows. */
    void let() {
        open = true;
        new ArrayList<>(waiting.entrySet()).forEach(one -> context.writeAndFlush(one.getValue(), one.getKey()));
        waiting.clear();
    }

    void fail(Throwable cause) {
        waiting.forEach((promise, message) -> {
            ReferenceCountUtil.release(message);
            promise.setFailure(cause);
        });
        waiting.clear();
    }
}
