package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Auth;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Phase;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Credentials over the wire: which request carries what. */
@Timeout(30)
@OverBoth
class CredentialsTest {
    private static final String CHALLENGE = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 3\r\n"
            + "WWW-Authenticate: Basic realm=\"b\", Digest realm=\"r\", nonce=\"n1\", algorithm=SHA-256, qop=\"%s\"\r\n\r\nno!";

    private final List<String> sent = new CopyOnWriteArrayList<>();

    /** Answers with the challenge what does not prove itself. */
    private RawServer digestServer(String qop) throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                sent.add(authorization(request));
                peer.send(proves(request, qop) ? RawServer.OK : CHALLENGE.formatted(qop));
            }
        });
    }

    private static String authorization(String request) {
        Matcher header = Pattern.compile("(?im)^authorization: (.*)$").matcher(request.replace("\r", ""));
        return header.find() ? header.group(1) : "-";
    }

    private static String parameter(String authorization, String name) {
        Matcher found = Pattern.compile("[ ,]" + name + "=\"?([^\",]*)").matcher(authorization);
        return found.find() ? found.group(1) : "";
    }

    private static boolean proves(String request, String qop) throws Exception {
        String given = authorization(request);
        String[] line = request.split(" ", 3);
        String what = line[0] + ":" + line[1];
        if (qop.equals("auth-int")) {
            what += ":" + sha(request.substring(request.indexOf("\r\n\r\n") + 4));
        }
        String between = ":n1:" + parameter(given, "nc") + ":" + parameter(given, "cnonce") + ":" + qop + ":";
        return sha(sha("u:r:p") + between + sha(what)).equals(parameter(given, "response"));
    }

    private static String sha(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void digestIsAnsweredOnTheSameConnectionAndSentUnaskedThen() throws Exception {
        try (RawServer server = digestServer("auth")) {
            ClientSession.Builder settings =
                    ClientSession.builder().baseUrl(server.url("/")).auth(Auth.digest("u", "p"));
            Client.run(settings, session -> {
                assertEquals("ok", session.get("a?b=c").text().await());
                assertEquals("ok", session.post("d").body("body").text().await());
            });
            assertEquals(1, server.connections());
        }
        assertEquals(3, sent.size(), sent::toString);
        assertEquals("-", sent.getFirst());
        assertEquals(
                List.of("00000001", "00000002"), List.of(parameter(sent.get(1), "nc"), parameter(sent.get(2), "nc")));
    }

    @Test
    void digestProvesTheBodyAsItGoesOverTheWire() throws Exception {
        try (RawServer server = digestServer("auth-int")) {
            ClientSession.Builder settings =
                    ClientSession.builder().baseUrl(server.url("/")).auth(Auth.digest("u", "p"));
            Client.run(settings, session -> {
                assertEquals("ok", session.get("a").text().await());
                assertEquals("ok", session.post("b").body("body").text().await());
                assertEquals(
                        "ok",
                        session.post("c")
                                .body("body".repeat(500))
                                .compress("gzip")
                                .text()
                                .await());
            });
        }
        assertEquals(4, sent.size(), sent::toString);
    }

    @Test
    void wrongCredentialsAreA401AfterTwoRequests() throws Exception {
        try (RawServer server = digestServer("auth")) {
            Client.run(session -> {
                try (ClientResponse response = session.get(server.url("/"))
                        .auth(Auth.digest("u", "wrong"))
                        .await()) {
                    assertEquals(401, response.status());
                    assertEquals("no!", response.text().await());
                }
            });
        }
        assertEquals(2, sent.size(), sent::toString);
    }

    /** H184b. */
    @Test
    void aChallengeBehindARedirectToAnotherOriginIsNotAnswered() throws Exception {
        try (RawServer other = digestServer("auth");
                RawServer server = RawServer.answering(
                        "HTTP/1.1 302 Found\r\nLocation: " + other.url("/") + "\r\nContent-Length: 0\r\n\r\n")) {
            Client.run(session -> {
                try (ClientResponse response =
                        session.get(server.url("/")).auth(Auth.digest("u", "p")).await()) {
                    assertEquals(401, response.status());
                    assertEquals(other.url("/"), response.url().toString());
                }
                try (ClientResponse response = session.get(server.url("/"))
                        .auth(Auth.digest("u", "p").at("http://127.0.0.1:" + other.port()))
                        .await()) {
                    assertEquals(200, response.status(), "unless they are for that origin");
                }
            });
        }
        assertEquals(List.of("-", "-"), sent.subList(0, 2));
        assertEquals(3, sent.size());
    }

    @Test
    void aTokenIsFetchedBySession() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                String given = authorization(request);
                sent.add(request.split(" ", 3)[1] + " " + given);
                if (request.startsWith("GET /token")) {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nt" + sent.size());
                } else {
                    peer.send(
                            given.equals("Bearer t3")
                                    ? RawServer.OK
                                    : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
                }
            }
        })) {
            ClientSession[] self = new ClientSession[1];
            Auth auth = Auth.bearer(() -> self[0].get("token").text().await());
            Client.run(ClientSession.builder().baseUrl(server.url("/")).auth(auth), session -> {
                self[0] = session;
                assertEquals("ok", session.get("a").text().await());
                assertEquals("ok", session.get("b").text().await());
            });
        }
        assertEquals(List.of("/token -", "/a Bearer t1", "/token -", "/a Bearer t3", "/b Bearer t3"), sent);
    }

    @Test
    void netrcGoesToItsMachinesAndItsDefaultNoFurtherThanTheFirstOrigin(@TempDir Path directory) throws Exception {
        Path machines = Files.writeString(directory.resolve("a"), "machine 127.0.0.1 login u password p");
        Path otherwise = Files.writeString(directory.resolve("b"), "default login d password q");
        try (RawServer other = RawServer.start(peer -> {
                    for (String request = peer.request(); request != null; request = peer.request()) {
                        sent.add("other " + authorization(request));
                        peer.send(RawServer.OK);
                    }
                });
                RawServer server = RawServer.start(peer -> {
                    for (String request = peer.request(); request != null; request = peer.request()) {
                        sent.add(authorization(request));
                        peer.send(
                                "HTTP/1.1 302 Found\r\nLocation: " + other.url("/") + "\r\nContent-Length: 0\r\n\r\n");
                    }
                })) {
            for (Path file : List.of(machines, otherwise)) {
                Client.run(
                        ClientSession.builder().auth(Auth.netrc(file)),
                        session -> assertEquals(
                                "ok", session.get(server.url("/")).text().await()));
            }
            Client.run(session -> assertEquals(
                    "ok",
                    session.get(server.url("/"))
                            .auth(Auth.netrc(otherwise))
                            .text()
                            .await()));
        }
        assertEquals(List.of("Basic dTpw", "other Basic dTpw", "Basic ZDpx", "other -", "Basic ZDpx", "other -"), sent);
    }

    /** H171, H172. */
    @Test
    void userAndPasswordOfTheUrl() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                assertTrue(!request.contains("@"), request);
                sent.add(authorization(request));
                peer.send(RawServer.OK);
            }
        })) {
            String url = "http://u:%70@127.1:" + server.port() + "/";
            Client.run(session -> {
                assertEquals("ok", session.get(url).text().await());
                assertEquals(
                        "ok",
                        session.get(url).header("Authorization", "own").text().await());
            });
        }
        assertEquals(List.of("Basic dTpw", "own"), sent);
    }

    /** What stands around an exchange may wait for something else: that ends with the call, too. */
    @Test
    void aTokenThatNeverComesEndsWithTheCall() throws Exception {
        Auth never = Auth.bearer(() -> {
            Asyncio.sleep(Duration.ofDays(1)).await();
            return "t";
        });
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            Client.run(session -> {
                TotalTimeoutException late = assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(server.url("/"))
                                .auth(never)
                                .timeout(Duration.ofMillis(50))
                                .text()
                                .await());
                assertEquals(Phase.MIDDLEWARE, late.phase());

                Task<String> waiting = Asyncio.createTask(
                        session.get(server.url("/")).auth(never).text());
                Asyncio.sleep(Duration.ofMillis(5)).await();
                session.close();
                assertThrows(SessionClosedException.class, waiting::await);
            });
            assertEquals(0, server.connections());
        }
    }

    /** A 401 that was not read yet is open while its answer is prepared. */
    @Test
    void middlewareThatWaitsWithAnAnswerInItsHandsEndsWithTheCall() throws Exception {
        try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab")) {
            ClientSession.Builder settings = ClientSession.builder().exchangeMiddleware((request, next) -> {
                try (ClientResponse response = next.send(request)) {
                    Asyncio.sleep(Duration.ofDays(1)).await();
                    return response;
                }
            });
            Client.run(
                    settings,
                    session -> assertThrows(
                            TotalTimeoutException.class,
                            () -> session.get(server.url("/"))
                                    .timeout(Duration.ofMillis(50))
                                    .await()));
        }
    }
}
