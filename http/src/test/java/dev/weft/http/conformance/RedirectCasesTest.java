package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.OK;

import dev.weft.http.ClientSession;
import dev.weft.http.RequestBuilder;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.RedirectPolicy;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a redirect leads and what goes along: section A of the specification, RFC 9110 section 15.4. */
class RedirectCasesTest {
    private static final String[] SHOWN = {"Content-Type", "Content-Encoding", "Content-Length", "Transfer-Encoding"};

    @ParameterizedTest(name = "{0}")
    @MethodSource({"methods", "bodies", "notFollowed", "limits", "targets", "nowhere", "origins"})
    void redirect(Case played) throws Exception {
        Conformance.holds(played);
    }

    private static String to(int status, String location) {
        return "HTTP/1.1 " + status + " Go⏎Location: " + location + "⏎Content-Length: 0⏎⏎";
    }

    /** Sends a request to {@code /a}; gives the answer, how many came before it, where it came from. */
    private static Case.Action follows(String method, Consumer<RequestBuilder> more) {
        return (session, scene) -> {
            RequestBuilder request = session.request(method, scene.url("/a"));
            more.accept(request);
            try (ClientResponse response = request.await()) {
                return response.status() + " " + Outcomes.body(response) + " after "
                        + response.history().size() + " at " + response.realUrl();
            } catch (ClientException e) {
                return Outcomes.failure(e);
            }
        };
    }

    private static Case redirect(String name, int status, String method, Consumer<RequestBuilder> more) {
        return Case.of(name)
                .server(to(status, "/b") + "<req>"
                        + (method.equals("HEAD") ? "HTTP/1.1 200 OK⏎Content-Length: 2⏎⏎" : OK))
                .does(follows(method, more))
                .wire(SHOWN);
    }

    private static final String THERE = "200 \"ok\" after 1 at http://HERE/b | 1/0/1 | ";
    private static final String SENT = " /a (Content-Type: text/plain; charset=utf-8) (Content-Length: 4) \"body\", ";
    private static final String AGAIN = " /b (Content-Type: text/plain; charset=utf-8) (Content-Length: 4) \"body\"";

    static Stream<Case> methods() {
        Consumer<RequestBuilder> body = request -> request.body("body");
        Stream<Case> toGet = Stream.of(
                        "H001 302 POST", "H002 301 POST", "H003 + 303 POST", "H003 + 303 PUT", "H003 + 303 DELETE")
                .map(name -> {
                    String[] words = name.replace(" +", "").split(" ");
                    return redirect(name, Integer.parseInt(words[1]), words[2], body)
                            .gives(THERE + words[2] + SENT + "GET /b");
                });
        Stream<Case> kept = Stream.of(
                        "H005 301 PUT",
                        "H005 302 PUT",
                        "H005 301 DELETE",
                        "H005 302 DELETE",
                        "H005 301 PATCH",
                        "H005 302 PATCH",
                        "H006 307 POST",
                        "H006 308 POST",
                        "H006 307 PUT",
                        "H006 308 DELETE",
                        "H006 308 PATCH",
                        "H006 307 QUERY")
                .map(name -> {
                    String[] words = name.split(" ");
                    return redirect(name, Integer.parseInt(words[1]), words[2], body)
                            .gives(THERE + words[2] + SENT + words[2] + AGAIN);
                });
        Stream<Case> others = Stream.of(
                redirect(
                                "H001 what describes the body is dropped with it",
                                302,
                                "POST",
                                request -> request.body("body")
                                        .header("Content-Encoding", "identity")
                                        .header("Content-Language", "en")
                                        .header("X-A", "a"))
                        .wire("Content-Type", "Content-Encoding", "Content-Language", "X-A")
                        .gives(THERE + "POST /a (Content-Type: text/plain; charset=utf-8) (Content-Encoding: identity)"
                                + " (Content-Language: en) (X-A: a) \"body\", GET /b (X-A: a)"),
                redirect("H004 303 HEAD", 303, "HEAD", request -> request.redirects(RedirectPolicy.standard()))
                        .gives("200 \"\" after 1 at http://HERE/b | 1/0/1 | HEAD /a, HEAD /b"),
                Case.of("H004 + HEAD does not follow unless it is told to")
                        .server(to(303, "/b"))
                        .does((session, scene) -> Outcomes.exchange(session.head(scene.url("/a"))))
                        .gives("303 \"\" | 1/0/1"),
                redirect("H003 + 303 GET", 303, "GET", request -> {}).gives(THERE + "GET /a, GET /b"),
                redirect(
                                "H006 + a chunked body",
                                307,
                                "POST",
                                request -> request.body("body").chunked(true))
                        .gives(
                                THERE
                                        + "POST /a (Content-Type: text/plain; charset=utf-8) (Transfer-Encoding: chunked) \"body\", "
                                        + "POST /b (Content-Type: text/plain; charset=utf-8) (Transfer-Encoding: chunked) \"body\""));
        return Stream.of(toGet, kept, others).flatMap(all -> all);
    }

