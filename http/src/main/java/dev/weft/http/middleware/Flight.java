package dev.weft.http.middleware;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import dev.weft.loop.CancelledError;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Task;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange that several requests wait for, in a task of its own: it is nobody's, and is cancelled when nobody waits any more. Confined to
 * the loop.
 *
 * <p>What came is given out once, by {@link #land}: an answer that is not in memory as a whole goes to one of those who wait, or is closed.
 */
final class Flight {
    private final Loop loop = Asyncio.getRunningLoop();
    private final int limitBytes;
    private final Consumer<Flight> whenOver;
    private final Task<Cargo> task;
    private final Set<Future<Landing>> passengers = new LinkedHashSet<>();

    /** What somebody who waited gets. */
    sealed interface Landing {
        /** An answer of its own. */
        record Answer(ClientResponse response) implements Landing {}

        /** Nothing: it has to send its request itself. */
        record Alone() implements Landing {}

        /** There is no answer. */
        record Failed(Throwable why) implements Landing {}
    }

    /**
     * What came.
     *
     * @param start the body, or what fits into the limit
     * @param received how many bytes on the wire that was
     * @param rest null if that is all
     * @param failure why that is all, null if there is no more
     */
    private record Cargo(
            ClientResponse response,
            ByteBuffer start,
            long received,
            @Nullable BodyReader rest,
            @Nullable ClientException failure) {
        ClientResponse answer() {
            return response.withContent(new PrefixedBody(start, received, rest, failure));
        }
    }

    /**
     * Starts it.
     *
     * @param limitBytes a longer body is not shared
     * @param whenOver called before the outcome is given out, and when nobody waits any more
     */
    Flight(Awaitable<ClientResponse, RuntimeException> send, int limitBytes, Consumer<Flight> whenOver) {
        this.limitBytes = limitBytes;
        this.whenOver = whenOver;
        this.task = Asyncio.createTask(() -> fly(send));
        this.task.addDoneCallback(this::land);
    }

    /** Waits for its end. */
    Landing await() {
        Future<Landing> seat = loop.createFuture();
        passengers.add(seat);
        try {
            return seat.await();
        } finally {
            passengers.remove(seat);
            if (passengers.isEmpty() && !task.isDone()) {
                whenOver.accept(this);
                task.cancel("nobody waits for the answer any more");
            }
        }
    }

    private Cargo fly(Awaitable<ClientResponse, RuntimeException> send) {
        ClientResponse response = send.await();
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        BodyReader content = response.content();
        try {
            boolean tooLong = !response.method().equals("HEAD")
                    && response.contentLength().orElse(0) > limitBytes;
            boolean whole = false;
            while (!tooLong && !whole) {
                ByteBuffer piece = content.read().await();
                if (piece == null) {
                    whole = true;
                } else {
                    byte[] bytes = new byte[piece.remaining()];
                    piece.get(bytes);
                    start.writeBytes(bytes);
                    tooLong = start.size() > limitBytes;
                }
            }
            return cargo(response, start, whole ? null : content, null);
        } catch (TotalTimeoutException e) {
            response.close();
            throw e;
        } catch (ClientException e) {
            response.close();
            return cargo(response, start, null, e);
        } catch (Throwable e) {
            response.close();
            throw e;
        }
    }

    private static Cargo cargo(
            ClientResponse response,
            ByteArrayOutputStream start,
            @Nullable BodyReader rest,
            @Nullable ClientException failure) {
        long received = response.content().bytesReceived();
        return new Cargo(response, ByteBuffer.wrap(start.toByteArray()), received, rest, failure);
    }

    private void land(Future<Cargo> done) {
        whenOver.accept(this);
        Cargo cargo = null;
        Throwable why = done.isCancelled() ? new CancelledError() : done.exception();
        if (why == null) {
            cargo = done.result();
        }
        boolean mustBeTaken = cargo != null && cargo.rest != null;
        boolean taken = false;
        for (Future<Landing> seat : List.copyOf(passengers)) {
            // One that is done was cancelled, and its task has not run since.
            if (!seat.isDone()) {
                seat.setResult(landing(cargo, why, mustBeTaken && taken));
                taken = true;
            }
        }
        if (cargo != null && mustBeTaken && !taken) {
            cargo.answer().close();
        }
    }

    private static Landing landing(@Nullable Cargo cargo, @Nullable Throwable why, boolean alone) {
        if (cargo == null) {
            return new Landing.Failed(why == null ? new CancelledError() : why);
        }
        return alone ? new Landing.Alone() : new Landing.Answer(cargo.answer());
    }
}
