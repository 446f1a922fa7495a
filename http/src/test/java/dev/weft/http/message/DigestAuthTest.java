package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.FakeServer.Answer;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Digest does with answers, against a server that checks each proof by itself. */
@Timeout(30)
class DigestAuthTest {
    private static final String REALM = "r";

    private final Auth auth = Auth.digest("user", "secret");
    private final FakeServer server = new FakeServer(this::answer);
    private final Set<String> used = new HashSet<>();
    private String nonce = "n1";
    private String password = "secret";
    private String algorithm = "MD5";
    private String qop = "auth";
    private String more = "";
    private String info = "";
    private boolean oneTime;

    private Answer answer(ClientRequest request) {
        Map<String, String> given = FakeServer.digest(request);
        if (!given.isEmpty() && nonce.equals(given.get("nonce")) && proves(request, given)) {
            String count = request.url().origin() + " " + nonce + " " + given.get("nc");
            assertTrue(given.get("nc") == null || used.add(count), "a count was used twice: " + given);
            if (oneTime) {
                nonce += "+";
                return Answer.of(200, "Authentication-Info", "nextnonce=\"" + nonce + "\", qop=auth");
            }
            return info.isEmpty() ? Answer.of(200) : Answer.of(200, "Authentication-Info", info);
        }
        boolean stale = !given.isEmpty() && !nonce.equals(given.get("nonce"));
        return Answer.of(401, "WWW-Authenticate", challenge() + (stale ? ", stale=true" : ""));
    }

    private String challenge() {
        return "Digest realm=\"" + REALM + "\", nonce=\"" + nonce + "\", algorithm=" + algorithm
                + (qop.isEmpty() ? "" : ", qop=\"" + qop + "\"") + more;
    }

    private boolean proves(ClientRequest request, Map<String, String> given) {
        String secret = hash("user:" + REALM + ":" + password);
        if (algorithm.endsWith("-sess")) {
            secret = hash(secret + ":" + given.get("nonce") + ":" + given.get("cnonce"));
        }
        String what = request.method() + ":" + request.url().target();
        if ("auth-int".equals(given.get("qop"))) {
            what += ":" + hash(body(request.body()));
        }
        String between = given.get("qop") == null
                ? ""
                : given.get("nc") + ":" + given.get("cnonce") + ":" + given.get("qop") + ":";
        return hash(secret + ":" + given.get("nonce") + ":" + between + hash(what))
                        .equals(given.get("response"))
                && request.url().target().equals(given.get("uri"));
    }

