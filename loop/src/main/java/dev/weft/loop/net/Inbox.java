package dev.weft.loop.net;

import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.net.channel.Netty;
import dev.weft.loop.net.dial.ConnectionException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection received and nobody has read yet, and the one task that may wait for more. Above twice the limit it asks for
 * reading to pause. Confined to the loop: the channel feeds it, one task at a time empties it; nothing is taken out before a read is
 * complete, so a cancelled one loses nothing.
 *
 * <p>Source: {@code asyncio.StreamReader}.
 */
final class Inbox {
    private static final byte[] NONE = new byte[0];
    private static final byte[] NEWLINE = {'\n'};

    private final Loop loop;
    private final int limitBytes;
    private final Consumer<Boolean> reading;
    private final ByteQueue unread = new ByteQueue();
    private boolean paused;
    private boolean ended;
    private @Nullable IOException failure;
    private @Nullable Future<@Nullable Void> waiter;

    /** Whether the peer sends nothing more, be there bytes of it or not. */
    boolean hasEnded() {
        return ended;
    }

    /**
     * An empty one.
     *
     * @param reading is told false to stop reading from the network and true to go on
     */
    Inbox(Loop loop, int limitBytes, Consumer<Boolean> reading) {
        this.loop = loop;
        this.limitBytes = limitBytes;
        this.reading = reading;
    }

    // ---- the channel's side

    void feed(ByteBuf data) {
        unread.append(data);
        wake();
        if (!paused && unread.size() > 2L * limitBytes) {
            paused = true;
            reading.accept(false);
        }
    }

    void feedEnd() {
        ended = true;
        wake();
    }

    void fail(IOException error) {
        failure = error;
        wake();
    }

    private void wake() {
        if (waiter != null && !waiter.isDone()) {
            waiter.setResult(null);
        }
    }

    // ---- the reader's side

    boolean atEnd() {
        return ended && unread.size() == 0;
    }

    /** Throws if the connection was lost, or another task waits in a read. */
    private void checkReadable() {
        if (waiter != null) {
            throw new IllegalStateException(
                    "a read was called while another task is already waiting for incoming data of this reader");
        }
        checkFailure();
    }

    private void checkFailure() {
        if (failure != null) {
            throw new ConnectionException("connection lost: " + Netty.reason(failure), failure);
        }
    }

    byte[] read(int most) {
        checkReadable();
        if (most < 0) {
            return readAll();
        }
        if (most == 0) {
            return NONE;
        }
        if (unread.size() == 0 && !ended) {
            awaitData();
        }
        return take(most);
    }

    private byte[] readAll() {
        while (!ended) {
            awaitData();
        }
        return take(Integer.MAX_VALUE);
    }

    byte[] readExactly(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("readExactly size can not be less than zero: " + length);
        }
        checkReadable();
        while (unread.size() < length) {
            if (ended) {
                throw new IncompleteReadException(take(Integer.MAX_VALUE), length);
            }
            awaitData();
        }
        return take(length);
    }

    byte[] readLine() {
        try {
            return readUntil(List.of(NEWLINE));
        } catch (IncompleteReadException e) {
            return e.partial();
        } catch (LimitOverrunException e) {
            if (unread.startsWith(NEWLINE, e.consumed())) {
                unread.skip(e.consumed() + NEWLINE.length);
            } else {
                unread.clear();
            }
            resumeIfDrained();
            throw e;
        }
    }

    byte[] readUntil(List<byte[]> separators) {
        int shortest = separators.stream().mapToInt(s -> s.length).min().orElse(0);
        int longest = separators.stream().mapToInt(s -> s.length).max().orElse(0);
        if (shortest == 0) {
            throw new IllegalArgumentException(
                    separators.isEmpty() ? "no separator was given" : "a separator must be at least one byte");
        }
        checkReadable();
        int offset = 0;
        while (true) {
            if (unread.size() - offset >= shortest) {
                Match match = firstMatch(separators, offset);
                if (match != null) {
                    return takeChunk(match);
                }
                // What is behind it may be the start of a separator whose end has not come yet.
                offset = Math.max(0, unread.size() + 1 - longest);
                if (offset > limitBytes) {
                    throw new LimitOverrunException(
                            "no separator in the first " + offset + " bytes, which is over the limit of " + limitBytes,
                            offset);
                }
            }
            if (ended) {
                throw new IncompleteReadException(take(Integer.MAX_VALUE), -1);
            }
            awaitData();
        }
    }

    /** Where a separator begins, and where the chunk that it ends does. */
    private record Match(int start, int end) {}

    /** The separator that makes the shortest chunk. */
    private @Nullable Match firstMatch(List<byte[]> separators, int offset) {
        Match first = null;
        for (byte[] separator : separators) {
            int start = unread.indexOf(separator, offset);
            if (start >= 0 && (first == null || start + separator.length < first.end)) {
                first = new Match(start, start + separator.length);
            }
        }
        return first;
    }

    private byte[] takeChunk(Match match) {
        if (match.start > limitBytes) {
            throw new LimitOverrunException(
                    "the chunk of " + match.start + " bytes is longer than the limit of " + limitBytes, match.start);
        }
        return take(match.end);
    }

    private byte[] take(int most) {
        byte[] taken = unread.take(most);
        resumeIfDrained();
        return taken;
    }

    /** Takes everything out, for a protocol that goes on below this one. */
    ByteBuf takeAll() {
        checkReadable();
        return Unpooled.wrappedBuffer(take(Integer.MAX_VALUE));
    }

    private void resumeIfDrained() {
        if (paused && unread.size() <= limitBytes) {
            resume();
        }
    }

    private void resume() {
        paused = false;
        reading.accept(true);
    }

    /** Suspends the calling task until something came: data, the end, or a failure, which it throws. */
    private void awaitData() {
        if (paused) {
            // A read that needs more than the limit would wait for ever else.
            resume();
        }
        Future<@Nullable Void> news = loop.createFuture();
        waiter = news;
        try {
            news.await();
        } finally {
            waiter = null;
        }
        checkFailure();
    }
}
