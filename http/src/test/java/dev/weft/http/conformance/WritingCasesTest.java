package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.OK;

import dev.weft.http.ClientSession;
import dev.weft.http.RequestBuilder;
import dev.weft.http.conformance.Scene.Line;
import dev.weft.http.conformance.Scene.Script;
import dev.weft.http.message.Body;
import dev.weft.http.message.FormData;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.loop.Asyncio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a request is written, and what happens while it is: section E of the specification, RFC 9112 section 6, RFC 9110 section 10.1.1. */
class WritingCasesTest {
    @TempDir
    static Path dir;

    @ParameterizedTest(name = "{0}")
    @MethodSource({"framing", "expecting", "early", "bodies"})
    void writing(Case played) throws Exception {
        Conformance.holds(played);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("large")
    void large(Case played) throws Exception {
        Conformance.holdsInTwoWays(played);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("injections")
    void nothingIsWritten(Case played) throws Exception {
        Conformance.holdsInTwoWays(played);
    }

    private static String crlf(String text) {
        return text.replace("⏎", "\r\n");
    }

    private static Case refused(String name, String method, Consumer<RequestBuilder> request) {
        return refused(name, (session, scene) -> {
            RequestBuilder builder = session.request(method, scene.url("/"));
            request.accept(builder);
            return Outcomes.exchange(builder);
        });
    }

    /** What the caller did wrong: nothing is sent, not even a connection made. */
    private static Case refused(String name, Case.Action action) {
        return Case.of(name)
                .server(OK)
                .does((session, scene) -> {
                    try {
                        return action.run(session, scene);
                    } catch (IllegalArgumentException | InvalidUrlException e) {
                        return "refused";
                    }
                })
                .gives("refused | 0/0/0");
    }

    static Stream<Case> framing() {
        return Stream.of(
                refused(
                        "H073 Transfer-Encoding of the caller",
                        "POST",
                        request ->
                                request.header("Transfer-Encoding", "chunked").body("abc")),
                refused("H073 + without a body", "GET", request -> request.header("Transfer-Encoding", "chunked")),
                refused(
                        "H074 a length smaller than the body",
                        "POST",
                        request -> request.header("Content-Length", 2).body("abc")),
                refused(
                        "H075 a length larger than the body",
                        "POST",
                        request -> request.header("Content-Length", 4).body("abc")),
                refused("H075 + a length and no body", "GET", request -> request.header("Content-Length", 1)),
                refused(
                        "H075 + a length and a body in chunks",
                        "POST",
                        request -> request.header("Content-Length", 3).body(Pieces.once("abc"))),
                Case.of("H074 + a body that has more than it says")
                        .server(line -> line.peer().awaitEnd())
                        .sends("POST", "/", request -> request.body(Pieces.of(3, "ab", "cd")))
                        .gives("UploadException: its body was to have 3 bytes and has more | 0/0/1"),
                Case.of("H075 + a body that has less than it says")
                        .server(line -> line.peer().awaitEnd())
                        .sends("POST", "/", request -> request.body(Pieces.of(5, "ab", "cd")))
                        .gives("UploadException: its body was to have 5 bytes and has 4 bytes | 0/0/1"),
                Case.of("H079e no body")
                        .server(OK + "<req>" + OK + "<req>" + OK + "<req>" + OK + "<req>" + OK + "<req>" + OK)
                        .sends("POST")
                        .sends("PUT")
                        .sends("PATCH")
                        .sends("DELETE")
                        .sends("GET")
                        .sends("OPTIONS")
                        .wire("Content-Length", "Content-Type", "Transfer-Encoding")
                        .gives(
                                "…| 1/0/1 | POST / (Content-Length: 0), PUT / (Content-Length: 0), PATCH / (Content-Length: 0), "
                                        + "DELETE / (Content-Length: 0), GET /, OPTIONS /"),
                Case.of("H079f + a body where there is none usually")
                        .server(OK + "<req>" + OK)
                        .sends("GET", "/", request -> request.body("abc"))
                        .sends("DELETE", "/", request -> request.body(Pieces.once("a", "", "bc")))
                        .wire("Content-Length", "Transfer-Encoding")
                        .gives(
                                "… | 1/0/1 | GET / (Content-Length: 3) \"abc\", DELETE / (Transfer-Encoding: chunked) \"abc\""));
    }

    /** Reads the head, writes this, reads the body, writes that. */
    private static Script between(String before, String after) {
        return line -> {
            String head = line.head();
            line.send(crlf(before));
            line.note(line.peer().body(head));
            line.send(crlf(after));
            line.peer().awaitEnd();
        };
    }

    private static Case expecting(String name, Duration patience, Script... servers) {
        return Case.of(name)
                .server(servers)
                .sends("POST", "/", request -> request.body("body").expectContinue(patience))
                .wire("Expect", "Content-Length");
    }

    private static final Duration LONG = Duration.ofSeconds(5);

    static Stream<Case> expecting() {
        String head = "POST / (Expect: 100-continue) (Content-Length: 4)";
        return Stream.of(
                expecting("H076 100", LONG, between("HTTP/1.1 100 Continue⏎⏎", OK))
                        .gives("200 \"ok\" | 1/0/1 | " + head + ", [body]"),
                expecting(
                                "H076 + 100 twice, and 103",
                                LONG,
                                between("HTTP/1.1 103 Hints⏎⏎HTTP/1.1 100⏎⏎HTTP/1.1 100⏎⏎", OK))
                        .gives("200 \"ok\" | 1/0/1 | " + head + ", [body]"),
                expecting("H077 silence", Duration.ofMillis(30), between("", OK))
                        .gives("200 \"ok\" | 1/0/1 | " + head + ", [body]"),
                expecting("H078 + 100 after the body", Duration.ofMillis(30), between("", "HTTP/1.1 100⏎⏎" + OK))
                        .gives("200 \"ok\" | 1/0/1 | " + head + ", [body]"),
                expecting("H079 417", LONG, headOnly("HTTP/1.1 417 No⏎Content-Length: 0⏎⏎"))
                        .gives("417 \"\" | 0/0/1 | " + head),
                expecting(
                                "H079 417, then another request",
                                LONG,
                                headOnly("HTTP/1.1 417 No⏎Content-Length: 0⏎⏎"),
                                Scripts.of(OK))
                        .gets()
                        .gives("417 \"\"; 200 \"ok\" | 1/0/2 | " + head + ", GET /"),
                expecting("H079 + 200 instead of 100", LONG, headOnly(OK)).gives("200 \"ok\" | 0/0/1 | " + head),
                expecting(
                                "H079 + 302 instead of 100",
                                LONG,
                                headOnly("HTTP/1.1 302 Go⏎Location: /b⏎Content-Length: 0⏎⏎"),
                                Scripts.of(OK))
                        .gives("200 \"ok\" | 1/0/2 | " + head + ", GET /b"),
                expecting("H079 + the end instead of 100", LONG, line -> line.head())
                        .gives("ServerDisconnectedException: … | 0/0/1 | " + head));
    }

    private static Script headOnly(String answer) {
        return line -> {
            line.head();
            line.send(crlf(answer));
            line.peer().awaitEnd();
        };
    }

    /** The answer comes before the whole body was read; the body that is sent waits for ever behind its first piece. */
    private static Case early(String name, Script server) {
        return Case.of(name).server(server, Scripts.of(OK)).sends("POST", "/", request -> request.body(endless()));
    }

    private static Body endless() {
        return new Body() {
            @Override
            public java.util.OptionalLong length() {
                return java.util.OptionalLong.empty();
            }

            @Override
            public boolean isReplayable() {
                return true;
            }

            @Override
            public String contentType() {
                return null;
            }

            @Override
            public dev.weft.http.message.BodySource open() {
                return () -> {
                    Asyncio.sleep(Duration.ofSeconds(100)).await();
                    return null;
                };
            }
        };
    }

    static Stream<Case> early() {
        return Stream.of(
                early("H079b an early answer that keeps the connection", headOnly(OK))
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/2"),
                early("H079b + an early answer in chunks", headOnly(Scripts.CHUNKED + "2⏎ok⏎0⏎⏎"))
                        .gives("200 \"ok\" | 0/0/1"),
                early("H079b + an early answer that closes", headOnly(OK.replace("⏎⏎", "⏎Connection: close⏎⏎")))
                        .gives("200 \"ok\" | 0/0/1"),
                early("H079c + an early answer without a body", headOnly("HTTP/1.1 204 None⏎⏎"))
                        .gives("204 \"\" | 0/0/1"),
                early("H079c + a broken answer", headOnly("HTTP/1.1 99 No⏎⏎")).gives("ProtocolException: … | 0/0/1"),
                early("H079c + the end", Line::head).gives("ServerDisconnectedException: … | 0/0/1"),
                early("H079c + an interim answer, then the end", line -> {
                            line.head();
                            line.send("HTTP/1.1 100 Continue\r\n\r\n");
                        })
                        .gives("ServerDisconnectedException: …after 25 bytes… | 0/0/1")
                        .overHttp2Gives("ServerDisconnectedException: …after 42 bytes… | 0/0/1"));
    }

    static Stream<Case> large() {
        byte[] large = new byte[16 << 20];
        return Stream.of(
                Case.of("H079a 413 and the end")
                        .server(line -> {
                            line.head();
                            line.send(crlf("HTTP/1.1 413 Large⏎Connection: close⏎Content-Length: 3⏎⏎big"));
                            line.peer().finish();
                            line.peer().awaitEnd();
                        })
                        .sends("POST", "/", request -> request.body(large))
                        .gives("413 \"big\" | 0/0/1"),
                Case.of("H079a + 413 and nothing else is read")
                        .server(headOnly("HTTP/1.1 413 Large⏎Content-Length: 3⏎⏎big"))
                        .sends("POST", "/", request -> request.body(large))
                        .gives("413 \"big\" | 0/0/1"),
                Case.of("H079d a reset")
                        .server(line -> {
                            line.head();
                            line.peer().reset();
                        })
                        .sends("POST", "/", request -> request.body(large))
                        .wire()
                        .gives("ServerDisconnectedException: … | 0/0/1 | POST /"));
    }

    static Stream<Case> bodies() {
        FormData form = new FormData().field("a", "b");
        String part =
                "--BOUNDARY⏎Content-Disposition: form-data; name=\"a\"⏎Content-Type: text/plain; charset=utf-8⏎⏎b⏎--BOUNDARY--⏎";
        return Stream.of(
                Case.of("H079g compressed")
                        .server(OK + "<req>" + OK)
                        .sends("POST", "/", request -> request.body("").compress("deflate"))
                        .sends(
                                "POST",
                                "/",
                                request -> request.body("a".repeat(50)).compress("deflate"))
                        .wire("Content-Encoding", "Content-Length", "Transfer-Encoding")
                        .gives("… | 1/0/1 | POST / (Content-Length: 0), "
                                + "POST / (Content-Encoding: deflate) (Transfer-Encoding: chunked) \"x\u009c…\""),
                Case.of("H079i a form, twice")
                        .server(OK + "<req>" + OK)
                        .does((session, scene) -> {
                            String out = "";
                            for (int i = 0; i < 2; i++) {
                                out += Outcomes.exchange(
                                                session.post(scene.url("/")).body(form)) + " ";
                            }
                            boolean same = scene.requests().stream()
                                    .allMatch(request -> request.replace(form.boundary(), "BOUNDARY")
                                            .endsWith(crlf("⏎⏎" + part)));
                            return out + same;
                        })
                        .wire("Content-Length", "Transfer-Encoding")
                        .gives(
                                "200 \"ok\" 200 \"ok\" true | 1/0/1 | POST / (Content-Length: …) \"…\", POST / (Content-Length: …) \"…\""),
                Case.of("H009 a file at each hop")
                        .server(
                                "HTTP/1.1 307 Go⏎Location: /b⏎Content-Length: 0⏎⏎<req>HTTP/1.1 308 Go⏎Location: /c⏎Content-Length: 0⏎⏎"
                                        + "<req>" + OK)
                        .sends("PUT", "/a", request -> request.body(file()))
                        .wire("Content-Length")
                        .gives(
                                "200 \"ok\" | 1/0/1 | PUT /a (Content-Length: 8) \"filedata\", PUT /b (Content-Length: 8) \"filedata\", "
                                        + "PUT /c (Content-Length: 8) \"filedata\""),
                Case.of("H089a a file, again on a fresh connection")
                        .server(OK + "<req><fin>", OK)
                        .gets()
                        .sends("PUT", "/", request -> request.body(file()))
                        .wire("Content-Length")
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/2 | GET /, PUT / (Content-Length: 8) \"filedata\", "
                                + "PUT / (Content-Length: 8) \"filedata\""));
    }

    private static Body file() {
        try {
            Path file = dir.resolve("file");
            if (!Files.exists(file)) {
                Files.writeString(file, "filedata");
            }
            return Body.of(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Wherever text of the caller reaches the wire. */
    static Stream<Case> injections() {
        return Stream.of("\r\nEvil: 1", "\nEvil: 1", "\rEvil: 1", "\0").flatMap(evil -> {
            String id = "H079h "
                    + evil.replace("\r", "CR ")
                            .replace("\n", "LF ")
                            .replace("\0", "NUL")
                            .replace("Evil: 1", "") + "in ";
            return Stream.of(
                    refused(
                            id + "the method",
                            (session, scene) -> Outcomes.exchange(session.request("GET" + evil, scene.url("/")))),
                    refused(
                            id + "the path",
                            (session, scene) -> Outcomes.exchange(session.get(scene.url("/a" + evil)))),
                    refused(
                            id + "the query",
                            (session, scene) -> Outcomes.exchange(session.get(scene.url("/?a" + evil)))),
                    refused(
                            id + "the host",
                            (session, scene) -> Outcomes.exchange(session.get("http://a" + evil + "/"))),
                    refused(id + "a header name", "GET", request -> request.header("A" + evil, "b")),
                    refused(id + "a header value", "GET", request -> request.header("A", "b" + evil)),
                    refused(id + "a header of the session", (session, scene) -> {
                        ClientSession.builder().header("A", "b" + evil);
                        return "taken";
                    }),
                    refused(id + "Host", "GET", request -> request.header("Host", "h" + evil)),
                    refused(id + "a cookie name", "GET", request -> request.cookie("a" + evil, "b")),
                    refused(id + "a cookie value", "GET", request -> request.cookie("a", "b" + evil)),
                    refused(
                            id + "the name of a field",
                            "POST",
                            request -> request.body(new FormData().field("a" + evil, "b"))),
                    refused(
                            id + "the type of a field",
                            "POST",
                            request -> request.body(new FormData().field("a", "b", "text/plain" + evil))),
                    refused(
                            id + "the name of a file",
                            "POST",
                            request -> request.body(new FormData().file("a", "f" + evil, Body.of("b")))),
                    refused(
                            id + "the type of a body",
                            "POST",
                            request -> request.body(Body.of(new byte[1], "text/plain" + evil))),
                    refused(
                            id + "a coding",
                            "POST",
                            request -> request.body("b").compress("gzip" + evil)));
        });
    }
}