    static Stream<Case> bodies() {
        return Stream.of(
                redirect(
                                "H007 307 and a body that was read",
                                307,
                                "POST",
                                request -> request.body(Pieces.once("on", "ce")))
                        .gives("NonReplayableBodyException: the server redirects to http://HERE/b, but … | 1/0/1"
                                + " | POST /a (Transfer-Encoding: chunked) \"once\""),
                redirect(
                                "H007 + 301 PUT and a body that was read",
                                301,
                                "PUT",
                                request -> request.body(Pieces.once("once")))
                        .gives("NonReplayableBodyException: … | 1/0/1 | PUT /a (Transfer-Encoding: chunked) \"once\""),
                redirect(
                                "H008 + 303 drops a body that was read",
                                303,
                                "PUT",
                                request -> request.body(Pieces.once("once")))
                        .gives(THERE + "PUT /a (Transfer-Encoding: chunked) \"once\", GET /b"),
                Case.of("H019d a redirect with a body")
                        .server(to(302, "/b").replace("0⏎⏎", "5⏎⏎moved") + "<req>" + OK)
                        .does(follows("GET", request -> {}))
                        .gives("200 \"ok\" after 1 at http://HERE/b | 1/0/1"),
                Case.of("H019d + a redirect with chunks")
                        .server(to(302, "/b").replace("Content-Length: 0⏎⏎", "Transfer-Encoding: chunked⏎⏎5⏎moved⏎0⏎⏎")
                                + "<req>" + OK)
                        .does(follows("GET", request -> {}))
                        .gives("200 \"ok\" after 1 at http://HERE/b | 1/0/1"),
                Case.of("H019f + a redirect whose body does not end")
                        .server(to(302, "/b").replace("0⏎⏎", "99⏎⏎moved"), OK)
                        .does(follows("GET", request -> {}))
                        .gives("200 \"ok\" after 1 at http://HERE/b | 1/0/2"));
    }

    static Stream<Case> notFollowed() {
        Stream<Case> statuses = IntStream.of(300, 304, 305, 306, 309)
                .mapToObj(status -> Case.of("H010 " + status + " with Location")
                        .server(to(status, "/b"))
                        .does(follows("GET", request -> {}))
                        .wire()
                        .gives(status + " \"\" after 0 at http://HERE/a | 1/0/1 | GET /a"));
        Stream<Case> headers = Stream.of("X: y", "Location:", "Location: ", "URI: /b", "Content-Location: /b")
                .map(header -> Case.of((header.startsWith("URI") ? "H012 " : "H011 ") + "302 with " + header)
                        .server("HTTP/1.1 302 Go⏎" + header + "⏎Content-Length: 2⏎⏎ok")
                        .does(follows("GET", request -> {}))
                        .gives("302 \"ok\" after 0 at http://HERE/a | 1/0/1"));
        return Stream.concat(statuses, headers);
    }

