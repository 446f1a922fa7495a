package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.sized;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ContentDisposition;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies as text and as JSON: section L of the specification. */
class TextCasesTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource({"texts", "json", "dispositions"})
    void body(Case played) throws Exception {
        Conformance.holds(played);
    }

    private interface Read {
        Object of(ClientResponse response) throws Exception;
    }

    private static Case.Action reading(Read read) {
        return (session, scene) -> {
            try (ClientResponse response = session.get(scene.url("/")).await()) {
                return String.valueOf(read.of(response));
            } catch (ClientException e) {
                return Outcomes.failure(e);
            }
        };
    }

    private static Case text(String name, String type, String latin1) {
        return Case.of(name)
                .server(sized(type.isEmpty() ? "" : "Content-Type: " + type + "⏎", latin1))
                .does(reading(response -> response.text().await()));
    }

    static Stream<Case> texts() {
        String utf16 = "\u00fe\u00ff\0H\0i";
        return Stream.of(
                text("H157 + UTF-8 unless it says otherwise", "", "\u00c3\u00a9")
                        .gives("\u00e9 | 1/0/1"),
                text("H158 + an empty body", "text/plain; charset=utf-16", "").gives(" | 1/0/1"),
                text("H159 iso-8859-1", "text/plain; charset=iso-8859-1", "\u00e9")
                        .gives("\u00e9 | 1/0/1"),
                text("H159 iso-8859-1 in quotes", "text/plain; a=b; Charset=\"ISO-8859-1\"", "\u00e9")
                        .gives("\u00e9 | 1/0/1"),
                text("H160 no charset and no UTF-8", "text/plain", "a\u00e9b").gives("a\ufffdb | 1/0/1"),
                Case.of("H160 strictly")
                        .server(sized("", "a\u00e9b"))
                        .does(reading(response -> response.textStrict().await()))
                        .gives("DecodeException: the body is not valid UTF-8 | 1/0/1"),
                text("H161 a charset that there is none of", "text/plain; charset=foo", "\u00c3\u00a9")
                        .gives("\u00e9 | 1/0/1"),
                text("H162 UTF-8 mark", "", "\u00ef\u00bb\u00bfHi").gives("Hi | 1/0/1"),
                text("H162 UTF-16 mark", "", utf16).gives("Hi | 1/0/1"),
                text("H162 + the mark wins", "text/plain; charset=utf-8", utf16).gives("Hi | 1/0/1"),
                text("H163 + a character cut in half", "", "\u00c3").gives("\ufffd | 1/0/1"));
    }

    private static Case json(String name, String type, String body, Read read) {
        return Case.of(name)
                .server(sized(type.isEmpty() ? "" : "Content-Type: " + type + "⏎", body))
                .does(reading(read));
    }

    static Stream<Case> json() {
        Read lenient = response -> response.json(Map.class).await();
        Read strict = response -> response.jsonStrict(Map.class).await();
        String body = "{\"a\":1}";
        return Stream.of(
                json("H164 application/json", "application/json; charset=utf-8", body, strict)
                        .gives("{a=1} | 1/0/1"),
                json("H164 +json", "application/problem+json", body, strict).gives("{a=1} | 1/0/1"),
                json("H165 text/plain", "text/plain", body, lenient).gives("{a=1} | 1/0/1"),
                json("H165 nothing", "", body, lenient).gives("{a=1} | 1/0/1"),
                json("H165 text/plain, strictly", "text/plain", body, strict)
                        .gives("ContentTypeException: …text/plain… | 1/0/1"),
                json("H165 nothing, strictly", "", body, strict).gives("ContentTypeException: … | 1/0/1"),
                json("H166 empty", "application/json", "", lenient).gives("null | 1/0/1"),
                json("H166 blank", "application/json", " \r\n\t", strict).gives("null | 1/0/1"),
                json("H166 null", "application/json", "null", lenient).gives("null | 1/0/1"),
                json("H167 {a", "application/json", "{a", lenient).gives("JsonDecodeException: …\"{a\"… | 1/0/1"),
                json("H168 + more than one value", "application/json", "{} x", lenient)
                        .gives("JsonDecodeException: … | 1/0/1"));
    }

    static Stream<Case> dispositions() {
        Read names = response -> {
            ContentDisposition disposition = response.contentDisposition();
            return disposition.filename() + " " + disposition.safeFileName();
        };
        return Stream.of(
                        "H169 attachment; filename*=UTF-8''%e2%82%ac.txt; filename=\"x\" > \u20ac.txt \u20ac.txt",
                        "H170 attachment; filename=a b.txt > a b.txt a b.txt",
                        "H170 attachment; filename=\"../../etc/passwd\" > ../../etc/passwd passwd")
                .map(each -> {
                    String[] pair = each.split(" > ");
                    return Case.of(pair[0])
                            .server(sized("Content-Disposition: " + pair[0].substring(5) + "⏎", ""))
                            .does((session, scene) -> reading(response -> {
                                        response.bytes().await();
                                        return names.of(response);
                                    })
                                    .run(session, scene))
                            .gives(pair[1] + " | 1/0/1");
                });
    }
}
