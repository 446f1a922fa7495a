package dev.weft.http.h2;

import dev.weft.http.ClientSession;
import dev.weft.http.RawServer;
import dev.weft.http.connect.TestTls;
import dev.weft.http.message.HttpVersion;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** A server that does to each HTTP/2 connection what a script says, in the clear (prior knowledge) or over TLS (ALPN). */
public final class H2Server implements AutoCloseable {
    private final RawServer server;
    private final String scheme;
    private final List<H2Peer> peers = new CopyOnWriteArrayList<>();

    /** Over TLS: what happens where the client would not speak HTTP/2. */
    private final RawServer.Script http1;

    private H2Server(boolean tls, byte[] opening, H2Peer.Script script, RawServer.Script http1) throws IOException {
        this(
                tls ? TestTls.factory("h2", "http/1.1") : ServerSocketFactory.getDefault(),
                tls ? "https" : "http",
                opening,
                script,
                http1);
    }

    private H2Server(
            ServerSocketFactory sockets, String scheme, byte[] opening, H2Peer.Script script, RawServer.Script http1)
            throws IOException {
        this.http1 = http1;
        this.scheme = scheme;
        server = RawServer.start(sockets, raw -> serve(raw, opening, script));
    }

    /** In the clear, with an empty SETTINGS frame. */
    public static H2Server start(H2Peer.Script script) throws IOException {
        return start(H2Frame.settings().bytes(), script);
    }

    /** In the clear; these bytes are sent when the client has sent its preface. */
    public static H2Server start(byte[] opening, H2Peer.Script script) throws IOException {
        return new H2Server(false, opening, script, null);
    }

    /** Over TLS, with the certificate of {@link TestTls}; what does not speak HTTP/2 is closed. */
    public static H2Server startTls(H2Peer.Script script) throws IOException {
        return startTls(H2Frame.settings().bytes(), script, raw -> {});
    }

    /** Over TLS, with a script for connections that speak HTTP/1.1. */
    public static H2Server startTls(byte[] opening, H2Peer.Script script, RawServer.Script http1) throws IOException {
        return new H2Server(true, opening, script, http1);
    }

    /** Over TLS, for each of the hosts that a certificate of {@link TestTls} names. */
    public static H2Server startForMany(H2Peer.Script script) throws IOException {
        return new H2Server(
                TestTls.namingMany("h2"), "https", H2Frame.settings().bytes(), script, raw -> {});
    }

    private void serve(RawServer.Peer raw, byte[] opening, H2Peer.Script script) throws Exception {
        try {
            if (raw.socket instanceof SSLSocket tls) {
                tls.startHandshake();
                if (!tls.getApplicationProtocol().equals("h2")) {
                    http1.run(raw);
                    return;
                }
            }
            H2Peer peer = new H2Peer(raw);
            peers.add(peer);
            peer.begin(opening);
            script.run(peer);
        } catch (SSLException e) {
            // The client went away, as it may.
        }
    }

    /** Settings of a client for it: no version but this, and its certificate is trusted. */
    public static ClientSession.Builder client() {
        return ClientSession.builder()
                .version(HttpVersion.HTTP_2)
                .tls(TestTls.trusting().build());
    }

    public String url(String path) {
        return scheme + "://127.0.0.1:" + server.port() + path;
    }

    public int port() {
        return server.port();
    }

    /** How many connections were accepted. */
    public int connections() {
        return server.connections();
    }

    /** A connection by its number, from 1; null if it has not begun yet. */
    public H2Peer peer(int number) {
        return peers.stream().filter(peer -> peer.number == number).findAny().orElse(null);
    }

    /** Whether the client has sent this on any connection; see {@link H2Peer#saw}. */
    public boolean saw(String frame) {
        return peers.stream().anyMatch(peer -> peer.saw(frame));
    }

    /** Fails if a script did, or if a client has broken a rule. */
    @Override
    public void close() throws IOException {
        AssertionError failed = new AssertionError("the client broke the rules");
        for (H2Peer peer : peers) {
            peer.deaf(false);
            if (peer.failure() != null) {
                failed.addSuppressed(peer.failure());
            }
        }
        try {
            server.close();
        } catch (AssertionError e) {
            failed.addSuppressed(e);
        }
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }
}
