package dev.weft.http.middleware;

import dev.weft.http.message.BodyReader;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Middleware.Next;
import dev.weft.http.message.PayloadException;
import dev.weft.http.message.Provenance;
import dev.weft.http.message.ResponseHead;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a middleware has inside in a test: gives scripted answers, knows which are open. */
final class Origin implements Next {
    final List<ClientRequest> requests = new ArrayList<>();
    final List<Pieces> bodies = new ArrayList<>();
    private Function<ClientRequest, ClientResponse> script;

    Origin(Function<ClientRequest, ClientResponse> script) {
        this.script = script;
    }

    /** Always answers with this status, body, and headers in pairs. */
    static Origin answering(int status, String body, String... headers) {
        Origin origin = new Origin(request -> null);
        origin.will(request -> origin.answer(request, status, body, headers));
        return origin;
    }

    void will(Function<ClientRequest, ClientResponse> next) {
        script = next;
    }

    void will(int status, String body, String... headers) {
        will(request -> answer(request, status, body, headers));
    }

    @Override
    public ClientResponse send(ClientRequest request) {
        requests.add(request);
        return script.apply(request);
    }

    ClientRequest last() {
        return requests.getLast();
    }

    /** How many bodies were neither read to their end nor closed. */
    long open() {
        return bodies.stream().filter(body -> !body.released).count();
    }

    ClientResponse answer(ClientRequest request, int status, String body, String... headers) {
        Headers.Builder fields = Headers.builder();
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(headers[i], headers[i + 1]);
        }
        Pieces content = new Pieces(request, body.getBytes(StandardCharsets.UTF_8), 3, -1);
        bodies.add(content);
        return respond(request, status, fields.build(), content);
    }

    ClientResponse respond(ClientRequest request, int status, Headers headers, BodyReader content) {
        return new ClientResponse(request, new ResponseHead(status, "", "HTTP/1.1", headers), content, Provenance.NONE);
    }

    static ClientRequest get(String url, String... headers) {
        ClientRequest request = ClientRequest.of("GET", HttpUrl.parse(url));
        for (int i = 0; i < headers.length; i += 2) {
            request = request.withHeader(headers[i], headers[i + 1]);
        }
        return request;
    }

    /** The body as text; closes the answer. */
    static String read(ClientResponse response) {
        try (response) {
            return response.text().await();
        }
    }

    /** A body that comes in pieces, each after a moment, and may break. */
    static final class Pieces implements BodyReader {
        private final ClientRequest request;
        private final byte[] bytes;
        private final int size;
        private final int breaksAt;
        private int at;
        boolean released;
        boolean closed;

        Pieces(ClientRequest request, byte[] bytes, int size, int breaksAt) {
            this.request = request;
            this.bytes = bytes;
            this.size = size;
            this.breaksAt = breaksAt;
        }

        @Override
        public Awaitable<ByteBuffer, RuntimeException> read() {
            return () -> {
                if (closed) {
                    throw new IllegalStateException("closed");
                }
                Asyncio.sleep(Duration.ofMillis(1)).await();
                if (breaksAt >= 0 && at >= breaksAt) {
                    released = true;
                    throw new PayloadException(request, at, bytes.length, null);
                }
                int end = Math.min(bytes.length, at + size);
                ByteBuffer piece = end == at ? null : ByteBuffer.wrap(bytes, at, end - at);
                at = end;
                released |= piece == null;
                return piece;
            };
        }

        @Override
        public long bytesReceived() {
            return at;
        }

        @Override
        public void close() {
            closed = true;
            released = true;
        }
    }

    /** The network does not work. */
    static final class Unreachable extends ClientException {
        private static final long serialVersionUID = 1;

        Unreachable(ClientRequest request) {
            super(request, "unreachable", null);
        }
    }
}
