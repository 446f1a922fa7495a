package dev.weft.it;

import dev.weft.it.RawServer.Request;
import dev.weft.it.Ways.Served;
import dev.weft.it.Ways.Way;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A server of files that gets each of them wrong in a way of its own; and what it was asked. Any thread. */
final class MisbehavingServer implements AutoCloseable {
    private record Entry(Served file, Way way) {}

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final RawServer server = RawServer.start(this::answer);
    private long seed;

    MisbehavingServer() throws IOException {}

    /** One more file, of this many random bytes: served at {@code /name}. */
    Served add(String name, int length, Way way) {
        Served file = new Served(name, Content.random(++seed, length), Content.random(1000 + seed, length));
        entries.put("/" + name, new Entry(file, way));
        return file;
    }

    private void answer(Request request, Reply reply) throws IOException {
        Entry entry = entries.get(request.target());
        if (entry == null) {
            reply.head("404 Not Found", Ways.length(0));
        } else {
            entry.way.answer(entry.file, request, reply);
        }
    }

    String url(Served file) {
        return server.url("/" + file.name());
    }

    List<Request> requests() {
        return server.requests();
    }

    List<Request> requests(Served file) {
        return server.requests("/" + file.name());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
