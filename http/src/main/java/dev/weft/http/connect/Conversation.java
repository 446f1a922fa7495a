package dev.weft.http.connect;

import dev.weft.http.message.Phase;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.net.channel.Netty;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is said with a proxy until it has made a way through: the last handler of a channel, which asks and waits for the answer, and then
 * makes place for those who use the way. What comes behind the last answer is theirs.
 *
 * <p>{@link #ask} and {@link #handOver} are for a task, all else runs on the loop's thread. Invariant: the network is read only while an
 * answer is awaited.
 */
final class Conversation extends ChannelInboundHandlerAdapter {
    private static final String CLOSED = "it closed the connection before it answered";

    private final Loop loop;
    private final Channel channel;
    private final List<ByteBuf> unread = new ArrayList<>();
    private @Nullable Question question;
    private @Nullable String ended;

    /** What was asked, the codec for it, and who waits for the answer. */
    private record Question(
            Object message,
            ChannelHandler encoder,
            ByteToMessageDecoder decoder,
            Predicate<Object> isAnswer,
            Future<Answer> answer) {}

    /** The answer, or what happened in its place: one of both. */
    private record Answer(
            @Nullable Object message, @Nullable String failure) {}

    /** What a proxy said is no answer, or it said nothing. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        private Failed(String what) {
            super(what);
        }
    }

    private Conversation(Loop loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /** Puts one at the end of a channel's pipeline. */
    static void add(Loop loop, Channel channel) {
        channel.pipeline().addLast(new Conversation(loop, channel));
    }

    /** That of a channel. */
    static Conversation of(Channel channel) {
        return channel.pipeline().get(Conversation.class);
    }

    // ---- for the task

    /**
     * Sends a message and waits for the answer.
     *
     * @param isAnswer which of the decoder's messages is the answer; those before it are left out
     * @throws Failed if none comes
     */
    Object ask(
            Patience wait,
            Object message,
            ChannelHandler encoder,
            ByteToMessageDecoder decoder,
            Predicate<Object> isAnswer)
            throws Failed {
        Question next = new Question(message, encoder, decoder, isAnswer, loop.createFuture());
        channel.eventLoop().execute(() -> guarded(next.answer(), () -> begin(next)));
        Answer answer = wait.await(Phase.CONNECT, next.answer());
        Object said = answer.message();
        if (said == null) {
            throw new Failed(String.valueOf(answer.failure()));
        }
        return said;
    }

    /**
     * Ends it.
     *
     * @param next adds the handlers that use the channel from now on
     * @return whether the channel is still open
     */
    boolean handOver(Patience wait, Consumer<Channel> next) {
        Future<Boolean> done = loop.createFuture();
        channel.eventLoop()
                .execute(() -> guarded(done, () -> {
                    boolean open = leave(next);
                    if (!done.isDone()) {
                        done.setResult(open);
                    }
                }));
        return wait.await(Phase.CONNECT, done);
    }

    /** What is thrown on the loop's thread is for the task that waits. */
    private static void guarded(Future<?> waiting, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            if (waiting.isDone()) {
                throw e;
            }
            waiting.setException(e);
        }
    }

    // ---- on the loop's thread

    private void begin(Question next) {
        if (!unread.isEmpty()) {
            complete(next, new Answer(null, "it said more than it was asked"));
            return;
        }
        if (ended != null || !channel.isActive()) {
            complete(next, new Answer(null, ended == null ? CLOSED : ended));
            return;
        }
        question = next;
        channel.pipeline().addBefore(channel.pipeline().context(this).name(), null, next.encoder());
        channel.pipeline().addBefore(channel.pipeline().context(this).name(), null, next.decoder());
        channel.pipeline().context(this).writeAndFlush(next.message()).addListener(sent -> {
            if (!sent.isSuccess()) {
                end("the connection broke: " + Netty.reason(sent.cause()));
            }
        });
        channel.pipeline().context(this).read();
    }

    private static void complete(Question asked, Answer answer) {
        if (!asked.answer().isDone()) {
            asked.answer().setResult(answer);
        }
    }

    private void end(String why) {
        if (ended == null) {
            ended = why;
        }
        Question asked = question;
        question = null;
        if (asked != null) {
            complete(asked, new Answer(null, ended));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            unread.add(bytes);
            return;
        }
        Question asked = question;
        if (asked == null || !asked.isAnswer().test(message)) {
            ReferenceCountUtil.release(message);
            return;
        }
        DecoderResult result =
                message instanceof DecoderResultProvider provider ? provider.decoderResult() : DecoderResult.SUCCESS;
        if (result.isFailure()) {
            ReferenceCountUtil.release(message);
            end(
                    result.cause() instanceof PrematureChannelClosureException
                            ? CLOSED
                            : "its answer makes no sense: " + Netty.reason(result.cause()));
            return;
        }
        question = null;
        // The decoder must not touch what comes next; what it has of that already comes here as bytes.
        channel.pipeline().remove(asked.decoder());
        channel.pipeline().remove(asked.encoder());
        complete(asked, new Answer(message, null));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (question != null) {
            ctx.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end((cause instanceof DecoderException ? "its answer makes no sense: " : "the connection broke: ")
                + Netty.reason(cause));
        ctx.close();
    }

    private boolean leave(Consumer<Channel> next) {
        next.accept(channel);
        ChannelHandlerContext here = channel.pipeline().context(this);
        if (!channel.isActive() || here == null) {
            return false;
        }
        here.fireChannelActive();
        List<ByteBuf> rest = List.copyOf(unread);
        unread.clear();
        rest.forEach(here::fireChannelRead);
        if (!rest.isEmpty()) {
            here.fireChannelReadComplete();
        }
        channel.pipeline().remove(this);
        return true;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        unread.forEach(ByteBuf::release);
        unread.clear();
    }
}
