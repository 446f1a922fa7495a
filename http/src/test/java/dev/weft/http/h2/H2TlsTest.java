package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.RawServer;
import dev.weft.http.SessionStats;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.connect.TestTls;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.HttpVersion;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How HTTP/2 begins over TLS, and how it ends: RFC 9113 sections 3.2 and 9.2. */
class H2TlsTest {
    /** Servers of HTTP/1.1: one knows nothing of ALPN, the other agrees on nothing else. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; …does not speak HTTP/2: it agreed on no protocol",
                "http/1.1; …it speaks none of the versions of HTTP that are offered…"
            })
    void aServerThatSpeaksNoHttp2(String protocol, String words) throws Exception {
        ServerSocketFactory sockets = protocol.isEmpty() ? TestTls.factory(new String[0]) : TestTls.factory(protocol);
        try (RawServer server = RawServer.start(
                sockets,
                peer -> {
                    try {
                        while (peer.request() != null) {
                            peer.send(RawServer.OK);
                        }
                    } catch (SSLException e) {
                        // They did not agree.
                    }
                },
                null)) {
            String url = server.url("/").replace("http:", "https:");
            Client.run(H2Server.client(), session -> {
                String outcome = Outcomes.exchange(session.get(url));
                assertTrue(Outcomes.matches("TlsException: " + words, outcome), outcome);
                assertEquals(new SessionStats(0, 0, 0), session.stats());
                // Whoever does not insist gets what the server has.
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(url).version(HttpVersion.AUTO)));
            });
        }
    }

    /** The network goes away in the midst of an answer: without a word of TLS, an answer without a length is not taken for a whole one. */
    @Test
    void cutWithinAnAnswer() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        try (H2Server server = H2Server.startTls(peer -> {
                    int stream = peer.request().streamId();
                    peer.send(headers(stream, 0, H2Block.status("200")), data(stream, 0, "half"));
                    peer.awaitEnd();
                });
                RawServer wire = RawServer.plain(peer -> relay(peer, server.port(), cut))) {
            Client.run(H2Server.client(), session -> {
                String url = "https://127.0.0.1:" + wire.port() + "/";
                try (ClientResponse response = session.get(url).await()) {
                    assertEquals(4, response.content().read().await().remaining());
                    cut.countDown();
                    String outcome = Outcomes.body(response);
                    assertTrue(outcome.startsWith("\"\" then PayloadException: the connection "), outcome);
                }
                assertEquals(new SessionStats(0, 0, 0), session.stats());
            });
        }
    }

    /** Passes bytes on both ways, until they are not to be passed on any more. */
    private static void relay(RawServer.Peer client, int port, CountDownLatch cut) throws Exception {
        try (Socket server = new Socket("127.0.0.1", port)) {
            pass(client.socket, server);
            pass(server, client.socket);
            Client.hold(cut);
        }
    }

    private static void pass(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // It is cut.
            }
        });
    }
}
