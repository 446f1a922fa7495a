package dev.weft.loop.poll;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A transport's handler that notes when it is woken: Netty wakes it after every task it is given from a thread that is not its own,
 * and has no other way to say that tasks are waiting.
 */
final class NoticingHandler implements IoHandler {
    private final IoHandler handler;
    private final AtomicBoolean woken;

    NoticingHandler(IoHandler handler, AtomicBoolean woken) {
        this.handler = handler;
        this.woken = woken;
    }

    @Override
    public void wakeup() {
        woken.set(true);
        handler.wakeup();
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return handler.run(context);
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return handler.register(handle);
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }
}
