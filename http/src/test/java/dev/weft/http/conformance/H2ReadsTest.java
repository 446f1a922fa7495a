package dev.weft.http.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.http.Client;
import dev.weft.http.ClientSession;
import dev.weft.http.h2.H2Block;
import dev.weft.http.h2.H2Frame;
import dev.weft.http.h2.H2Peer;
import dev.weft.http.h2.H2Request;
import dev.weft.http.h2.H2Server;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short answers to many requests, and large bodies, are read when much is there; never is more waited for than comes. */
class H2ReadsTest {
    private static final int REQUESTS = 96;
    private static final int AT_ONCE = 4;
    private static final int ROUNDS = 5;
    /** Where the server stops; fewer than are waited for are on their way then, now and then. */
    private static final int STOP = 56;

    private static H2Frame[] answer(int streamId) {
        return new H2Frame[] {
            H2Frame.headers(streamId, 0, H2Block.status("200", "content-length", "2")),
            H2Frame.data(streamId, H2Frame.END_STREAM, "ok")
        };
    }

    private static void serve(H2Peer peer, Semaphore read) throws IOException {
        while (true) {
            List<Integer> streams = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                H2Request request = peer.request();
                if (request == null) {
                    return;
                }
                streams.add(request.streamId());
            }
            for (int i = 0; i < REQUESTS; i += AT_ONCE) {
                if (i == STOP) {
                    read.acquireUninterruptibly();
                }
                peer.send(streams.subList(i, i + AT_ONCE).stream()
                        .flatMap(stream -> Stream.of(answer(stream)))
                        .toArray(H2Frame[]::new));
            }
        }
    }

    /** It takes code that is warm, so on a busy machine it takes a while. */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyAreReadAtATimeAndTheLastOnesAreNotLost() throws Exception {
        assumeTrue(Epoll.isAvailable(), "only epoll waits for so much");
        Semaphore read = new Semaphore(0);
        try (H2Server server = H2Server.start(peer -> serve(peer, read))) {
            Client.run(H2Server.client(), session -> {
                for (int moderated = 0; moderated < ROUNDS; ) {
                    moderated += round(session, server, read) ? 1 : 0;
                }
                Client.until(() -> ClientChannels.lowWater() == 1);
            });
        }
    }

    /** Whether reads waited in it. */
    private static boolean round(ClientSession session, H2Server server, Semaphore read) {
        AtomicBoolean moderated = new AtomicBoolean();
        int[] done = new int[1];
        List<Task<?>> all = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            all.add(Asyncio.createTask(() -> {
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                if (ClientChannels.lowWater() > 1) {
                    moderated.set(true);
                }
                if (++done[0] == STOP) {
                    read.release();
                }
            }));
        }
        all.forEach(Task::await);
        return moderated.get();
    }

    private static final int FRAME = 16_384;
    private static final int FRAME_HEAD = 9;
    /** Nine frames, most of the tenth, which is nothing to the client then, and the rest. */
    private static final int SIZE = 200_000;

    private static final int WHOLE = 9 * FRAME;
    private static final int SENT = WHOLE + 10 * FRAME_HEAD + 16_000;
    private static final int UNSENT = SIZE + 13 * FRAME_HEAD - SENT;

    private static byte[] body(int streamId) {
        List<H2Frame> frames = new ArrayList<>();
        for (int at = 0; at < SIZE; at += FRAME) {
            int size = Math.min(FRAME, SIZE - at);
            frames.add(H2Frame.data(streamId, at + size == SIZE ? H2Frame.END_STREAM : 0, new byte[size]));
        }
        return H2Frame.concat(frames.toArray(H2Frame[]::new));
    }

    private static void serveParts(H2Peer peer, Semaphore read) throws IOException {
        peer.mute(); // its answers could come within a frame
        for (H2Request request = peer.request(); request != null; request = peer.request()) {
            int stream = request.streamId();
            byte[] body = body(stream);
            peer.send(H2Frame.headers(stream, 0, H2Block.status("200", "content-length", Integer.toString(SIZE))));
            peer.send(Arrays.copyOf(body, SENT));
            read.acquireUninterruptibly();
            peer.send(Arrays.copyOfRange(body, SENT, body.length));
        }
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsInAFrameThatIsNotWholeIsNotWaitedForAgain() throws Exception {
        assumeTrue(Epoll.isAvailable(), "only epoll waits for so much");
        Semaphore read = new Semaphore(0);
        try (H2Server server = H2Server.start(peer -> serveParts(peer, read))) {
            Client.run(H2Server.client(), session -> {
                for (int waits = 0; waits < ROUNDS; ) {
                    int mark = markWithinTheTenth(session, server, read);
                    assertTrue(mark <= UNSENT, () -> mark + " bytes are waited for, and " + UNSENT + " come");
                    waits += mark > 1 ? 1 : 0;
                }
            });
        }
    }

    private static int markWithinTheTenth(ClientSession session, H2Server server, Semaphore read) throws Exception {
        int mark = 0;
        try (ClientResponse response = session.get(server.url("/")).await()) {
            int size = 0;
            for (ByteBuffer piece : response.content()) {
                size += piece.remaining();
                if (size == WHOLE) {
                    mark = ClientChannels.lowWater();
                    read.release();
                }
            }
            assertEquals(SIZE, size);
        }
        return mark;
    }
}
