package dev.weft.loop.poll;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll without a mistake of Netty 4.2.18. There, a channel that waits for nothing at the moment (its peer has sent the last
 * byte, or reading is paused and the peer's end was seen) is taken out of epoll, but the handler does not note it: the next thing the
 * channel wants to wait for, room to write for one, fails with ENOENT and closes it.
 *
 * <p>Here such a channel stays in epoll and waits for edges only: errors, which epoll always reports, are reported once and not for
 * ever, which is why Netty takes the channel out. Can go when Netty notes it.
 */
final class EpollRepair implements IoHandler {
    private final IoHandler epoll;

    private EpollRepair(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory of(IoHandlerFactory epoll) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new EpollRepair(epoll.newHandler(executor));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return epoll.isChangingThreadSupported();
            }
        };
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Kept(epoll.register(handle));
    }

    /** A registration that is not taken out once it is in. */
    private static final class Kept implements IoRegistration {
        private final IoRegistration registration;
        private boolean in;

        Kept(IoRegistration registration) {
            this.registration = registration;
        }

        @Override
        public long submit(IoOps ops) {
            boolean nothing = ops.equals(EpollIoOps.NONE);
            in |= !nothing;
            return registration.submit(nothing && in ? EpollIoOps.EPOLLET : ops);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }
}
