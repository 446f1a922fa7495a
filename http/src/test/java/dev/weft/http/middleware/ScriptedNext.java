package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Middleware;
import dev.weft.http.message.Provenance;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is inside a middleware, by a script; knows what was sent when, and which answers are neither read to their end nor closed. */
final class ScriptedNext implements Middleware.Next {
    final List<ClientRequest> sent = new ArrayList<>();
    final List<Long> sentAtMillis = new ArrayList<>();
    private final Script script;
    /** Answers that hold a connection. */
    int open;
    /** Requests that are sent and not answered. */
    int underWay;
    /** The most that held a connection or were under way at once. */
    int most;

    ScriptedNext(Script script) {
        this.script = script;
    }

    /** What happens to a request; may await. */
    interface Script {
        ClientResponse answer(Call call);
    }

    static ClientRequest get(String url) {
        return ClientRequest.of("GET", HttpUrl.parse(url));
    }

    static ClientRequest get() {
        return get("http://example.com/");
    }

    @Override
    public ClientResponse send(ClientRequest request) {
        sent.add(request);
        sentAtMillis.add(OnVirtualClock.millis());
        underWay++;
        most = Math.max(most, underWay + open);
        try {
            return script.answer(new Call(this, request, sent.size()));
        } finally {
            underWay--;
        }
    }

    void assertNothingHeld() {
        assertEquals(0, open, "answers that hold a connection");
        assertEquals(0, underWay, "requests under way");
    }

    /** A request that was sent; the first has number 1. */
    record Call(ScriptedNext next, ClientRequest request, int number) {
        /** Waits, in the middle of the script. */
        Call after(long millis) {
            Asyncio.sleep(Duration.ofMillis(millis)).await();
            return this;
        }

        /** An answer whose body comes in these pieces, each after a time, with headers by name and value. */
        ClientResponse pieces(int status, long millisEach, List<String> pieces, String... headers) {
            Headers.Builder fields = Headers.builder();
            for (int i = 0; i < headers.length; i += 2) {
                fields.add(headers[i], headers[i + 1]);
            }
            ResponseHead head = new ResponseHead(status, "", "HTTP/1.1", fields.build());
            return new ClientResponse(request, head, new Pieces(next, millisEach, pieces), Provenance.NONE);
        }

        ClientResponse status(int status, String... headers) {
            return pieces(status, 0, List.of("status " + status), headers);
        }

        ClientResponse ok(String body) {
            return pieces(200, 0, List.of(body));
        }

        ConnectFailedException refused() {
            return new ConnectFailedException(request, "connection refused", null);
        }

        ServerDisconnectedException disconnected() {
            return new ServerDisconnectedException(request, "the server ended the connection", 0, null);
        }
    }

    /** A body in pieces; as the client's own, one that is whole or that its reader was cancelled on holds nothing any more. */
    private static final class Pieces implements BodyReader {
        private final ScriptedNext next;
        private final long millisEach;
        private final List<String> left;
        private boolean over;
        private long received;

        Pieces(ScriptedNext next, long millisEach, List<String> pieces) {
            this.next = next;
            this.millisEach = millisEach;
            this.left = new ArrayList<>(pieces);
            next.open++;
        }

        @Override
        public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
            return () -> {
                if (left.isEmpty()) {
                    close();
                    return null;
                }
                if (over) {
                    throw new IllegalStateException("the response is closed");
                }
                try {
                    if (millisEach > 0) {
                        Asyncio.sleep(Duration.ofMillis(millisEach)).await();
                    }
                } catch (Throwable e) {
                    close();
                    throw e;
                }
                ByteBuffer piece = ByteBuffer.wrap(left.removeFirst().getBytes(StandardCharsets.UTF_8));
                received += piece.remaining();
                return piece;
            };
        }

        @Override
        public long bytesReceived() {
            return received;
        }

        @Override
        public void close() {
            if (!over) {
                over = true;
                next.open--;
            }
        }
    }
}