    /** So many redirects, then OK. */
    private static String hops(int count) {
        StringBuilder hops = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            hops.append(to(302, "/" + i)).append("<req>");
        }
        return hops + OK;
    }

    static Stream<Case> limits() {
        return Stream.of(
                Case.of("H013 + the first of several locations")
                        .server("HTTP/1.1 302 Go⏎Location: /b⏎Location: /c⏎Content-Length: 0⏎⏎<req>" + OK)
                        .does(follows("GET", request -> {}))
                        .gives("200 \"ok\" after 1 at http://HERE/b | 1/0/1"),
                Case.of("H014 9 hops")
                        .server(hops(9))
                        .does(follows("GET", request -> {}))
                        .gives("200 \"ok\" after 9 at http://HERE/9 | 1/0/1"),
                Case.of("H015 10 hops")
                        .server(hops(10))
                        .does(follows("GET", request -> {}))
                        .gives("200 \"ok\" after 10 at http://HERE/10 | 1/0/1"),
                Case.of("H015 11 hops")
                        .server(hops(11))
                        .does(follows("GET", request -> {}))
                        .gives(
                                "TooManyRedirectsException: more than 10 redirects: http://HERE/a -> http://HERE/1 -> … | 1/0/1"),
                Case.of("H016 40 hops, unlimited")
                        .server(hops(40))
                        .does(follows("GET", request -> request.redirects(RedirectPolicy.unlimited())))
                        .gives("200 \"ok\" after 40 at http://HERE/40 | 1/0/1"),
                Case.of("H016 0: not followed")
                        .server(hops(40))
                        .does(follows("GET", request -> request.redirects(RedirectPolicy.follow(0))))
                        .gives("302 \"\" after 0 at http://HERE/a | 1/0/1"),
                Case.of("H016 + 1 is followed by one")
                        .server(hops(1))
                        .does(follows("GET", request -> request.redirects(RedirectPolicy.follow(1))))
                        .gives("200 \"ok\" after 1 at http://HERE/1 | 1/0/1"),
                Case.of("H016 + a loop ends")
                        .server((to(302, "/a") + "<req>").repeat(11) + OK)
                        .does(follows("GET", request -> {}))
                        .gives("TooManyRedirectsException: … | 1/0/1"));
    }

    static Stream<Case> targets() {
        return Stream.of(
                        "b > /x/b",
                        "../c > /c",
                        ". > /x/",
                        "?y > /x/a?y",
                        "#f > /x/a?q#f",
                        "/a b > /a%20b",
                        "/\u00c3\u00a9 > /%C3%A9",
                        "/\u00e9 > /%E9",
                        "/%41%zz > /%41%25zz",
                        "/b?z#f > /b?z#f",
                        "/a/../b > /b",
                        "/a%26b > /a%26b",
                        "//HERE/b > /b",
                        "http://HERE > /",
                        "HTTP://HERE/b > /b",
                        "/b|c > /b%7Cc")
                .map(each -> {
                    String[] pair = each.split(" > ");
                    return Case.of("H019 Location: " + pair[0])
                            .server(to(302, pair[0]) + "<req>" + OK)
                            .does((session, scene) -> {
                                try (ClientResponse response =
                                        session.get(scene.url("/x/a?q")).await()) {
                                    return response.text().await() + " " + response.realUrl();
                                }
                            })
                            .wire()
                            .gives("ok http://HERE" + pair[1] + " | 1/0/1 | GET /x/a?q, GET " + pair[1].split("#")[0]);
                });
    }

    static Stream<Case> nowhere() {
        Stream<Case> schemes = Stream.of(
                        "ftp://x/", "mailto:a@b", "javascript:1", "data:,x", "file:///etc/passwd", "ws://h/")
                .map(location -> nowhere("H017 ", location));
        Stream<Case> hosts = Stream.of("http://", "//", "http:///b", "http://[::1/", "http://h:70000/", "http://h:x/")
                .map(location -> nowhere("H018 + ", location));
        return Stream.concat(schemes, hosts);
    }

    private static Case nowhere(String number, String location) {
        return Case.of(number + "Location: " + location)
                .server(to(302, location))
                .does(follows("GET", request -> {}))
                .wire()
                .gives("RedirectException: …" + location + "… | 1/0/1 | GET /a");
    }

    private static final Consumer<RequestBuilder> SECRETS = request -> request.header("Authorization", "secret")
            .header("Cookie", "b=2")
            .header("X-A", "kept")
            .header("X-Key", "secret")
            .cookie("a", "1");

    private static Case secrets(String name, String... servers) {
        return Case.of(name)
                .server(servers)
                .session(() -> ClientSession.builder()
                        .redirects(RedirectPolicy.standard().sensitive("X-Key")))
                .does(follows("GET", SECRETS))
                .wire("Authorization", "Cookie", "X-A", "X-Key");
    }

    static Stream<Case> origins() {
        String all = " (Authorization: secret) (Cookie: a=1; b=2) (X-A: kept) (X-Key: secret)";
        return Stream.of(
                secrets("H019a another origin", to(302, "http://ELSEWHERE/b"))
                        .elsewhere(OK)
                        .gives("200 \"ok\" after 1 at http://ELSEWHERE/b | 2/0/2 | GET /a" + all
                                + ", GET /b (X-A: kept)"),
                secrets("H019b the same origin", to(302, "/b") + "<req>" + OK)
                        .gives("200 \"ok\" after 1 at http://HERE/b | 1/0/1 | GET /a" + all + ", GET /b" + all),
                secrets(
                                "H019c + back again: gone for the rest of the chain",
                                to(302, "http://ELSEWHERE/b") + "<req>" + OK)
                        .elsewhere(to(302, "http://HERE/c"))
                        .gives("200 \"ok\" after 2 at http://HERE/c | 2/0/2 | GET /a" + all
                                + ", GET /b (X-A: kept), GET /c (X-A: kept)"),
                secrets(
                                "H019a the jar's cookies are for their host",
                                to(302, "http://ELSEWHERE/b").replace("Location", "Set-Cookie: j=1⏎Location"))
                        .elsewhere(OK)
                        .gives("200 \"ok\" after 1 at http://ELSEWHERE/b | 2/0/2 | GET /a" + all
                                // Cookies do not know ports: RFC 6265 section 8.5.
                                + ", GET /b (Cookie: j=1) (X-A: kept)"),
                Case.of("H019e the fragment is inherited")
                        .server(to(302, "/b") + "<req>" + OK)
                        .does((session, scene) -> {
                            try (ClientResponse response =
                                    session.get(scene.url("/a?q=1#frag")).await()) {
                                response.bytes().await();
                                return response.realUrl() + " " + response.url();
                            }
                        })
                        .wire()
                        .gives("http://HERE/b#frag http://HERE/b | 1/0/1 | GET /a?q=1, GET /b"));
    }
}
