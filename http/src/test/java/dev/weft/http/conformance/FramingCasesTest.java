package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.CHUNKED;
import static dev.weft.http.conformance.Scripts.OK;
import static dev.weft.http.conformance.Scripts.sized;

import java.nio.file.Path;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a body ends and whether its connection is used again: section B of the specification, RFC 9112 sections 6 to 9. */
class FramingCasesTest {
    private static final String BAD_HEAD = "ProtocolException: the answer is not HTTP/1.1: …";
    private static final String BAD_BODY = " then ProtocolException: the body is malformed: …";

    /** DATA behind the head of an answer that has no body: RFC 9113 section 8.1.1. */
    private static final String BODY_OF_NONE =
            " then ProtocolException: the answer is malformed: an answer that has no body has one";

    /** Trailers end their stream, whatever is in them: the line is free. */
    private static final String BAD_TRAILERS = " then ProtocolException: the answer is malformed: …header… | 1/0/1";

    /** Half a block of fields is nothing yet. */
    private static final String NO_HEAD = "ServerDisconnectedException: …without an answer | 0/0/1";

    private static ServerSocketFactory tls;

    @BeforeAll
    static void certificate(@TempDir Path dir) throws Exception {
        tls = OwnCertificate.serverSockets(dir);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"keepAlive", "withoutBody", "lengths", "endsEarly", "interim"})
    void framing(Case played) throws Exception {
        Conformance.holds(played);
    }

    /** Cuts fall within records then. */
    @ParameterizedTest(name = "{0}")
    @MethodSource({"keepAlive", "withoutBody", "chunks", "trailers"})
    void overTls(Case played) throws Exception {
        Conformance.holdsInTwoWays(played.overTls(tls));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"chunks", "brokenChunks", "trailers", "codings"})
    void chunked(Case played) throws Exception {
        Conformance.holds(played);
    }

    static Stream<Case> keepAlive() {
        return Stream.of(
                Case.of("H020 bytes behind the answer").server(OK + "EXTRA").gives("200 \"ok\" | 0/0/1"),
                Case.of("H020 + a line end behind the answer").server(OK + "⏎").gives("200 \"ok\" | 0/0/1"),
                Case.of("H020 + bytes behind a chunked answer")
                        .server(CHUNKED + "2⏎ok⏎0⏎⏎EXTRA")
                        .gives("200 \"ok\" | 0/0/1"),
                Case.of("H021 bytes while idle")
                        .server(OK + "<did 1>JUNK", OK)
                        .gets()
                        .awaitsEviction()
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/2"),
                Case.of("H021 a whole answer while idle")
                        .server(OK + "<did 1>" + sized("", "evil"), OK)
                        .gets()
                        .awaitsEviction()
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/2"),
                Case.of("H022 a second answer behind the first")
                        .server(OK + sized("", "evil"), OK)
                        .gets()
                        .awaitsEviction()
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/2"),
                Case.of("H023 + one connection for many")
                        .server(OK + "<req>" + CHUNKED + "2⏎ok⏎0⏎⏎<req>HTTP/1.1 204 None⏎⏎<req>" + OK)
                        .gets()
                        .gets()
                        .gets()
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\"; 204 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H024 Connection: close")
                        .server(sized("Connection: close⏎", "ok"))
                        .gets()
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\" | 0/0/2"),
                Case.of("H024 + close among others, in any case")
                        .server(sized("Connection: foo, CLOSE⏎", "ok"))
                        .gives("200 \"ok\" | 0/0/1"),
                Case.of("H024 + the end follows")
                        .server(sized("Connection: close⏎", "ok") + "<fin>")
                        .gives("200 \"ok\" | 0/0/1"),
                Case.of("H025 HTTP/1.0")
                        .server("HTTP/1.0 200 OK⏎Content-Length: 2⏎⏎ok")
                        .gets()
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\" | 0/0/2"),
                Case.of("H025 HTTP/1.0 with keep-alive")
                        .server("HTTP/1.0 200 OK⏎Content-Length: 2⏎Connection: keep-alive⏎⏎ok<req>" + OK)
                        .gets()
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/1"),
                Case.of("H026 to the end of the connection")
                        .server("HTTP/1.1 200 OK⏎⏎ok<fin>")
                        .gives("200 \"ok\" | 0/0/1"),
                Case.of("H026 + nothing to the end of the connection")
                        .server("HTTP/1.1 200 OK⏎⏎<fin>")
                        .gives("200 \"\" | 0/0/1"),
                Case.of("H026 + keep-alive does not help it")
                        .server("HTTP/1.1 200 OK⏎Connection: keep-alive⏎⏎ok<fin>")
                        .gives("200 \"ok\" | 0/0/1"));
    }

    static Stream<Case> withoutBody() {
        return Stream.of(
                Case.of("H027 204")
                        .server("HTTP/1.1 204 None⏎⏎<req>" + OK)
                        .gets()
                        .gets()
                        .gives("204 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H027 + 204 with a length, and none of it")
                        .server("HTTP/1.1 204 None⏎Content-Length: 5⏎⏎<req>" + OK)
                        .gets()
                        .gets()
                        .gives("204 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H027 304 with a length")
                        .server("HTTP/1.1 304 Same⏎Content-Length: 100⏎⏎<req>" + OK)
                        .gets()
                        .gets()
                        .gives("304 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H027 304 in chunks")
                        .server("HTTP/1.1 304 Same⏎Transfer-Encoding: chunked⏎⏎<req>" + OK)
                        .gets()
                        .gets()
                        .gives("304 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H028 + 204 with a body")
                        .server("HTTP/1.1 204 None⏎Content-Length: 4⏎⏎evil")
                        .gives("204 \"\" | 0/0/1")
                        .overHttp2Gives("204 \"\"" + BODY_OF_NONE + " | 0/0/1"),
                Case.of("H028 + 304 with a body")
                        .server("HTTP/1.1 304 Same⏎Content-Length: 4⏎⏎evil")
                        .gives("304 \"\" | 0/0/1")
                        .overHttp2Gives("304 \"\"" + BODY_OF_NONE + " | 0/0/1"),
                Case.of("H028 + 205 has a body like any other")
                        .server("HTTP/1.1 205 Reset⏎Content-Length: 2⏎⏎ok<req>HTTP/1.1 205 R⏎Content-Length: 0⏎⏎"
                                + "<req>HTTP/1.1 205 R⏎Transfer-Encoding: chunked⏎⏎2⏎ok⏎0⏎⏎")
                        .gets()
                        .gets()
                        .gets()
                        .gives("205 \"ok\"; 205 \"\"; 205 \"ok\" | 1/0/1"),
                Case.of("H029 HEAD with a length")
                        .server("HTTP/1.1 200 OK⏎Content-Length: 100⏎⏎<req>" + OK)
                        .sends("HEAD")
                        .gets()
                        .gives("200 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H029 HEAD in chunks")
                        .server(CHUNKED + "<req>" + OK)
                        .sends("HEAD")
                        .gets()
                        .gives("200 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H029 HEAD without framing")
                        .server("HTTP/1.1 200 OK⏎⏎<req>" + OK)
                        .sends("HEAD")
                        .gets()
                        .gives("200 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H029 the length that HEAD announces")
                        .server("HTTP/1.1 200 OK⏎Content-Length: 100⏎⏎")
                        .does((session, scene) -> {
                            try (var response = session.head(scene.url("/")).await()) {
                                return response.contentLength() + " "
                                        + response.bytes().await().length;
                            }
                        })
                        .gives("OptionalLong[100] 0 | 1/0/1"),
                Case.of("H030 HEAD with a body")
                        .server(OK, OK)
                        .sends("HEAD")
                        .gets()
                        .gives("200 \"\"; 200 \"ok\" | 1/0/2")
                        .overHttp2Gives("200 \"\"" + BODY_OF_NONE + "; 200 \"ok\" | 1/0/2"),
                Case.of("H030 + HEAD with a body in chunks")
                        .server(CHUNKED + "2⏎ok⏎0⏎⏎")
                        .sends("HEAD")
                        .gives("200 \"\" | 0/0/1")
                        .overHttp2Gives("200 \"\"" + BODY_OF_NONE + " | 0/0/1"));
    }

    static Stream<Case> lengths() {
        String head = "HTTP/1.1 200 OK⏎";
        return Stream.of(
                Case.of("H045 equal lengths")
                        .server(head + "Content-Length: 2⏎Content-Length: 2⏎⏎ok")
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H045 differing lengths")
                        .server(head + "Content-Length: 2⏎Content-Length: 3⏎⏎ok!")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 a list of equal lengths")
                        .server(head + "Content-Length: 2, 2⏎⏎ok")
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H045 + lists of equal lengths")
                        .server(head + "Content-Length: 2, 2,2⏎Content-Length: 2⏎⏎ok")
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H045 + a list of differing lengths")
                        .server(head + "Content-Length: 2, 3⏎⏎ok!")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 + a list with a hole")
                        .server(head + "Content-Length: 2,⏎⏎ok")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 +2").server(head + "Content-Length: +2⏎⏎ok").gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 -1").server(head + "Content-Length: -1⏎⏎ok").gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 empty").server(head + "Content-Length: ⏎⏎ok").gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 23 digits")
                        .server(head + "Content-Length: 11111111111111111111111⏎⏎ok")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 + 2^63")
                        .server(head + "Content-Length: 9223372036854775808⏎⏎ok")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 + hexadecimal")
                        .server(head + "Content-Length: 0x2⏎⏎ok")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 + two words")
                        .server(head + "Content-Length: 2 2⏎⏎ok")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 + a fraction")
                        .server(head + "Content-Length: 2.0⏎⏎ok")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 + leading zeros")
                        .server(head + "Content-Length: 002⏎⏎ok")
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H045 + digits of another script")
                        .server(head + "Content-Length: \u00b2⏎⏎ok")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H045 + a bad length where there is no body")
                        .server(head + "Content-Length: x⏎⏎")
                        .sends("HEAD")
                        .gives(BAD_HEAD + " | 0/0/1"));
    }

    static Stream<Case> endsEarly() {
        return Stream.of(
                Case.of("H031 a short body")
                        .server("HTTP/1.1 200 OK⏎Content-Length: 10⏎⏎ok<fin>")
                        .gives("200 \"ok\" then PayloadException: …received 2 of 10 bytes | 0/0/1"),
                Case.of("H031 + no body at all")
                        .server("HTTP/1.1 200 OK⏎Content-Length: 10⏎⏎<fin>")
                        .gives("200 \"\" then PayloadException: …received 0 of 10 bytes | 0/0/1"),
                Case.of("H032 a short body and a reset")
                        .server("HTTP/1.1 200 OK⏎Content-Length: 10⏎⏎ok<rst>")
                        .gives("200 \"ok\" then PayloadException: …reset…received 2 of 10 bytes | 0/0/1")
                        .overHttp2Gives("200 \"ok\" then PayloadException: …received 2 of 10 bytes | 0/0/1"),
                Case.of("H033 + a body to the end, and a reset")
                        .server("HTTP/1.1 200 OK⏎⏎ok<rst>")
                        .gives("200 \"ok\" then PayloadException: …reset… | 0/0/1")
                        .overHttp2Gives("200 \"ok\" then PayloadException: … | 0/0/1"),
                Case.of("H033 + a whole answer, and a reset")
                        .server(OK + "<rst>")
                        .gives("200 \"ok\" | 0/0/1"),
                Case.of("H033 + chunks without their end")
                        .server(CHUNKED + "2⏎ok⏎<fin>")
                        .gives("200 \"ok\" then PayloadException: …2 bytes, not its end… | 0/0/1"),
                Case.of("H033 + half a chunk")
                        .server(CHUNKED + "5⏎hel<fin>")
                        .gives("200 \"hel\" then PayloadException: …3 bytes, not its end… | 0/0/1"),
                Case.of("H033 + half of a chunk's size")
                        .server(CHUNKED + "2⏎ok⏎1<fin>")
                        .gives("200 \"ok\" then PayloadException: …2 bytes, not its end… | 0/0/1"),
                Case.of("H033 + no line end behind the last chunk")
                        .server(CHUNKED + "2⏎ok⏎0⏎<fin>")
                        .gives("200 \"ok\" then PayloadException: …2 bytes, not its end… | 0/0/1"),
                Case.of("H033 + half a trailer")
                        .server(CHUNKED + "2⏎ok⏎0⏎X: 1⏎<fin>")
                        .gives("200 \"ok\" then PayloadException: …2 bytes, not its end… | 0/0/1"),
                Case.of("H046 closed before any byte")
                        .server("<fin>")
                        .gives(
                                "ServerDisconnectedException: the server ended the connection without an answer | 0/0/1"),
                Case.of("H046 + reset before any byte")
                        .server("<rst>")
                        .gives("ServerDisconnectedException: the connection broke (…reset…) without an answer | 0/0/1")
                        .overHttp2Gives(NO_HEAD),
                Case.of("H047 within the status line")
                        .server("HTTP/1.1 20<fin>")
                        .gives("ServerDisconnectedException: …after 11 bytes of it | 0/0/1")
                        .overHttp2Gives(NO_HEAD),
                Case.of("H047 within the headers")
                        .server("HTTP/1.1 200 OK⏎A: b⏎<fin>")
                        .gives("ServerDisconnectedException: …after 23 bytes of it | 0/0/1")
                        .overHttp2Gives(NO_HEAD),
                Case.of("H047 + within a header")
                        .server("HTTP/1.1 200 OK⏎A: b⏎Content-Le<fin>")
                        .gives("ServerDisconnectedException: …after 33 bytes of it | 0/0/1")
                        .overHttp2Gives(NO_HEAD),
                Case.of("H047 + reset within the headers")
                        .server("HTTP/1.1 200 OK⏎A: b⏎<rst>")
                        .gives("ServerDisconnectedException: …reset…after 23 bytes of it | 0/0/1")
                        .overHttp2Gives(NO_HEAD),
                Case.of("H047 + before the last line end")
                        .server("HTTP/1.1 200 OK⏎Content-Length: 0⏎<fin>")
                        .gives("ServerDisconnectedException: …after 36 bytes of it | 0/0/1")
                        .overHttp2Gives(NO_HEAD));
    }

    static Stream<Case> interim() {
        return Stream.of(
                Case.of("H048 + 100, 102, 103 before the answer")
                        .server("HTTP/1.1 100 Continue⏎⏎HTTP/1.1 102 Processing⏎⏎HTTP/1.1 103 Hints⏎Link: a⏎⏎" + OK
                                + "<req>" + OK)
                        .gets()
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/1"),
                Case.of("H048 + an interim answer with a length has no body")
                        .server("HTTP/1.1 103 Hints⏎Content-Length: 7⏎⏎" + OK)
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H048 + an interim answer in chunks has no body")
                        .server("HTTP/1.1 103 Hints⏎Transfer-Encoding: chunked⏎⏎" + OK)
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H048 + Connection: close of an interim answer is not the answer's")
                        .server("HTTP/1.1 103 Hints⏎Connection: close⏎⏎" + OK)
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H048 + 100 before the answer to HEAD")
                        .server("HTTP/1.1 100 Continue⏎⏎HTTP/1.1 200 OK⏎Content-Length: 9⏎⏎")
                        .sends("HEAD")
                        .gives("200 \"\" | 1/0/1"),
                Case.of("H048 + 32 interim answers")
                        .server("HTTP/1.1 100⏎⏎".repeat(32) + OK)
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H048 + more")
                        .server("HTTP/1.1 100⏎⏎".repeat(33) + OK)
                        .gives("ProtocolException: …more than 32 interim answers | 0/0/1")
                        // Its stream is over: the answer has come to its end.
                        .overHttp2Gives("ProtocolException: …more than 32 interim answers | 1/0/1"),
                Case.of("H049 100, then the end")
                        .server("HTTP/1.1 100 Continue⏎⏎<fin>")
                        .gives("ServerDisconnectedException: …after 25 bytes of it | 0/0/1")
                        .overHttp2Gives("ServerDisconnectedException: …after 42 bytes of it | 0/0/1"),
                Case.of("H049 + 100, then half an answer")
                        .server("HTTP/1.1 100 Continue⏎⏎HTTP/1.1 2<fin>")
                        .gives("ServerDisconnectedException: …after 35 bytes of it | 0/0/1")
                        .overHttp2Gives("ServerDisconnectedException: …after 42 bytes of it | 0/0/1"),
                Case.of("H049 + 101 that nobody asked for")
                        .server("HTTP/1.1 101 Switching⏎Upgrade: x⏎Connection: upgrade⏎⏎" + OK)
                        .gives("ProtocolException: …switches to another protocol | 0/0/1"),
                Case.of("H049 + 101 to WebSocket that nobody asked for")
                        .server("HTTP/1.1 101 Switching⏎Upgrade: WebSocket⏎Connection: upgrade⏎⏎12345678" + OK)
                        .gives("ProtocolException: …switches to another protocol | 0/0/1"));
    }

    static Stream<Case> chunks() {
        return Stream.of(
                Case.of("H037 an extension")
                        .server(CHUNKED + "5;a=\"b\"⏎hello⏎0⏎⏎")
                        .gives("200 \"hello\" | 1/0/1"),
                Case.of("H037 + extensions without a value, with spaces, of the last chunk")
                        .server(CHUNKED + "5;a⏎hello⏎5 ; b = c ; d⏎world⏎0;e=f⏎⏎")
                        .gives("200 \"helloworld\" | 1/0/1"),
                Case.of("H037 + a semicolon in quotes")
                        .server(CHUNKED + "5;a=\"b;c\\\"d\"⏎hello⏎0⏎⏎")
                        .gives("200 \"hello\" | 1/0/1"),
                Case.of("H038 + sizes in both cases, with leading zeros")
                        .server(CHUNKED + "a⏎0123456789⏎A⏎0123456789⏎0000000000000002⏎ok⏎0000⏎⏎")
                        .gives("200 \"01234567890123456789ok\" | 1/0/1"),
                Case.of("H038 + no chunk but the last").server(CHUNKED + "0⏎⏎").gives("200 \"\" | 1/0/1"),
                Case.of("H038 + what looks like a chunk within a chunk")
                        .server(CHUNKED + "A⏎0⏎⏎HTTP/⏎0⏎⏎")
                        .gives("200 \"0\r\n\r\nHTTP/\" | 1/0/1"),
                Case.of("H041 a space behind the size")
                        .server(CHUNKED + "5 ⏎hello⏎0 ⏎⏎")
                        .gives("200 \"hello\" | 1/0/1"),
                Case.of("H041 + a tab behind the size")
                        .server(CHUNKED + "5\t⏎hello⏎0⏎⏎")
                        .gives("200 \"hello\" | 1/0/1"));
    }

    static Stream<Case> brokenChunks() {
        return Stream.of(
                Case.of("H034 zz").server(CHUNKED + "zz⏎hello⏎0⏎⏎").gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 -5").server(CHUNKED + "-5⏎hello⏎0⏎⏎").gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 + +5").server(CHUNKED + "+5⏎hello⏎0⏎⏎").gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 0x5").server(CHUNKED + "0x5⏎hello⏎0⏎⏎").gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 17 digits")
                        .server(CHUNKED + "11111111111111111⏎hello⏎0⏎⏎")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 + 16 digits, negative as a long")
                        .server(CHUNKED + "ffffffffffffffff⏎hello⏎0⏎⏎")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 + 9 digits, 5 as an int")
                        .server(CHUNKED + "100000005⏎hello⏎0⏎⏎<fin>")
                        .gives("200 \"hello\r\n0\r\n\r\n\" then PayloadException: …received 12 bytes… | 0/0/1"),
                Case.of("H034 + the largest size")
                        .server(CHUNKED + "7fffffffffffffff⏎hello<fin>")
                        .gives("200 \"hello\" then PayloadException: …received 5 bytes… | 0/0/1"),
                Case.of("H034 + no size").server(CHUNKED + "⏎hello⏎0⏎⏎").gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 + an extension without a size")
                        .server(CHUNKED + ";a=b⏎hello⏎0⏎⏎")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 + something behind the size")
                        .server(CHUNKED + "5 5⏎hello⏎0⏎⏎")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 + a space before the size")
                        .server(CHUNKED + " 5⏎hello⏎0⏎⏎")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H034 + an underscore")
                        .server(CHUNKED + "1_0⏎hello⏎0⏎⏎")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H035 a chunk that is too long")
                        .server(CHUNKED + "4⏎hello⏎0⏎⏎")
                        .gives("200 \"hell\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H035 + a chunk that is too short")
                        .server(CHUNKED + "7⏎hello⏎0⏎⏎")
                        .gives("200 \"hello\r\n\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H035 + no line end behind a chunk")
                        .server(CHUNKED + "5⏎hello0⏎⏎")
                        .gives("200 \"hello\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H036 zz behind a good chunk")
                        .server(CHUNKED + "5⏎hello⏎zz⏎")
                        .gives("200 \"hello\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H040 line ends of LF alone")
                        .server(CHUNKED + "5\nhello\n0\n\n")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H040 + LF behind the data")
                        .server(CHUNKED + "5⏎hello\n0⏎⏎")
                        .gives("200 \"hello\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H040 + CR behind the size")
                        .server(CHUNKED + "5\rhello⏎0⏎⏎")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H040 + LF in an extension")
                        .server(CHUNKED + "5;a\nb⏎hello⏎0⏎⏎")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H040 + CR in an extension")
                        .server(CHUNKED + "5;a\rb⏎hello⏎0⏎⏎")
                        .gives("200 \"\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H040 + LF behind the last chunk")
                        .server(CHUNKED + "5⏎hello⏎0\n\n")
                        .gives("200 \"hello\"" + BAD_BODY + " | 0/0/1"));
    }

    static Stream<Case> trailers() {
        Case.Action trailers = (session, scene) -> {
            try (var response = session.get(scene.url("/")).await()) {
                return response.status() + " " + Outcomes.body(response) + " " + response.trailers();
            }
        };
        return Stream.of(
                Case.of("H039 trailers")
                        .server(CHUNKED + "2⏎ok⏎0⏎X-T: 1⏎⏎<req>" + OK)
                        .does(trailers)
                        .gets()
                        .gives("200 \"ok\" [X-T=1]; 200 \"ok\" | 1/0/1"),
                Case.of("H039 + several, folded, of any bytes")
                        .server(CHUNKED + "2⏎ok⏎0⏎a: 1⏎A:2⏎B: x⏎  y⏎U: \u00c3\u00b8⏎⏎")
                        .does(trailers)
                        .gives("200 \"ok\" [a=1, A=2, B=x y, U=\u00f8] | 1/0/1"),
                Case.of("H039 + what is no trailer stays out")
                        .server(CHUNKED + "2⏎ok⏎0⏎Content-Length: 9⏎Transfer-Encoding: gzip⏎Trailer: X⏎X-T: 1⏎⏎<req>"
                                + OK)
                        .does(trailers)
                        .gets()
                        .gives("200 \"ok\" [X-T=1]; 200 \"ok\" | 1/0/1"),
                Case.of("H039 + Connection: close in a trailer")
                        .server(CHUNKED + "2⏎ok⏎0⏎Connection: close⏎Set-Cookie: a=b⏎⏎<req>" + OK)
                        .gets()
                        .gets()
                        .gives("200 \"ok\"; 200 \"ok\" | 1/0/1"),
                Case.of("H039 + no colon").server(CHUNKED + "2⏎ok⏎0⏎X-T⏎⏎").gives("200 \"ok\"" + BAD_BODY + " | 0/0/1"),
                Case.of("H039 + a space before the colon")
                        .server(CHUNKED + "2⏎ok⏎0⏎X-T : 1⏎⏎")
                        .gives("200 \"ok\"" + BAD_BODY + " | 0/0/1")
                        .overHttp2Gives("200 \"ok\"" + BAD_TRAILERS),
                Case.of("H039 + NUL in a value")
                        .server(CHUNKED + "2⏎ok⏎0⏎X-T: a\0b⏎⏎")
                        .gives("200 \"ok\"" + BAD_BODY + " | 0/0/1")
                        .overHttp2Gives("200 \"ok\"" + BAD_TRAILERS),
                Case.of("H039 + a space before the first")
                        .server(CHUNKED + "2⏎ok⏎0⏎ X-T: 1⏎⏎")
                        .gives("200 \"ok\"" + BAD_BODY + " | 0/0/1"));
    }

    static Stream<Case> codings() {
        String head = "HTTP/1.1 200 OK⏎";
        String body = "2⏎ok⏎0⏎⏎";
        return Stream.of(
                Case.of("H042 chunks and a length")
                        .server(CHUNKED.replace("⏎⏎", "⏎Content-Length: 3⏎⏎") + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H042 + a length and chunks")
                        .server(head + "Content-Length: 12⏎Transfer-Encoding: chunked⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H042 + chunks and a length that is none")
                        .server(head + "Content-Length: x⏎Transfer-Encoding: chunked⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H042 + in the answer to HEAD, which has no body to disagree about")
                        .server(head + "Content-Length: 12⏎Transfer-Encoding: chunked⏎⏎<req>" + OK)
                        .sends("HEAD")
                        .gets()
                        .gives("200 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H043 + chunked in any case")
                        .server(head + "transfer-ENCODING:  Chunked \t⏎⏎" + body)
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H043 + chunked twice")
                        .server(head + "Transfer-Encoding: chunked, chunked⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H043 + chunked in two fields")
                        .server(head + "Transfer-Encoding: chunked⏎Transfer-Encoding: chunked⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H043 + chunks from HTTP/1.0")
                        .server("HTTP/1.0 200 OK⏎Connection: keep-alive⏎Transfer-Encoding: chunked⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 chunked, gzip")
                        .server(head + "Transfer-Encoding: chunked, gzip⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 + gzip, chunked: nobody asked for it")
                        .server(head + "Transfer-Encoding: gzip, chunked⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 + gzip alone")
                        .server(head + "Transfer-Encoding: gzip⏎⏎ok<fin>")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 + a coding that looks like chunked")
                        .server(head + "Transfer-Encoding: xchunked⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 + chunked in quotes")
                        .server(head + "Transfer-Encoding: \"chunked\"⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 + chunked with a parameter")
                        .server(head + "Transfer-Encoding: chunked;q=1⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 identity")
                        .server(head + "Transfer-Encoding: identity⏎⏎ok<fin>")
                        .gives("200 \"ok\" | 0/0/1"),
                Case.of("H044 + chunked and a hole")
                        .server(head + "Transfer-Encoding: chunked,⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 + a hole and chunked")
                        .server(head + "Transfer-Encoding: , chunked⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 + no coding and a length")
                        .server(head + "Transfer-Encoding:⏎Content-Length: 2⏎⏎ok")
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 + identity and a length")
                        .server(head + "Transfer-Encoding: identity⏎Content-Length: 2⏎⏎ok")
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H044 + identity, chunked")
                        .server(head + "Transfer-Encoding: identity, chunked⏎⏎" + body)
                        .gives("200 \"ok\" | 1/0/1"),
                Case.of("H044 + chunked, identity")
                        .server(head + "Transfer-Encoding: chunked, identity⏎⏎" + body)
                        .gives(BAD_HEAD + " | 0/0/1"),
                Case.of("H044 + no coding")
                        .server(head + "Transfer-Encoding: ⏎⏎ok<fin>")
                        .gives(BAD_HEAD + " | 0/0/1"));
    }
}
