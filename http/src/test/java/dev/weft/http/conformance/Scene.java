package dev.weft.http.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClientSession;
import dev.weft.http.RawServer;
import dev.weft.http.h2.H2Lines;
import dev.weft.http.h2.H2Lines.Manner;
import dev.weft.http.message.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;

/** One run of a case: its servers, what they read and wrote. Any thread. */
final class Scene implements AutoCloseable {
    private final boolean tls;
    private final RawServer here;
    private final RawServer elsewhere;
    private final List<SplitReads.Reads> reads = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final List<ByteArrayOutputStream> streams = new ArrayList<>();
    private final boolean http2;
    private final Duration soon;
    private int done;

    /**
     * Starts the servers of a case; what they send is read like this.
     *
     * @param soon when the client's time is over, if the case is about time
     */
    Scene(Case played, Split split, boolean http2, Duration soon) throws IOException {
        this.http2 = http2;
        this.soon = soon;
        tls = played.tls() != null;
        Manner manner = split.equals(Split.BYTE_BY_BYTE) ? Manner.MANY_FRAMES : Manner.FEW_FRAMES;
        here = RawServer.start(
                tls ? played.tls() : ServerSocketFactory.getDefault(),
                peer -> played.script(peer.number).play(new Line(peer)),
                http2 ? manner : null);
        elsewhere = played.elsewhere() == null
                ? null
                : RawServer.start(
                        ServerSocketFactory.getDefault(),
                        peer -> played.elsewhere().play(new Line(peer)),
                        http2 ? manner : null);
        reads.add(SplitReads.from(here.port(), split));
        if (elsewhere != null) {
            reads.add(SplitReads.from(elsewhere.port(), split));
        }
    }

    /** What a server does on one connection. */
    interface Script {
        void play(Line line) throws Exception;
    }

    /** The settings of a session that speaks the version that is played: over TLS it is agreed on. */
    ClientSession.Builder speaking(ClientSession.Builder settings) {
        return http2 && !tls ? settings.version(HttpVersion.HTTP_2) : settings;
    }

    /**
     * How many connections are idle, of which the client says so many are. Over HTTP/2 it is the lines that count: those of the connections that are idle, if
     * both sides agree on these.
     */
    String idle(int connections) {
        if (!http2) {
            return "" + connections;
        }
        List<H2Lines> idle = http2Connections()
                .filter(lines -> lines.isAlive() && lines.openStreams() == 0)
                .toList();
        return idle.size() == connections
                ? "" + idle.stream().mapToInt(H2Lines::freeLines).sum()
                : connections + " of " + idle.size() + " connections";
    }

    private Stream<H2Lines> http2Connections() {
        return Stream.of(here, elsewhere)
                .filter(Objects::nonNull)
                .flatMap(server -> server.http2Connections().stream());
    }

    /** Over HTTP/2: each stream was ended by both sides, or reset; and nobody made a connection while another one to the same server would do. */
    void assertFewConnections() {
        Outcomes.until(() -> http2Connections().allMatch(lines -> lines.openStreams() == 0));
        for (RawServer server :
                Stream.of(here, elsewhere).filter(Objects::nonNull).toList()) {
            long alive =
                    server.http2Connections().stream().filter(H2Lines::isAlive).count();
            assertTrue(alive <= 1, () -> alive + " connections to one server");
        }
    }

    Duration soon() {
        return soon;
    }

    String url(String path) {
        return tls ? here.url(path).replace("http:", "https:") : here.url(path);
    }

    /** The whole URL of a path here, or of {@code ELSEWHERE} and a path. */
    String full(String path) {
        return path.startsWith("ELSEWHERE") ? elsewhere.url(path.substring("ELSEWHERE".length())) : url(path);
    }

    /** How many connections all servers accepted. */
    int connections() {
        return here.connections() + (elsewhere == null ? 0 : elsewhere.connections());
    }

    /** How many channels of the client read as they should. */
    int split() {
        return reads.stream().mapToInt(SplitReads.Reads::channels).sum();
    }

    /** The requests as they came in, in the order of their ends. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** What was written to each connection. */
    synchronized List<byte[]> streams() {
        if (http2) {
            return http2Connections().map(H2Lines::sent).toList();
        }
        return streams.stream().map(ByteArrayOutputStream::toByteArray).toList();
    }

    /** How many connections were sent an answer, or a part of one. */
    long answering() {
        return http2
                ? http2Connections().filter(H2Lines::isAnswering).count()
                : streams().stream().filter(bytes -> bytes.length > 0).count();
    }

    /** Whether all is sent that is to be said of a head: over HTTP/2 a part of one is held back. */
    boolean isSent() {
        return http2 || answering() > 0;
    }

    /** The client has done one more of its actions. */
    synchronized void did() {
        done++;
        notifyAll();
    }

    private synchronized void awaitDone(int actions) throws InterruptedException {
        while (done < actions) {
            wait();
        }
    }

    /** The ports are others each time: words that stay the same. */
    String plain(String text) {
        String plain = text.replace("127.0.0.1:" + here.port(), "HERE");
        return elsewhere == null ? plain : plain.replace("127.0.0.1:" + elsewhere.port(), "ELSEWHERE");
    }

    @Override
    public void close() throws IOException {
        reads.forEach(SplitReads.Reads::close);
        here.close();
        if (elsewhere != null) {
            elsewhere.close();
        }
    }

    /** One connection. */
    final class Line {
        private final RawServer.Peer peer;
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        private Line(RawServer.Peer peer) {
            this.peer = peer;
            synchronized (Scene.this) {
                streams.add(written);
            }
        }

        RawServer.Peer peer() {
            return peer;
        }

        /** Reads a request; false if the client closed. */
        boolean request() throws IOException {
            String request = peer.request();
            if (request == null) {
                return false;
            }
            note(request);
            return true;
        }

        /** Reads the head of a request only. */
        String head() throws IOException {
            String head = peer.head();
            if (head != null) {
                note(head);
            }
            return head;
        }

        /** Something that was read and belongs to what comes out. */
        void note(String read) {
            synchronized (Scene.this) {
                requests.add(plain(read));
            }
        }

        /** Writes latin-1; HERE and ELSEWHERE are the servers' host and port. */
        void send(String text) throws IOException {
            String bytes = text.replace("ELSEWHERE", elsewhere == null ? "" : "127.0.0.1:" + elsewhere.port())
                    .replace("HERE", "127.0.0.1:" + here.port());
            send(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        void send(byte[] bytes) throws IOException {
            if (bytes.length == 0) {
                return;
            }
            synchronized (Scene.this) {
                written.writeBytes(bytes);
            }
            peer.send(bytes);
        }

        /** Waits until the client has done so many of its actions. */
        void awaitDone(int actions) throws InterruptedException {
            Scene.this.awaitDone(actions);
        }
    }
}
