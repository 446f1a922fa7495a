package dev.weft.http.h2;

import static dev.weft.http.h2.H2Frame.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.Client;
import dev.weft.http.conformance.Outcomes;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.http.message.ResponseHead;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers, right and malformed: RFC 9113 sections 8.1 to 8.3. A malformed one harms nothing but its own stream. */
class H2ResponseTest {
    private static final String MALFORMED = "ProtocolException: …";
    private static final String SHORT = "PayloadException: …of 2 bytes";
    private static final H2Block OK = H2Block.status("200");

    /**
     * An answer.
     *
     * @param frames made for the stream
     * @param outcome in the words of {@link Outcomes#exchange}
     */
    private record Answer(String name, String method, IntFunction<List<H2Frame>> frames, String outcome) {
        static Answer of(String name, String outcome, IntFunction<List<H2Frame>> frames) {
            return new Answer(name, "GET", frames, outcome);
        }

        /** A head that is all there is, though the stream goes on. */
        static Answer head(String name, String reason, H2Block block) {
            return of(name, MALFORMED + reason, stream -> List.of(headers(stream, 0, block)));
        }

        /** Fields behind a whole body. */
        static Answer trailers(String name, String reason, H2Block block) {
            return of(
                    name,
                    "200 \"ok\" then " + MALFORMED + reason,
                    stream ->
                            List.of(headers(stream, 0, OK), data(stream, 0, "ok"), headers(stream, END_STREAM, block)));
        }

        Answer to(String other) {
            return new Answer(name, other, frames, outcome);
        }