    private static String body(Body body) {
        if (body == null) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        try (BodySource source = body.open()) {
            for (ByteBuffer piece = source.read(); piece != null; piece = source.read()) {
                text.append(StandardCharsets.UTF_8.decode(piece));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    private String hash(String text) {
        try {
            String plain = algorithm.replace("-sess", "").replace("SHA-512-256", "SHA-512/256");
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(plain).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static ClientRequest get(String url) {
        return ClientRequest.of("GET", HttpUrl.parse(url));
    }

    private int status(ClientRequest request) {
        try (ClientResponse response = auth.handle(request, server)) {
            return response.status();
        }
    }

    private List<String> given(String parameter) {
        return server.requests.stream()
                .map(request -> FakeServer.digest(request).getOrDefault(parameter, "-"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "MD5, auth",
        "MD5, ''",
        "MD5-sess, auth",
        "MD5-sess, ''",
        "SHA-256, 'auth,auth-int'",
        "SHA-256, auth-int",
        "SHA-512-256-sess, auth",
        "SHA-512, auth-int",
        "SHA, auth"
    })
    void everyWayOfIt(String name, String protection) {
        algorithm = name;
        qop = protection;
        assertEquals(200, status(get("http://h/a?b=c")));
        assertEquals(200, status(get("http://h/a?b=c").withMethod("POST").withBody(Body.of("body é"))));
        assertEquals(3, server.requests.size(), "the second was sent with its proof at once");
        assertEquals(0, server.open);
    }

    /** H184a. */
    @Test
    void theSecond401IsTheAnswer() {
        password = "another";
        try (ClientResponse response = auth.handle(get("http://h/"), server)) {
            assertEquals(401, response.status());
            assertEquals(1, server.open, "and it is open");
        }
        assertEquals(List.of("-", "00000001"), given("nc"));
        assertEquals(401, status(get("http://h/")));
        assertEquals(List.of("-", "00000001", "-", "00000001"), given("nc"), "what was refused is not sent unasked");
    }

    @Test
    void countsOn() {
        for (int i = 0; i < 4; i++) {
            assertEquals(200, status(get("http://h/" + i)));
        }
        assertEquals(List.of("-", "00000001", "00000002", "00000003", "00000004"), given("nc"));
        assertEquals(2, new HashSet<>(given("cnonce")).size());
    }

    @Test
    void aStaleNonceIsReplaced() {
        assertEquals(200, status(get("http://h/")));
        nonce = "n2";
        assertEquals(200, status(get("http://h/")));
        assertEquals(List.of("-", "n1", "n1", "n2"), given("nonce"));
        assertEquals("00000001", given("nc").getLast());
    }

    @Test
    void aNonceThatIsStaleAtOnceIsReplacedOnce() {
        FakeServer eager = new FakeServer(request -> {
            int many = FakeServer.digest(request).isEmpty()
                    ? 0
                    : Integer.parseInt(FakeServer.digest(request).get("nonce"));
            return Answer.of(401, "WWW-Authenticate", "Digest realm=r, qop=auth, nonce=" + (many + 1) + ", stale=true");
        });
        try (ClientResponse response = auth.handle(get("http://h/"), eager)) {
            assertEquals(401, response.status());
        }
        assertEquals(3, eager.requests.size());
        assertEquals(0, eager.open);
    }

    @Test
    void theNextNonceIsTaken() {
        oneTime = true;
        for (int i = 0; i < 3; i++) {
            assertEquals(200, status(get("http://h/")));
        }
        assertEquals(List.of("-", "n1", "n1+", "n1++"), given("nonce"));
        assertEquals(List.of("-", "00000001", "00000001", "00000001"), given("nc"));
    }

    @ParameterizedTest
    @CsvSource({"rspauth=x", "nextnonce", "'\"'"})
    void anInfoThatSaysNothing(String text) {
        info = text;
        assertEquals(200, status(get("http://h/")));
        assertEquals(200, status(get("http://h/")));
        assertEquals(List.of("-", "n1", "n1"), given("nonce"));
    }

    @Test
    void aNonceIsOneOriginsAlone() {
        assertEquals(200, status(get("http://h/")));
        assertEquals(200, status(get("http://h:81/")));
        assertEquals(200, status(get("https://h/")));
        assertEquals(List.of("-", "n1", "-", "n1", "-", "n1"), given("nonce"));
    }

    @Test
    void onlyWhereTheAnswerIsGood() {
        more = ", domain=\"/private\"";
        assertEquals(200, status(get("http://h/private")));
        server.requests.clear();
        assertEquals(200, status(get("http://h/private/x")));
        assertEquals(200, status(get("http://h/public")), "asked, it answers there too");
        assertEquals(List.of("n1", "-", "n1"), given("nonce"));
    }

    /** H184b: the ring asks before it runs it. */
    @Test
    void aChallengeOfAnotherOriginIsNotAnswered() {
        assertTrue(auth.appliesTo(HttpUrl.parse("http://h/"), HttpUrl.parse("http://h/b")));
        assertEquals(false, auth.appliesTo(HttpUrl.parse("http://h/"), HttpUrl.parse("http://other/b")));
    }

    @Test
    void aBodyThatCannotBeSentAgainIsNot() {
        ClientRequest once = get("http://h/").withMethod("PUT").withBody(new BearerAuthTest.OnceBody());
        assertEquals(401, status(once));
        assertEquals(1, server.requests.size());
        assertEquals(200, status(get("http://h/")));
        assertEquals(200, status(once), "with the proof at once it goes");
        assertEquals(4, server.requests.size());
        nonce = "n2";
        assertEquals(401, status(once));
        assertEquals(200, status(get("http://h/")));
    }

    @Test
    void aBodyThatCannotBeReadTwiceIsNotProved() {
        qop = "auth-int";
        assertEquals(200, status(get("http://h/")));
        server.requests.clear();
        ClientRequest put = get("http://h/").withMethod("PUT");
        assertEquals(401, status(put.withBody(new BearerAuthTest.OnceBody())));
        assertEquals(List.of("-"), given("nonce"));
        assertEquals(200, status(put.withBody(Body.of("x"))));
    }

    @Test
    void aBodyThatFailsForTheProof() {
        qop = "auth-int";
        IOException failure = new IOException("disk on fire");
        Body broken = new Body() {
            @Override
            public OptionalLong length() {
                return OptionalLong.empty();
            }

            @Override
            public boolean isReplayable() {
                return true;
            }

            @Override
            public String contentType() {
                return "text/plain";
            }

            @Override
            public BodySource open() {
                return () -> {
                    throw failure;
                };
            }
        };
        UploadException e = assertThrows(
                UploadException.class, () -> status(get("http://h/").withBody(broken)));
        assertSame(failure, e.getCause());
        assertTrue(e.getMessage().contains("disk on fire"), e.getMessage());
        assertEquals(0, server.open);
    }

    @Test
    void noChallengeThatItKnows() {
        for (String header : new String[] {"Basic realm=x", "Digest realm=r, nonce=n, algorithm=SHA3", "@", ""}) {
            FakeServer basic = new FakeServer(request -> Answer.of(401, "WWW-Authenticate", header));
            try (ClientResponse response = auth.handle(get("http://h/"), basic)) {
                assertEquals(401, response.status());
            }
            assertEquals(List.of("-"), basic.credentials());
        }
        FakeServer silent = new FakeServer(request -> Answer.of(401));
        auth.handle(get("http://h/"), silent).close();
        FakeServer forbidden = new FakeServer(request -> Answer.of(403, "WWW-Authenticate", challenge()));
        auth.handle(get("http://h/"), forbidden).close();
        assertEquals(1, silent.requests.size());
        assertEquals(1, forbidden.requests.size());
    }

    @Test
    void theStrongestChallengeOfAllHeaders() {
        FakeServer several =
                new FakeServer(request -> FakeServer.digest(request).isEmpty()
                        ? Answer.of(
                                401,
                                "WWW-Authenticate",
                                "Basic realm=\"b\", Digest realm=\"1\", nonce=\"a\", qop=\"auth\"",
                                "WWW-Authenticate",
                                "Digest realm=\"2\", nonce=\"b\", algorithm=SHA-256, Negotiate")
                        : Answer.of(200));
        auth.handle(get("http://h/"), several).close();
        assertEquals("SHA-256", FakeServer.digest(several.requests.getLast()).get("algorithm"));
        assertEquals("2", FakeServer.digest(several.requests.getLast()).get("realm"));
        assertNull(FakeServer.digest(several.requests.getLast()).get("qop"));
    }

    @Test
    void manyAtOnce() {
        FakeServer slow = new FakeServer(this::answer);
        Asyncio.run(() -> {
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i : IntStream.range(0, 100).toArray()) {
                tasks.add(Asyncio.createTask(() -> {
                    try (ClientResponse response = auth.handle(get("http://h/" + i), request -> {
                        Asyncio.sleep(Duration.ZERO).await();
                        if (i == 50) {
                            nonce = "n2";
                        }
                        return slow.send(request);
                    })) {
                        return response.status();
                    }
                }));
            }
            assertEquals(
                    List.of(200),
                    Asyncio.gather(tasks).await().stream().distinct().toList());
            slow.requests.clear();
            assertEquals(200, status(get("http://h/")));
            assertEquals(1, server.requests.size(), "one nonce is known in the end");
        });
        assertEquals(0, slow.open);
    }

    /** Whatever a server asks, there is an answer, and not more than three requests. */
    @Test
    void anyChallenge() {
        Random random = new Random(13);
        for (int i = 0; i < 5_000; i++) {
            String[] pieces = {
                "Digest ",
                "realm=r",
                "nonce=",
                "\"n\"",
                ", ",
                "qop=auth",
                "qop=\"auth-int\"",
                "stale=true",
                "algorithm=MD5",
                "algorithm=SHA-256-sess",
                "=",
                "\"",
                "domain=\"/a /b\"",
                "userhash=true",
                "charset=UTF-8",
                "opaque=\"é\\\"\"",
                "Basic "
            };
            FakeServer odd = new FakeServer(request -> Answer.of(
                    random.nextInt(4) == 0 ? 200 : 401,
                    "WWW-Authenticate",
                    RandomText.of(random, 12, pieces),
                    "Authentication-Info",
                    RandomText.of(random, 4, "nextnonce=", "x", "\"", ",")));
            auth.handle(get("http://h/" + random.nextInt(3)).withBody(Body.of("b")), odd)
                    .close();
            assertTrue(odd.requests.size() <= 3);
            assertEquals(0, odd.open);
        }
    }
}
