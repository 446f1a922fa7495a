package dev.weft.http.message;

import dev.weft.loop.Awaitable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is inside a middleware under test: records what is sent, answers as a script says, knows which answers are still open. */
final class FakeServer implements Middleware.Next {
    final List<ClientRequest> requests = new ArrayList<>();
    int open;
    private final Function<ClientRequest, Answer> script;

    record Answer(int status, Headers headers) {
        static Answer of(int status, String... namesAndValues) {
            Headers.Builder headers = Headers.builder();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                headers.add(namesAndValues[i], namesAndValues[i + 1]);
            }
            return new Answer(status, headers.build());
        }
    }

    FakeServer(Function<ClientRequest, Answer> script) {
        this.script = script;
    }

    @Override
    public ClientResponse send(ClientRequest request) {
        requests.add(request);
        Answer answer = script.apply(request);
        open++;
        BodyReader body = new BodyReader() {
            private boolean closed;

            @Override
            public Awaitable<@Nullable ByteBuffer, RuntimeException> read() {
                return () -> null;
            }

            @Override
            public long bytesReceived() {
                return 0;
            }

            @Override
            public void close() {
                open -= closed ? 0 : 1;
                closed = true;
            }
        };
        ResponseHead head = new ResponseHead(answer.status, "", "HTTP/1.1", answer.headers);
        return new ClientResponse(request, head, body, Provenance.NONE);
    }

    /** The {@code Authorization} of each request, "-" where there was none. */
    List<String> credentials() {
        return requests.stream()
                .map(request -> {
                    String value = request.headers().first("Authorization");
                    return value == null ? "-" : value;
                })
                .toList();
    }

    /** The parameters of the Digest answer that a request has, empty if it has none. */
    static Map<String, String> digest(ClientRequest request) {
        String value = request.headers().first("Authorization");
        return value == null
                ? Map.of()
                : Challenge.parse(List.of(value)).getFirst().parameters();
    }
}
