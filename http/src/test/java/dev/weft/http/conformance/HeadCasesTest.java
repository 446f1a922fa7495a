package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.CHUNKED;
import static dev.weft.http.conformance.Scripts.OK;

import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.HeaderLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a status line and header fields may be: section J of the specification, RFC 9112 sections 2 to 5. */
class HeadCasesTest {
    private static final String BAD = "ProtocolException: the answer is not HTTP/1.1: …";
    private static final String NO_TOKEN =
            "ProtocolException: the answer is malformed: header name … is not a token of RFC 9110 | 0/0/1";
    private static final String EMPTY = "⏎Content-Length: 0⏎⏎";

    /** Status, reason, and the headers but the length. */
    private static final Case.Action HEAD = (session, scene) -> {
        try (ClientResponse response = session.get(scene.url("/")).await()) {
            List<String> fields = new ArrayList<>();
            response.headers().forEach(field -> {
                if (!field.getKey().equalsIgnoreCase("Content-Length")) {
                    fields.add(field.getKey() + "=" + field.getValue());
                }
            });
            return response.status() + " '" + response.reason() + "' " + fields;
        } catch (ClientException e) {
            return Outcomes.failure(e);
        }
    };

    @ParameterizedTest(name = "{0}")
    @MethodSource({"reasons", "statuses", "strangers", "fields", "names"})
    void head(Case played) throws Exception {
        Conformance.holds(played);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void limit(Case played) throws Exception {
        Conformance.holdsInTwoWays(played);
    }

    private static Case head(String name, String server) {
        return Case.of(name).server(server).does(HEAD);
    }

    private static Case fields(String name, String fields) {
        return head(name, "HTTP/1.1 200 OK⏎" + fields + EMPTY);
    }

    static Stream<Case> reasons() {
        return Stream.of(
                head("H125 no reason", "HTTP/1.1 200" + EMPTY).gives("200 '' [] | 1/0/1"),
                head("H125 a space and no reason", "HTTP/1.1 200 " + EMPTY).gives("200 '' [] | 1/0/1"),
                head("H125 + a reason of several words", "HTTP/1.1 404 Not  Found here" + EMPTY)
                        .gives("404 'Not  Found here' [] | 1/0/1"),
                head("H126 a reason in UTF-8", "HTTP/1.1 200 Troms\u00c3\u00b8" + EMPTY)
                        .gives("200 'Troms\u00f8' [] | 1/0/1"),
                head("H126 a reason in ISO-8859-1", "HTTP/1.1 200 Troms\u00f8" + EMPTY)
                        .gives("200 'Troms\u00f8' [] | 1/0/1"));
    }

    static Stream<Case> statuses() {
        return Stream.of(
                head("H127 99", "HTTP/1.1 99 X" + EMPTY).gives(BAD + "three digits: 99 | 0/0/1"),
                head("H127 9999", "HTTP/1.1 9999 X" + EMPTY).gives(BAD + "three digits: 9999 | 0/0/1"),
                head("H127 ttt", "HTTP/1.1 ttt X" + EMPTY).gives(BAD + "three digits: ttt | 0/0/1"),
                head("H127 + 099", "HTTP/1.1 099 X" + EMPTY).gives(BAD + "three digits: 099 | 0/0/1"),
                head("H127 + +20", "HTTP/1.1 +20 X" + EMPTY).gives(BAD + "three digits: +20 | 0/0/1"),
                head("H127 + 200OK", "HTTP/1.1 200OK" + EMPTY).gives(BAD + "three digits: 200OK | 0/0/1"),
                head("H127 + no status", "HTTP/1.1" + EMPTY).gives(BAD + " | 0/0/1"),
                head("H127 + no status but a space", "HTTP/1.1 " + EMPTY).gives(BAD + " | 0/0/1"),
                head("H127 600", "HTTP/1.1 600 X" + EMPTY).gives("600 'X' [] | 1/0/1"),
                head("H127 999", "HTTP/1.1 999 X" + EMPTY).gives("999 'X' [] | 1/0/1"),
                head("H128 + a later 1.x is 1.1", "HTTP/1.2 200 OK" + EMPTY).gives("200 'OK' [] | 1/0/1"),
                head("H128 + 2.0", "HTTP/2.0 200 OK" + EMPTY).gives(BAD + "the version is HTTP/2.0, not… | 0/0/1"),
                head("H128 + 2", "HTTP/2 200 OK" + EMPTY).gives(BAD + "the version is HTTP/2, not… | 0/0/1"),
                head("H128 + 0.9", "HTTP/0.9 200 OK" + EMPTY).gives(BAD + "the version is HTTP/0.9, not… | 0/0/1"),
                head("H128 + 1.10", "HTTP/1.10 200 OK" + EMPTY).gives(BAD + "the version is HTTP/1.10, not… | 0/0/1"),
                head("H128 + 1.", "HTTP/1. 200 OK" + EMPTY).gives(BAD + "the version is HTTP/1., not… | 0/0/1"),
                head("H128 + 1.x", "HTTP/1.x 200 OK" + EMPTY).gives(BAD + "the version is HTTP/1.x, not… | 0/0/1"),
                head("H128 + no version", "HTTP/ 200 OK" + EMPTY).gives(BAD + " | 0/0/1"));
    }

    /** Not one of them ever sends more: what is no status line fails at once, nobody waits for a line end. */
    static Stream<Case> strangers() {
        return Stream.of(
                head("H128 + HTTP/0.9, no head", "<html>hello").gives(BAD + "it does not begin with \"HTTP/\" | 0/0/1"),
                head("H128 + lower case", "http/1.1 200 OK" + EMPTY).gives(BAD + "it does not begin… | 0/0/1"),
                head("H128 + ICY", "ICY 200 OK" + EMPTY).gives(BAD + "it does not begin… | 0/0/1"),
                head("H128 + SSH", "SSH-2.0-OpenSSH_9⏎").gives(BAD + "it does not begin… | 0/0/1"),
                head("H128 + HTTP/2 settings", "\0\0\6\4\0\0\0\0\0\0\3\0\0\0\u0080")
                        .gives(BAD + "it does not begin… | 0/0/1"),
                head("H128 + the HTTP/2 preface", "PRI * HTTP/2.0⏎⏎SM⏎⏎").gives(BAD + "it does not begin… | 0/0/1"),
                head("H128 + a TLS alert", "\25\3\3\0\2\2F")
                        .gives(BAD + "…it seems to speak TLS: try https:// | 0/0/1"),
                head("H128 + half of it", "HTT<fin>")
                        .gives("ServerDisconnectedException: …after 3 bytes of it | 0/0/1"),
                head("H129 blank lines before it", "⏎⏎HTTP/1.1 200 OK" + EMPTY).gives("200 'OK' [] | 1/0/1"),
                head("H129 bare LF", "\nHTTP/1.1 200 OK\nA: b\nContent-Length: 0\n\n")
                        .gives("200 'OK' [A=b] | 1/0/1"),
                head("H129 + bare LF and CR LF", "HTTP/1.1 200 OK\nA: b⏎C: d\nContent-Length: 0⏎\n")
                        .gives("200 'OK' [A=b, C=d] | 1/0/1"),
                head("H129 + a space before it", " HTTP/1.1 200 OK" + EMPTY).gives(BAD + "it does not begin… | 0/0/1"),
                head("H129 + blank lines between interim answers", "HTTP/1.1 100⏎⏎⏎HTTP/1.1 200 OK" + EMPTY)
                        .gives("200 'OK' [] | 1/0/1"),
                head("H129 + junk behind an interim answer", "HTTP/1.1 100⏎⏎JUNK")
                        .gives(BAD + "it does not begin… | 0/0/1"));
    }

    static Stream<Case> fields() {
        return Stream.of(
                fields("H130 a folded line", "X: a⏎ b").gives("200 'OK' [X=a b] | 1/0/1"),
                fields("H130 + folded twice, by tabs and spaces", "X: a⏎\t b⏎  c⏎Y: d")
                        .gives("200 'OK' [X=a b c, Y=d] | 1/0/1"),
                fields("H130 + nothing but folds", "X:⏎ ⏎ b").gives("200 'OK' [X=b] | 1/0/1"),
                head("H130 + a folded length", "HTTP/1.1 200 OK⏎Content-Length:⏎ 2⏎⏎ok")
                        .gives(BAD + " | 0/0/1"),
                head("H130 + a length in two folds", "HTTP/1.1 200 OK⏎Content-Length: 1⏎ 2⏎⏎ok")
                        .gives(BAD + " | 0/0/1"),
                Case.of("H130 + folded chunked")
                        .server("HTTP/1.1 200 OK⏎Transfer-Encoding:⏎ chunked⏎⏎2⏎ok⏎0⏎⏎")
                        .gives("200 \"ok\" | 1/0/1"),
                fields("H131 a space before the colon", "X-A : a")
                        .gives(BAD + "a space follows it | 0/0/1")
                        .overHttp2Gives(NO_TOKEN),
                fields("H131 + a tab before the colon", "X-A\t: a")
                        .gives(BAD + "a space follows it | 0/0/1")
                        .overHttp2Gives(NO_TOKEN),
                fields("H131 no name", ": a")
                        .gives(BAD + "a header name is empty… | 0/0/1")
                        .overHttp2Gives(NO_TOKEN),
                fields("H131 no colon", "foo").gives(BAD + " | 0/0/1"),
                fields("H131 NUL in a value", "X: a\0b").gives(BAD + " | 0/0/1"),
                fields("H131 CR in a value", "X: a\rb").gives(BAD + " | 0/0/1"),
                fields("H131 + CR before a value", "X: \ra").gives(BAD + " | 0/0/1"),
                fields("H131 + CR behind a value", "X: a\r").gives(BAD + " | 0/0/1"),
                fields("H131 + CR alone", "\r").gives(BAD + " | 0/0/1"),
                fields("H131 + CR in a name", "X\rY: a").gives(BAD + " | 0/0/1"),
                head("H131 + CR in the reason", "HTTP/1.1 200 O\rK" + EMPTY).gives(BAD + " | 0/0/1"),
                head("H131 + NUL in the reason", "HTTP/1.1 200 O\0K" + EMPTY).gives(BAD + " | 0/0/1"),
                fields("H132 a space before the first", " X: a").gives(BAD + " | 0/0/1"),
                fields("H132 + a tab before the first", "\tX: a").gives(BAD + " | 0/0/1"),
                fields("H134 an empty value", "E:⏎F: ⏎G: \t ").gives("200 'OK' [E=, F=, G=] | 1/0/1"),
                Case.of("H134 duplicates")
                        .server("HTTP/1.1 200 OK⏎B: 1⏎a: 2⏎b: 3" + EMPTY)
                        .does((session, scene) -> {
                            try (ClientResponse response =
                                    session.get(scene.url("/")).await()) {
                                return response.headers().all("b") + " "
                                        + response.headers().first("B");
                            }
                        })
                        .gives("[1, 3] 1 | 1/0/1"),
                fields("H134 + space around a value", "A: \t x y \t").gives("200 'OK' [A=x y] | 1/0/1"),
                fields("H134 + a colon in a value", "A:b:c").gives("200 'OK' [A=b:c] | 1/0/1"),
                fields("H134 + UTF-8 and other bytes", "U: \u00c3\u00b8⏎L: \u00f8")
                        .gives("200 'OK' [U=\u00f8, L=\u00f8] | 1/0/1"));
    }

    static Stream<Case> names() {
        return Stream.of(
                fields("H133 + every character of a token", "!#$%&'*+-.^_`|~09azAZ: 1")
                        .gives("200 'OK' [!#$%&'*+-.^_`|~09azAZ=1] | 1/0/1"),
                fields("H133 + a space in a name", "X A: 1").gives(BAD + " | 0/0/1"),
                fields("H133 + a bracket in a name", "X(A): 1").gives(BAD + " | 0/0/1"),
                fields("H133 + a quote in a name", "\"A\": 1").gives(BAD + " | 0/0/1"),
                fields("H133 + a letter that is no ASCII in a name", "X\u00e9: 1")
                        .gives(BAD + " | 0/0/1"),
                fields("H133 + NUL in a name", "X\0: 1").gives(BAD + " | 0/0/1"));
    }

    private static Case trailers(String name, String trailers, int totalBytes) {
        return Case.of(name)
                .server(CHUNKED + "2⏎ok⏎0⏎" + trailers + "⏎⏎")
                .session(() -> ClientSession.builder().headerLimits(HeaderLimits.DEFAULT.withTotalBytes(totalBytes)));
    }

    /** What is too much has its end: the stream is over, and its line is free. Trailers have a block of their own, and the limit for themselves. */
    private static final String MALFORMED = "ProtocolException: the answer is malformed: ";

    static Stream<Case> limits() {
        String many = "X: a⏎".repeat(255);
        return Stream.of(
                head("H135 256 fields", "HTTP/1.1 200 OK⏎" + many.substring(0, many.length() - 1) + EMPTY)
                        .gives("200 'OK' […] | 1/0/1"),
                head("H135 257 fields", "HTTP/1.1 200 OK⏎" + many + "Last: 1" + EMPTY)
                        .gives(BAD + "more than 256 header fields, at Content-Length… | 0/0/1")
                        .overHttp2Gives(MALFORMED + "more than 256 header fields, at content-length | 1/0/1"),
                Case.of("H135 + a limit of 3 fields")
                        .server("HTTP/1.1 200 OK⏎A: 1⏎B: 2" + EMPTY, "HTTP/1.1 200 OK⏎A: 1⏎B: 2⏎C: 3" + EMPTY)
                        .session(() -> ClientSession.builder()
                                .keepAlive(java.time.Duration.ZERO)
                                .headerLimits(HeaderLimits.DEFAULT.withFields(3)))
                        .gets()
                        .gets()
                        .gives("200 \"\"; " + BAD + "more than 3 header fields, at Content-Length… | 0/0/2")
                        .overHttp2Gives(
                                "200 \"\"; " + MALFORMED + "more than 3 header fields, at content-length | 0/0/2"),
                fields("H136 a field of 64 KiB", "X-Large: " + "a".repeat(65_529))
                        .gives("200 'OK' [X-Large=…] | 1/0/1"),
                fields("H136 a field of a byte more", "X-Large: " + "a".repeat(65_530))
                        .gives(BAD + "the header X-Large has 65537 bytes, the limit is 65536 | 0/0/1")
                        .overHttp2Gives(MALFORMED + "the header x-large has 65537 bytes, the limit is 65536 | 1/0/1"),
                fields("H136 + a folded field of a byte more", "X-Large: " + "a".repeat(65_520) + "⏎ " + "b".repeat(9))
                        .gives(BAD + "the header X-Large has 65537 bytes, the limit is 65536 | 0/0/1")
                        .overHttp2Gives(MALFORMED + "the header x-large has 65537 bytes, the limit is 65536 | 1/0/1"),
                Case.of("H136 a limit of 30000 bytes, and 20000")
                        .server("HTTP/1.1 200 OK⏎X: " + "a".repeat(20_000) + EMPTY)
                        .session(
                                () -> ClientSession.builder().headerLimits(HeaderLimits.DEFAULT.withFieldBytes(30_000)))
                        .gives("200 \"\" | 1/0/1"),
                fields("H136 + fields of 256 KiB together", ("X: " + "a".repeat(252) + "⏎").repeat(254) + "Y: 1")
                        .session(() -> ClientSession.builder()
                                .headerLimits(HeaderLimits.DEFAULT.withTotalBytes(255 * 254 + 4 + 17)))
                        .gives("200 'OK' […] | 1/0/1"),
                fields("H136 + a byte more than allowed together", ("X: " + "a".repeat(252) + "⏎").repeat(254) + "Y: 1")
                        .session(() -> ClientSession.builder()
                                .headerLimits(HeaderLimits.DEFAULT.withTotalBytes(255 * 254 + 4 + 16)))
                        .gives(BAD + "the header fields have more than 64790 bytes | 0/0/1")
                        .overHttp2Gives(MALFORMED + "the header fields have more than 64790 bytes | 1/0/1"),
                fields("H136 + two bytes more", ("X: " + "a".repeat(252) + "⏎").repeat(254) + "Y: 1")
                        .session(() -> ClientSession.builder()
                                .headerLimits(HeaderLimits.DEFAULT.withTotalBytes(255 * 254 + 4 + 15)))
                        .gives(BAD + "the header fields have more than 64789 bytes | 0/0/1")
                        .overHttp2Gives(MALFORMED + "the header fields have more than 64789 bytes | 1/0/1"),
                trailers("H136 + trailers as large as allowed", "X: 1234567⏎Y: 12", 26 + 10 + 5 + 4 + 2)
                        .gives("200 \"ok\" | 1/0/1"),
                trailers("H136 + trailers of a byte more", "X: 1234567⏎Y: 12", 26 + 10 + 5 + 4 + 1)
                        .gives("200 \"ok\" then ProtocolException: …the header fields have more than 46 bytes | 0/0/1")
                        .overHttp2Gives("200 \"ok\" | 1/0/1"),
                trailers("H136 + trailers of a byte more, by themselves", "X: " + "a".repeat(60) + "⏎Y: 12", 67)
                        .gives("200 \"ok\" then ProtocolException: …the header fields have more than 67 bytes | 0/0/1")
                        .overHttp2Gives(
                                "200 \"ok\" then " + MALFORMED + "the header fields have more than 67 bytes | 1/0/1"),
                trailers("H136 + trailers of five bytes more", "X: 1234567⏎Y: 12", 26 + 10 + 5 + 4 - 3)
                        .gives("200 \"ok\" then ProtocolException: …the header fields have more than 42 bytes | 0/0/1")
                        .overHttp2Gives("200 \"ok\" | 1/0/1"),
                head("H137 a status line of 16 KiB", "HTTP/1.1 200 " + "r".repeat(16_371) + EMPTY)
                        .gives("200 'r…r' [] | 1/0/1"),
                head("H137 a status line of a byte more", "HTTP/1.1 200 " + "r".repeat(16_372) + EMPTY)
                        .gives(BAD + "a line has more than 16384 bytes | 0/0/1"),
                head("H137 + two bytes more", "HTTP/1.1 200 " + "r".repeat(16_373) + EMPTY)
                        .gives(BAD + "a line has more than 16384 bytes | 0/0/1"),
                Case.of("H137 + a limit of 20 bytes")
                        .server("HTTP/1.1 200 1234567⏎Content-Length: 0⏎⏎<req>HTTP/1.1 200 12345678" + EMPTY, OK)
                        .session(() -> ClientSession.builder().headerLimits(HeaderLimits.DEFAULT.withLineBytes(20)))
                        .gets()
                        .gets()
                        .gives("200 \"\"; " + BAD + "…20… | 0/0/1"));
    }
}
