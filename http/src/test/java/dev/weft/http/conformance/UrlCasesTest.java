package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.OK;

import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.InvalidUrlException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What URLs become on the wire: section K of the specification. What they are made of is in HttpUrlTest. */
class UrlCasesTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource({"invalid", "targets", "requests"})
    void url(Case played) throws Exception {
        Conformance.holds(played);
    }

    static Stream<Case> invalid() {
        return Stream.of(
                        "H145 http://",
                        "H145 http:///x",
                        "H145 foo",
                        "H145 /rel",
                        "H145 http://[::1/",
                        "H145 http://h:70000/",
                        "H145 + http://h:x/",
                        "H145 + ",
                        "H145 + http:/x",
                        "H145 + http://a@/",
                        "H146 ftp://x/",
                        "H146 + ws://x/",
                        "H146 + HTTPX://x/",
                        "H149 http://a b/",
                        "H149 + http://a<b/",
                        "H149 + http://a|b/",
                        "H149 + http://a%00b/")
                .map(each -> {
                    String url = each.replaceFirst("H\\d+ (\\+ )?", "");
                    return Case.of(each.isBlank() ? "nothing" : each)
                            .server(OK)
                            .does((session, scene) -> {
                                try {
                                    return Outcomes.exchange(session.get(url));
                                } catch (InvalidUrlException e) {
                                    return "invalid: " + e.reason();
                                }
                            })
                            .gives("invalid: … | 0/0/0");
                });
    }

    static Stream<Case> targets() {
        return Stream.of(
                        "/a b > /a%20b",
                        "/\u00e9 > /%C3%A9",
                        "/%zz > /%25zz",
                        "/[x] > /%5Bx%5D",
                        "/a/../b > /b",
                        "//x > //x",
                        "/?q=a+b > /?q=a+b",
                        "/?b=%26 > /?b=%26",
                        "/%41%7e > /%41%7e",
                        "/a#f > /a",
                        "?q > /?q",
                        "/a? > /a?",
                        " > /",
                        "/../../a > /a",
                        "/./a/. > /a/",
                        "/a;b=c > /a;b=c",
                        "/%2e%2e/a > …",
                        "/\"<>\\^`{|} > …")
                .map(each -> {
                    String[] pair = each.split(" > ");
                    return Case.of("H150 " + (pair[0].isEmpty() ? "nothing" : pair[0]))
                            .server(OK)
                            .gets(pair[0])
                            .wire()
                            .gives("200 \"ok\" | 1/0/1 | GET " + pair[1]);
                });
    }

    static Stream<Case> requests() {
        return Stream.of(
                Case.of("H152 parameters")
                        .server(OK)
                        .sends(
                                "GET",
                                "/?x=%20",
                                request -> request.param("a", "b c")
                                        .param("a", "\u00e9&=+/")
                                        .param("n", 1)
                                        .param("t", true)
                                        .param("none", null)
                                        .param("", ""))
                        .wire()
                        .gives("200 \"ok\" | 1/0/1 | GET /?x=%20&a=b+c&a=%C3%A9%26%3D%2B%2F&n=1&t=true&="),
                Case.of("H152 + parameters do not go along")
                        .server("HTTP/1.1 302 Go⏎Location: /b⏎Content-Length: 0⏎⏎<req>" + OK)
                        .sends("GET", "/a", request -> request.param("q", 1))
                        .wire()
                        .gives("200 \"ok\" | 1/0/1 | GET /a?q=1, GET /b"),
                Case.of("H154 Host is the caller's, the connection the URL's")
                        .server(OK + "<req>" + OK)
                        .sends("GET", "/", request -> request.header("Host", "example.com:81"))
                        .gets()
                        .wire("Host")
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/1 | GET / (Host: example.com:81), GET / (Host: HERE)"),
                Case.of("H155 a header and cookies")
                        .server(OK)
                        .sends(
                                "GET",
                                "/",
                                request -> request.header("Cookie", "z=1").cookie("a", "2"))
                        .wire("Cookie")
                        .gives("200 \"ok\" | 1/0/1 | GET / (Cookie: a=2; z=1)"),
                Case.of("H156 HTTP/1.0")
                        .server("HTTP/1.0 200 OK⏎Connection: keep-alive⏎Content-Length: 2⏎⏎ok")
                        .session(() -> ClientSession.builder().version(HttpVersion.HTTP_1_0))
                        .wire("Connection", "Host")
                        .gives("200 \"ok\" | 1/0/1 | GET / HTTP/1.0 (Connection: keep-alive) (Host: HERE)"),
                Case.of("H148 + a name is asked for once, in lower case and ASCII")
                        .server(OK)
                        .does((session, scene) -> {
                            try {
                                return Outcomes.exchange(
                                        session.get(scene.url("/").replace("127.0.0.1", "LOCALHOST")));
                            } catch (ClientException e) {
                                return Outcomes.failure(e);
                            }
                        })
                        .wire()
                        .gives("200 \"ok\" | 1/0/1 | GET /"),
                Case.of("H147 IPv4 as WHATWG reads it")
                        .server(OK + "<req>" + OK + "<req>" + OK)
                        .does((session, scene) -> {
                            String all = "";
                            for (String host : new String[] {"127.1", "2130706433", "0x7f.1"}) {
                                all += Outcomes.exchange(
                                        session.get(scene.url("/").replace("127.0.0.1", host)));
                            }
                            return all;
                        })
                        .wire("Host")
                        .gives(
                                "200 \"ok\"200 \"ok\"200 \"ok\" | 1/0/1 | GET / (Host: HERE), GET / (Host: HERE), GET / (Host: HERE)"),
                Case.of("H151 a URL that is encoded already")
                        .server(OK)
                        .does((session, scene) -> Outcomes.exchange(session.request(
                                "GET", dev.weft.http.message.HttpUrl.encoded(scene.url("/%7ea/../%2F|?[]")))))
                        .wire()
                        .gives("200 \"ok\" | 1/0/1 | GET /%7ea/../%2F|?[]"));
    }
}
