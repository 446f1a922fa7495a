package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.OK;

import dev.weft.http.message.ClientResponse;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that turn out dead, and what may be sent again: section F of the specification. */
class StaleCasesTest {
    private static final String GONE = "ServerDisconnectedException: …without an answer";

    @ParameterizedTest(name = "{0}")
    @MethodSource({"fresh", "stale", "bodies"})
    void stale(Case played) throws Exception {
        Conformance.holds(played);
    }

    static Stream<Case> fresh() {
        Stream<Case> ended = Stream.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "POST", "PATCH", "QUERY")
                .map(method -> Case.of(
                                (method.matches("P[OA].*|Q.*") ? "H081 " : "H080 ") + method + " on a fresh connection")
                        .server("<fin>")
                        .sends(method)
                        .wire()
                        .gives(GONE + " | 0/0/1 | " + method + " /"));
        Stream<Case> reset = Stream.of("GET", "POST")
                .map(method -> Case.of("H089 " + method + " on a fresh connection that is reset")
                        .server("<rst>")
                        .sends(method)
                        .wire()
                        .gives("ServerDisconnectedException: …reset… | 0/0/1 | " + method + " /")
                        .overHttp2Gives(GONE + " | 0/0/1 | " + method + " /"));
        return Stream.concat(ended, reset);
    }

    /** OK, a second request is read, then the end comes in this way; the next connection is fine. */
    private static Case second(String name, String end, String method) {
        return Case.of(name).server(OK + "<req>" + end, OK).gets().sends(method).wire();
    }

    static Stream<Case> stale() {
        String both = "200 \"ok\"; 200 \"ok\" | 1/0/2 | GET /, ";
        Stream<Case> again = Stream.of("GET", "OPTIONS", "PUT", "DELETE", "TRACE", "QUERY")
                .map(method -> second("H082 " + method + " is sent again", "<fin>", method)
                        .gives(both + method + " /, " + method + " /"));
        Stream<Case> never = Stream.of("POST", "PATCH")
                .map(method -> second("H083 + " + method + " is not", "<fin>", method)
                        .gives("200 \"ok\"; " + GONE + " | 0/0/1 | GET /, " + method + " /"));
        Stream<Case> others = Stream.of(
                second("H082 + a reset instead", "<rst>", "GET").gives(both + "GET /, GET /"),
                second("H082 + a reset and POST", "<rst>", "POST")
                        .gives("200 \"ok\"; ServerDisconnectedException: …reset… | 0/0/1 | GET /, POST /")
                        .overHttp2Gives("200 \"ok\"; " + GONE + " | 0/0/1 | GET /, POST /"),
                Case.of("H082 the attempts are counted")
                        .server(OK + "<req><fin>", OK)
                        .gets()
                        .does((session, scene) -> {
                            try (ClientResponse response =
                                    session.get(scene.url("/")).await()) {
                                return response.text().await() + " in " + response.attempts();
                            }
                        })
                        .gives("200 \"ok\"; ok in 2 | 1/0/2"),
                Case.of("H086 the end while idle, then POST")
                        .server(OK + "<did 1><fin>", OK)
                        .gets()
                        .awaitsEviction()
                        .sends("POST")
                        .wire()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/2 | GET /, POST /"),
                Case.of("H086 + a reset while idle, then POST")
                        .server(OK + "<did 1><rst>", OK)
                        .gets()
                        .awaitsEviction()
                        .sends("POST")
                        .wire()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/2 | GET /, POST /"),
                second("H087 the start of an answer", "HTTP/1.1 2<fin>", "GET")
                        .gives("200 \"ok\"; ServerDisconnectedException: …after 10 bytes of it | 0/0/1 | GET /, GET /"),
                second("H087 + a single byte", "H<fin>", "GET")
                        .gives("200 \"ok\"; ServerDisconnectedException: …after 1 bytes of it | 0/0/1 | GET /, GET /"),
                second("H087 + a blank line", "⏎<fin>", "GET")
                        .gives("200 \"ok\"; ServerDisconnectedException: …after 2 bytes of it | 0/0/1 | GET /, GET /"),
                second("H087 + half a head", "HTTP/1.1 200 OK⏎A: b⏎<fin>", "GET")
                        .gives("200 \"ok\"; ServerDisconnectedException: …after 23 bytes of it | 0/0/1 | GET /, GET /")
                        // Half a block of fields is nothing yet.
                        .overHttp2Gives(both + "GET /, GET /"),
                second("H087 + an interim answer", "HTTP/1.1 100⏎⏎<fin>", "GET")
                        .gives("200 \"ok\"; ServerDisconnectedException: …after 16 bytes of it | 0/0/1 | GET /, GET /")
                        .overHttp2Gives(
                                "200 \"ok\"; ServerDisconnectedException: …after 42 bytes of it | 0/0/1 | GET /, GET /"),
                second("H087 + what is no answer", "JUNK<fin>", "GET")
                        .gives("200 \"ok\"; ProtocolException: … | 0/0/1 | GET /, GET /"),
                second("H088 + within the body", "HTTP/1.1 200 OK⏎Content-Length: 9⏎⏎ok<fin>", "GET")
                        .gives("200 \"ok\"; 200 \"ok\" then PayloadException: … | 0/0/1 | GET /, GET /"));
        return Stream.of(again, never, others).flatMap(all -> all);
    }

    static Stream<Case> bodies() {
        return Stream.of(
                Case.of("H084 PUT of bytes")
                        .server(OK + "<req><fin>", OK)
                        .gets()
                        .sends("PUT", "/", request -> request.body("bytes"))
                        .wire("Content-Length")
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/2 | GET /, PUT / (Content-Length: 5) \"bytes\", "
                                + "PUT / (Content-Length: 5) \"bytes\""),
                Case.of("H085 PUT of a body that can be read once")
                        .server(OK + "<req><fin>", OK)
                        .gets()
                        .sends("PUT", "/", request -> request.body(Pieces.once("chunk1", "chunk2")))
                        .wire()
                        .gives("200 \"ok\"; " + GONE + " | 0/0/1 | GET /, PUT / \"chunk1chunk2\""),
                Case.of("H085 + a whole body in memory, in chunks")
                        .server(OK + "<req><fin>", OK)
                        .gets()
                        .sends("PUT", "/", request -> request.body("bytes").chunked(true))
                        .wire()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/2 | GET /, PUT / \"bytes\", PUT / \"bytes\""),
                Case.of("H083 + POST of bytes")
                        .server(OK + "<req><fin>", OK)
                        .gets()
                        .sends("POST", "/", request -> request.body("bytes"))
                        .wire()
                        .gives("200 \"ok\"; " + GONE + " | 0/0/1 | GET /, POST / \"bytes\""));
    }
}
