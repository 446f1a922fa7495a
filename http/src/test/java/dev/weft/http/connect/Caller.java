package dev.weft.http.connect;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Phase;
import dev.weft.loop.Future;
import java.util.ArrayList;
import java.util.List;

/** Who waits for a connection, as an exchange does. */
final class Caller implements Patience {
    private final ClientRequest request;
    /** Where it has waited, in order. */
    final List<Phase> phases = new ArrayList<>();

    private Future<?> waiting;
    private ClientException failure;

    Caller(ClientRequest request) {
        this.request = request;
    }

    static Caller get(String url) {
        return new Caller(ClientRequest.of("GET", HttpUrl.parse(url)));
    }

    @Override
    public void check() {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void begin(Phase phase, Future<?> future) {
        phases.add(phase);
        check();
        waiting = future;
    }

    @Override
    public void end(Phase phase) {
        waiting = null;
    }

    boolean isWaitingIn(Phase phase) {
        return waiting != null && !phases.isEmpty() && phases.getLast() == phase;
    }

    void fail(ClientException cause) {
        failure = cause;
        if (waiting != null && !waiting.isDone()) {
            waiting.setException(cause);
        }
    }

    @Override
    public ClientRequest request() {
        return request;
    }
}