        /** Whether the server has ended the stream itself: then there is nothing left for the client to reset. */
        boolean ends() {
            return frames.apply(1).getLast().endsStream();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Answer> right() {
        return Stream.of(
                Answer.of("a head alone", "200 \"\"", stream -> List.of(headers(stream, END_STREAM, OK))),
                Answer.of(
                        "no length",
                        "200 \"abcd\"",
                        stream ->
                                List.of(headers(stream, 0, OK), data(stream, 0, "ab"), data(stream, END_STREAM, "cd"))),
                Answer.of(
                        "an empty end",
                        "200 \"ab\"",
                        stream -> List.of(
                                headers(stream, 0, length("2")), data(stream, 0, "ab"), data(stream, END_STREAM, ""))),
                Answer.of(
                        "trailers",
                        "200 \"ab\"",
                        stream -> List.of(
                                headers(stream, 0, length("2")),
                                data(stream, 0, "ab"),
                                headers(stream, END_STREAM, H2Block.of("x-sum", "1")))),
                Answer.of(
                        "trailers without fields",
                        "200 \"ab\"",
                        stream -> List.of(
                                headers(stream, 0, OK),
                                data(stream, 0, "ab"),
                                headers(stream, END_STREAM, H2Block.empty()))),
                Answer.of(
                        "trailers behind no body",
                        "200 \"\"",
                        stream ->
                                List.of(headers(stream, 0, OK), headers(stream, END_STREAM, H2Block.of("x-sum", "1")))),
                Answer.of(
                        "a length twice",
                        "200 \"ab\"",
                        stream -> List.of(
                                headers(stream, 0, length("2").and("content-length", "2")),
                                data(stream, END_STREAM, "ab"))),
                Answer.of(
                        "interim answers",
                        "200 \"ab\"",
                        stream -> List.of(
                                headers(stream, 0, H2Block.status("100")),
                                headers(stream, 0, H2Block.status("103", "link", "</a>")),
                                headers(stream, 0, H2Block.status("199")),
                                headers(stream, 0, OK),
                                data(stream, END_STREAM, "ab"))),
                Answer.of(
                        "an empty value",
                        "200 \"\"",
                        stream -> List.of(headers(stream, END_STREAM, H2Block.status("200", "x-empty", "")))),
                Answer.of(
                        "a status that has no name",
                        "599 \"\"",
                        stream -> List.of(headers(stream, END_STREAM, H2Block.status("599")))),
                Answer.of("204", "204 \"\"", stream -> List.of(headers(stream, END_STREAM, H2Block.status("204")))),
                Answer.of(
                        "204 with an empty end",
                        "204 \"\"",
                        stream -> List.of(headers(stream, 0, H2Block.status("204")), data(stream, END_STREAM, ""))),
                Answer.of(
                        "304 with a length",
                        "304 \"\"",
                        stream -> List.of(headers(stream, END_STREAM, H2Block.status("304", "content-length", "100")))),
                Answer.of(
                                "HEAD with a length",
                                "200 \"\"",
                                stream -> List.of(headers(stream, END_STREAM, length("100"))))
                        .to("HEAD"),
                Answer.of(
                                "HEAD with an empty end",
                                "200 \"\"",
                                stream -> List.of(headers(stream, 0, length("100")), data(stream, END_STREAM, "")))
                        .to("HEAD"));
    }

    private static H2Block length(String length) {
        return H2Block.status("200", "content-length", length);
    }

    static Stream<Answer> badStatus() {
        List<Answer> all = new ArrayList<>();
        all.add(Answer.head("no status", ":status…", H2Block.of("server", "x")));
        all.add(Answer.head("no field at all", ":status…", H2Block.empty()));
        all.add(Answer.head("two", ":status…", H2Block.of(":status", "200", ":status", "200")));
        all.add(Answer.head("behind a field", ":status…", H2Block.of("server", "x", ":status", "200")));
        for (String digits : List.of("", "20", "2000", "2x0", "+20", "-20", " 200", "20 0", "099", "000")) {
            all.add(Answer.head("status \"" + digits + '"', ":status…", H2Block.of(":status", digits)));
        }
        all.add(Answer.head("101", "…switches to another protocol…", H2Block.status("101")));
        all.add(Answer.of(
                "an interim answer that ends the stream",
                MALFORMED + "it ends with an interim answer…",
                stream -> List.of(headers(stream, END_STREAM, H2Block.status("103")))));
        return all.stream();
    }

    static Stream<Answer> badFields() {
        List<Answer> all = new ArrayList<>();
        for (String pseudo : List.of(":foo", ":path", ":method", ":", ":Status")) {
            all.add(Answer.head("pseudo-header field " + pseudo, "…", H2Block.status("200", pseudo, "x")));
        }
        all.add(Answer.head("a name in upper case", "X-Upper…", H2Block.status("200", "X-Upper", "x")));
        for (String name : List.of("", "a b", "a:b", "a\0b", "a\rb", "a\nb", "\u00e4", "a\u007f", " a", "a(")) {
            all.add(Answer.head("name " + escaped(name), "…", H2Block.status("200", name, "x")));
        }
        for (String value : List.of("a\rb", "a\nb", "a\r\nb: c", "a\0", " a", "a ", "\ta", "a\t", " ")) {
            all.add(Answer.head("value " + escaped(value), "…", H2Block.status("200", "x-value", value)));
        }
        for (String name : List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade")) {
            all.add(Answer.head("of the connection: " + name, name + "…", H2Block.status("200", name, "x")));
        }
        all.add(Answer.of(
                "in an interim answer",
                MALFORMED + "X-Upper…",
                stream -> List.of(headers(stream, 0, H2Block.status("103", "X-Upper", "x")))));
        return all.stream();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        text.chars().forEach(c -> escaped.append(c > 0x20 && c < 0x7f ? "" + (char) c : "%%%02x".formatted(c)));
        return escaped.append('"').toString();
    }

    static Stream<Answer> badTrailers() {
        return Stream.of(
                Answer.trailers("a pseudo-header field", ":status…", OK),
                Answer.trailers("upper case", "X-Upper…", H2Block.of("X-Upper", "x")),
                Answer.trailers("a bad value", "", H2Block.of("x-value", "a\nb")),
                Answer.trailers("of the connection", "transfer-encoding…", H2Block.of("transfer-encoding", "chunked")),
                Answer.of(
                        "not at the end",
                        "200 \"ok\" then " + MALFORMED,
                        stream -> List.of(
                                headers(stream, 0, OK),
                                data(stream, 0, "ok"),
                                headers(stream, 0, H2Block.of("x-sum", "1")))),
                Answer.of(
                        "another head",
                        "200 \"ok\" then " + MALFORMED,
                        stream -> List.of(headers(stream, 0, OK), data(stream, 0, "ok"), headers(stream, 0, OK))));
    }

    static Stream<Answer> badBodies() {
        return Stream.of(
                Answer.of("DATA before the head", MALFORMED, stream -> List.of(data(stream, 0, "ok"))),
                Answer.of(
                        "DATA behind an interim head",
                        MALFORMED,
                        stream -> List.of(headers(stream, 0, H2Block.status("103")), data(stream, 0, "ok"))),
                Answer.of(
                        "more than the length",
                        "200 \"ab\" then " + MALFORMED,
                        stream ->
                                List.of(headers(stream, 0, length("2")), data(stream, 0, "ab"), data(stream, 0, "c"))),
                Answer.of(
                        "more at once",
                        "200 \"…\" then " + MALFORMED,
                        stream -> List.of(headers(stream, 0, length("2")), data(stream, 0, "abc"))),
                Answer.of(
                        "less",
                        "200 \"a\" then " + SHORT,
                        stream -> List.of(headers(stream, 0, length("2")), data(stream, END_STREAM, "a"))),
                Answer.of(
                        "less, and trailers",
                        "200 \"a\" then " + SHORT,
                        stream -> List.of(
                                headers(stream, 0, length("2")),
                                data(stream, 0, "a"),
                                headers(stream, END_STREAM, H2Block.of("x-sum", "1")))),
                Answer.of(
                        "nothing of a length",
                        "…" + SHORT,
                        stream -> List.of(headers(stream, END_STREAM, length("2")))),
                Answer.head("no number", "…", length("x")),
                Answer.head("a negative number", "…", length("-1")),
                Answer.head("two lengths", "…", length("1").and("content-length", "2")),
                Answer.of(
                        "204 with a body",
                        "204 \"\" then " + MALFORMED,
                        stream -> List.of(headers(stream, 0, H2Block.status("204")), data(stream, 0, "x"))),
                Answer.of(
                        "304 with a body",
                        "304 \"\" then " + MALFORMED,
                        stream -> List.of(headers(stream, 0, H2Block.status("304")), data(stream, 0, "x"))),
                Answer.of(
                                "HEAD with a body",
                                "200 \"\" then " + MALFORMED,
                                stream -> List.of(headers(stream, 0, OK), data(stream, 0, "x")))
                        .to("HEAD"));
    }

    /** One answer after the other on one connection, and a sound one behind it. */
    private static String played(Answer answer, AtomicReference<String> reset) throws Exception {
        String[] outcome = new String[1];
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(answer.frames.apply(stream).toArray(H2Frame[]::new));
            if (!answer.ends()) {
                reset.set(H2Code.name(peer.next(RST_STREAM, stream).number(0)));
            }
            peer.answerAll();
        })) {
            Client.run(H2Server.client(), session -> {
                outcome[0] = Outcomes.exchange(session.request(answer.method, server.url("/")));
                assertEquals("200 \"ok\"", Outcomes.exchange(session.get(server.url("/"))));
                assertEquals(1, server.connections());
            });
        }
        return outcome[0];
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("right")
    void isTaken(Answer answer) throws Exception {
        AtomicReference<String> reset = new AtomicReference<>();
        assertEquals(answer.outcome, played(answer, reset));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"badStatus", "badFields", "badTrailers", "badBodies"})
    void isMalformed(Answer answer) throws Exception {
        AtomicReference<String> reset = new AtomicReference<>("PROTOCOL_ERROR");
        String outcome = played(answer, reset);
        assertTrue(Outcomes.matches(answer.outcome + "…", outcome), () -> answer.outcome + "\nbut was: " + outcome);
        assertEquals("PROTOCOL_ERROR", reset.get());
    }

    @Test
    void headAndTrailers() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(
                    headers(stream, 0, H2Block.status("200", "set-cookie", "a=1", "set-cookie", "b=2", "x-empty", "")),
                    data(stream, 0, "ok"),
                    headers(stream, END_STREAM, H2Block.of("x-sum", "1", "x-more", "2")));
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    assertEquals("HTTP/2", response.version());
                    assertEquals("", response.reason());
                    assertEquals(List.of("a=1", "b=2"), response.headers().all("Set-Cookie"));
                    assertEquals("", response.headers().first("X-Empty"));
                    assertEquals("ok", response.text().await());
                    assertEquals(
                            Headers.builder()
                                    .add("x-sum", "1")
                                    .add("x-more", "2")
                                    .build(),
                            response.trailers());
                }
            });
        }
    }

    /** Huffman code, and the dynamic table: the first two blocks of RFC 7541 appendix C.6. */
    @Test
    void compressed() throws Exception {
        String first = "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff"
                + "6e919d29ad171863c78f0b97c8e9ae82ae43d3";
        String second = "4883640effc1c0bf";
        try (H2Server server = H2Server.start(peer -> {
            for (String block : List.of(first, second)) {
                byte[] bytes = HexFormat.of().parseHex(block);
                peer.send(headersPart(peer.request().streamId(), END_HEADERS | END_STREAM, bytes));
            }
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client().redirects(RedirectPolicy.none()), session -> {
                for (int status : List.of(302, 307)) {
                    try (ClientResponse response = session.get(server.url("/")).await()) {
                        assertEquals(status, response.status());
                        assertEquals("private", response.headers().first("cache-control"));
                        assertEquals(
                                "Mon, 21 Oct 2013 20:13:21 GMT",
                                response.headers().first("date"));
                        assertEquals(
                                "https://www.example.com", response.headers().first("location"));
                    }
                }
            });
        }
    }

    @Test
    void earlyHints() throws Exception {
        try (H2Server server = H2Server.start(peer -> {
            int stream = peer.request().streamId();
            peer.send(
                    headers(stream, 0, H2Block.status("103", "link", "</a.css>; rel=preload")),
                    headers(stream, 0, H2Block.status("103", "link", "</b.css>; rel=preload")));
            peer.answer(stream, "ok");
            peer.awaitEnd();
        })) {
            Client.run(H2Server.client(), session -> {
                try (ClientResponse response = session.get(server.url("/")).await()) {
                    List<String> links = response.earlyHints().stream()
                            .map(ResponseHead::headers)
                            .map(headers -> headers.first("Link"))
                            .toList();
                    assertEquals(List.of("</a.css>; rel=preload", "</b.css>; rel=preload"), links);
                }
            });
        }
    }
}
