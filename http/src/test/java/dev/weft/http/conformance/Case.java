package dev.weft.http.conformance;

import dev.weft.http.ClientSession;
import dev.weft.http.RequestBuilder;
import dev.weft.http.conformance.Scene.Script;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ServerSocketFactory;

/**
 * A row of the specification: what the server does on each of its connections, what the client does, what comes out. Built where it stands
 * in a table.
 */
final class Case {
    private final String name;
    private List<Script> scripts = List.of();
    private Script elsewhere;
    private Supplier<ClientSession.Builder> settings = ClientSession::builder;
    private final List<Action> actions = new ArrayList<>();
    private List<String> shown;
    private ServerSocketFactory tls;
    private String expected = "";
    private String expectedOverHttp2;
    private boolean timed;

    /** What the client does, in a task; gives what came of it, in words. */
    interface Action {
        String run(ClientSession session, Scene scene) throws Exception;
    }

    private Case(String name) {
        this.name = name;
    }

    /** A case; its name begins with its number. One that is not in the specification has a number of the gaps, and a plus. */
    static Case of(String name) {
        return new Case(name);
    }

    /** What the server does on its first, second, ... connection, in the notation of {@link Scripts}; the last holds for all that follow. */
    Case server(String... connections) {
        return server(Arrays.stream(connections).map(Scripts::of).toArray(Script[]::new));
    }

    Case server(Script... connections) {
        scripts = List.of(connections);
        return this;
    }

    /** What another server does, on each connection. */
    Case elsewhere(String connection) {
        elsewhere = Scripts.of(connection);
        return this;
    }

    Case session(Supplier<ClientSession.Builder> builder) {
        settings = builder;
        return this;
    }

    /** The client's next action. */
    Case does(Action action) {
        actions.add(action);
        return this;
    }

    /** The client's time is over {@link Scene#soon}: too soon, if the machine is busy with something else. */
    Case timed() {
        timed = true;
        return this;
    }

    /** Sends a request to the first server and reads the whole answer. */
    Case sends(String method, String path, Consumer<RequestBuilder> more) {
        return does((session, scene) -> {
            RequestBuilder request = session.request(method, scene.url(path));
            more.accept(request);
            return Outcomes.exchange(request);
        });
    }

    Case sends(String method) {
        return sends(method, "/", request -> {});
    }

    Case gets() {
        return sends("GET");
    }

    Case gets(String path) {
        return sends("GET", path, request -> {});
    }

    /** Waits until there is no idle connection. */
    Case awaitsEviction() {
        return does((session, scene) -> {
            Outcomes.until(() -> session.stats().idle() == 0);
            return "";
        });
    }

    /** The requests that the server read are a part of what came out, with these of their headers. */
    Case wire(String... headers) {
        shown = List.of(headers);
        return this;
    }

    /**
     * What comes out: of each action, the pool as idle/acquired/accepted, and the requests where they are a part of it; each {@code …} is any text.
     * Ends the building.
     */
    Case gives(String outcome) {
        if (actions.isEmpty()) {
            gets();
        }
        expected = outcome;
        return this;
    }

    /** What comes out over HTTP/2, where that is something else and not what {@link OverHttp2} makes of it. */
    Case overHttp2Gives(String outcome) {
        expectedOverHttp2 = outcome;
        return this;
    }

    /** The same over TLS, with server sockets of this factory. */
    Case overTls(ServerSocketFactory factory) {
        tls = factory;
        return this;
    }

    /** What makes the server's sockets; null for plain ones. */
    ServerSocketFactory tls() {
        return tls;
    }

    boolean isTimed() {
        return timed;
    }

    String expected() {
        return expected;
    }

    /** Null if it is what comes out over HTTP/1.1. */
    String expectedOverHttp2() {
        return expectedOverHttp2;
    }

    Script script(int connection) {
        return scripts.get(Math.min(connection, scripts.size()) - 1);
    }

    Script elsewhere() {
        return elsewhere;
    }

    ClientSession.Builder settings() {
        return tls == null ? settings.get() : settings.get().insecure();
    }

    List<Action> actions() {
        return actions;
    }

    /** Which headers of the requests are shown; null if the requests are not. */
    List<String> shown() {
        return shown;
    }

    @Override
    public String toString() {
        return name;
    }
}
