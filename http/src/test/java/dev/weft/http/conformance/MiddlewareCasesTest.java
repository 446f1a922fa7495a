package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.OK;
import static dev.weft.http.conformance.Scripts.sized;

import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientResponseException;
import dev.weft.http.message.Middleware;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both rings of middleware, and answers that are failures: section N of the specification. */
class MiddlewareCasesTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource({"rings", "failures"})
    void middleware(Case played) throws Exception {
        Conformance.holds(played);
    }

    private static Middleware noting(List<String> log, String name) {
        return (request, next) -> {
            log.add(name + ">");
            ClientResponse response = next.send(request);
            log.add("<" + name);
            return response;
        };
    }

    /** A GET through both rings: the order in which they were passed. */
    private static final Case.Action NOTED = (session, scene) -> {
        List<String> log = new ArrayList<>();
        String outcome = Outcomes.exchange(session.get(scene.url("/"))
                .middleware(noting(log, "c1"), noting(log, "c2"))
                .exchangeMiddleware(noting(log, "e1"), noting(log, "e2")));
        return outcome + " " + String.join(" ", log);
    };

    static Stream<Case> rings() {
        String once = "e1> e2> <e2 <e1";
        return Stream.of(
                Case.of("H185 one redirect")
                        .server("HTTP/1.1 302 Go⏎Location: /b⏎Content-Length: 0⏎⏎<req>" + OK)
                        .does(NOTED)
                        .gives("200 \"ok\" c1> c2> " + once + " " + once + " <c2 <c1 | 1/0/1"),
                Case.of("H186 none of the session's")
                        .server(OK)
                        .session(() -> ClientSession.builder().middleware((request, next) -> {
                            throw new IllegalStateException("not disabled");
                        }))
                        .sends("GET", "/", request -> request.middleware())
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H186 instead of the session's")
                        .server(OK)
                        .session(() -> ClientSession.builder()
                                .middleware((request, next) -> next.send(request.withHeader("X", "session"))))
                        .sends(
                                "GET",
                                "/",
                                request -> request.middleware((sent, next) -> next.send(sent.withHeader("Y", "own"))))
                        .wire("X", "Y")
                        .gives("200 \"ok\" | 1/0/1 | GET / (Y: own)"),
                Case.of("H187 a stale connection")
                        .server(OK + "<req><fin>", OK)
                        .gets()
                        .does(NOTED)
                        .gives("200 \"ok\"; 200 \"ok\" c1> c2> e1> e2> " + once + " <c2 <c1 | 1/0/2"),
                Case.of("H188 + an answer of its own")
                        .server(OK)
                        .sends(
                                "GET",
                                "/",
                                request -> request.middleware((sent, next) -> ClientResponse.of(
                                        sent, 299, dev.weft.http.message.Headers.empty(), new byte[] {'m'})))
                        .gives("299 \"m\" | 0/0/0"),
                Case.of("H190 a failure of its own")
                        .server(OK)
                        .does((session, scene) -> {
                            try {
                                return Outcomes.exchange(
                                        session.get(scene.url("/")).middleware((request, next) -> {
                                            throw new UncheckedIOException(new IOException("mine"));
                                        }));
                            } catch (UncheckedIOException e) {
                                return e.getMessage();
                            }
                        })
                        .gives("java.io.IOException: mine | 0/0/0"),
                Case.of("H190 + a failure behind an answer, which is closed by who has it")
                        .server(OK)
                        .does((session, scene) -> {
                            try {
                                return Outcomes.exchange(
                                        session.get(scene.url("/")).middleware((request, next) -> {
                                            try (ClientResponse response = next.send(request)) {
                                                response.bytes().await();
                                            }
                                            throw new IllegalStateException("mine");
                                        }));
                            } catch (IllegalStateException e) {
                                return e.getMessage();
                            }
                        })
                        .gives("mine | 1/0/1"));
    }

    static Stream<Case> failures() {
        Case.Action raising = (session, scene) -> {
            try {
                return Outcomes.exchange(session.get(scene.url("/")));
            } catch (ClientResponseException e) {
                return e.status() + " " + e.response().reason() + " " + e.bodyText();
            }
        };
        String missing = sized("", "why").replace("200 OK", "404 Not Found");
        return Stream.of(
                Case.of("H191 404")
                        .server(missing)
                        .session(() -> ClientSession.builder().raiseForStatus(true))
                        .does(raising)
                        .gives("ClientResponseException: status 404 Not Found: why | 1/0/1")
                        .overHttp2Gives("ClientResponseException: status 404: why | 1/0/1"),
                Case.of("H191 + a body that is cut off")
                        .server(missing.replace("h: 3", "h: 9") + "<fin>")
                        .session(() -> ClientSession.builder().raiseForStatus(true))
                        .does(raising)
                        .gives("ClientResponseException: status 404 Not Found: why | 0/0/1")
                        .overHttp2Gives("ClientResponseException: status 404: why | 0/0/1"),
                Case.of("H192 not for this request")
                        .server(missing)
                        .session(() -> ClientSession.builder().raiseForStatus(true))
                        .sends("GET", "/", request -> request.raiseForStatus(false))
                        .gives("404 \"why\" | 1/0/1"),
                Case.of("H193 + 399 is none")
                        .server(OK.replace("200 OK", "399 X"))
                        .session(() -> ClientSession.builder().raiseForStatus(true))
                        .gives("399 \"ok\" | 1/0/1"));
    }
}
