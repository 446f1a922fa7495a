package dev.weft.http.conformance;

import static dev.weft.http.conformance.Scripts.OK;
import static dev.weft.http.conformance.Scripts.sized;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.weft.http.encoding.Coded;
import dev.weft.http.message.ClientResponse;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Content codings and what can be wrong with them: section C of the specification, RFC 9110 section 8.4. */
class CodingCasesTest {
    private static final String TEXT = "hello, hello, hello: 0123456789";
    private static final String BROKEN = "DecodeException: the body cannot be decoded: …";

    @ParameterizedTest(name = "{0}")
    @MethodSource({"whole", "stacked", "broken", "empty"})
    void coding(Case played) throws Exception {
        Conformance.holds(played);
    }

    private static String in(Coded coding, String latin1) {
        return new String(coding.of(latin1.getBytes(ISO_8859_1)), ISO_8859_1);
    }

    private static String gzip(String latin1) {
        return in(Coded.GZIP, latin1);
    }

    private static Case coded(String name, String coding, String body) {
        return Case.of(name).server(sized("Content-Encoding: " + coding + "⏎", body));
    }

    private static String chunks(String coding, String body, int size) {
        StringBuilder chunks =
                new StringBuilder("HTTP/1.1 200 OK⏎Content-Encoding: " + coding + "⏎Transfer-Encoding: chunked⏎⏎");
        for (int i = 0; i < body.length(); i += size) {
            String chunk = body.substring(i, Math.min(body.length(), i + size));
            chunks.append(Integer.toHexString(chunk.length()))
                    .append('⏎')
                    .append(chunk)
                    .append('⏎');
        }
        return chunks + "0⏎⏎";
    }

    static Stream<Case> whole() {
        String two = gzip("hello") + gzip("world");
        return Stream.concat(
                Arrays.stream(Coded.values())
                        .map(coding -> coded("H050 " + coding, coding.coding, in(coding, TEXT))
                                .gives("200 \"" + TEXT + "\" | 1/0/1")),
                Stream.of(
                        Case.of("H050 headers stay, both sizes are known")
                                .server(sized("Content-Encoding: gzip⏎", gzip("hello")))
                                .does((session, scene) -> {
                                    try (ClientResponse response =
                                            session.get(scene.url("/")).await()) {
                                        int size = response.bytes().await().length;
                                        return size + " of "
                                                + response.content().bytesReceived() + ", "
                                                + response.contentLength().orElse(0) + " "
                                                + response.headers().first("Content-Encoding");
                                    }
                                })
                                .gives("5 of " + gzip("hello").length() + ", "
                                        + gzip("hello").length() + " gzip | 1/0/1"),
                        coded("H052 two members", "gzip", two).gives("200 \"helloworld\" | 1/0/1"),
                        Case.of("H052 two members in chunks")
                                .server(chunks("gzip", two, 7))
                                .gives("200 \"helloworld\" | 1/0/1"),
                        Case.of("H052 + a member that is empty")
                                .server(sized("Content-Encoding: gzip⏎", gzip("") + gzip("ok")))
                                .gives("200 \"ok\" | 1/0/1"),
                        Case.of("H050 + not undone")
                                .server(sized("Content-Encoding: gzip⏎", "not gzip"))
                                .sends("GET", "/", request -> request.autoDecompress(false))
                                .gives("200 \"not gzip\" | 1/0/1"),
                        coded("H050 + identity", "identity", "ok").gives("200 \"ok\" | 1/0/1"),
                        coded("H050 + no coding", "", "ok").gives("200 \"ok\" | 1/0/1")));
    }

    static Stream<Case> stacked() {
        String six = "ok";
        for (int i = 0; i < 6; i++) {
            six = gzip(six);
        }
        return Stream.of(
                coded("H051 GZIP", "GZIP", gzip("ok")).gives("200 \"ok\" | 1/0/1"),
                coded("H051 x-gzip", "x-gzip", gzip("ok")).gives("200 \"ok\" | 1/0/1"),
                coded("H051 gzip, br", "gzip, br", in(Coded.BROTLI, gzip("ok"))).gives("200 \"ok\" | 1/0/1"),
                coded("H051 gzip, gzip", "gzip, gzip", gzip(gzip("ok"))).gives("200 \"ok\" | 1/0/1"),
                coded("H051 + two fields", "gzip⏎Content-Encoding: br", in(Coded.BROTLI, gzip("ok")))
                        .gives("200 \"ok\" | 1/0/1"),
                coded("H051 + six", "gzip,gzip,gzip,gzip,gzip,gzip", six)
                        .gives("200 \"\" then " + BROKEN + " | 0/0/1"));
    }

    static Stream<Case> broken() {
        String gzip = gzip(TEXT);
        String badSum = gzip.substring(0, gzip.length() - 8) + "\1\2\3\4" + gzip.substring(gzip.length() - 4);
        String zlib = in(Coded.ZLIB, TEXT);
        String brotli = in(Coded.BROTLI, TEXT);
        String zstd = in(Coded.ZSTD, TEXT);
        return Stream.of(
                coded("H053 + junk behind gzip", "gzip", gzip + "junk")
                        .gives("200 \"" + TEXT + "\" then " + BROKEN + " | 0/0/1"),
                coded("H053 + zeros behind gzip", "gzip", gzip + "\0\0\0\0").gives("200 \"" + TEXT + "\" | 1/0/1"),
                coded("H054 gzip without its last byte", "gzip", gzip.substring(0, gzip.length() - 1))
                        .gives("200 \"" + TEXT + "\" then " + BROKEN + " | 0/0/1"),
                coded("H054 gzip without its trailer", "gzip", gzip.substring(0, gzip.length() - 8))
                        .gives("200 \"" + TEXT + "\" then " + BROKEN + " | 0/0/1"),
                coded("H054 + half a gzip header", "gzip", gzip.substring(0, 5))
                        .gives("200 \"\" then " + BROKEN + " | 0/0/1"),
                coded("H055 a bad sum", "gzip", badSum).gives("200 \"" + TEXT + "\" then " + BROKEN + " | 0/0/1"),
                coded("H055 no gzip", "gzip", "hello").gives("200 \"\" then " + BROKEN + " | 0/0/1"),
                coded("H056 deflate cut", "deflate", zlib.substring(0, zlib.length() - 3))
                        .gives("200 \"" + TEXT + "\" then " + BROKEN + " | 0/0/1"),
                coded("H056 br cut", "br", brotli.substring(0, brotli.length() - 1))
                        .gives("200 \"…\" then " + BROKEN + " | 0/0/1"),
                coded("H056 + zstd cut", "zstd", zstd.substring(0, zstd.length() - 1))
                        .gives("200 \"…\" then " + BROKEN + " | 0/0/1"),
                coded("H060 an unknown coding", "foo", "hello").gives("200 \"\" then " + BROKEN + " | 0/0/1"),
                coded("H060 + a known and an unknown one", "gzip, foo", "hello")
                        .gives("200 \"\" then " + BROKEN + " | 0/0/1"),
                Case.of("H054 + gzip whose connection ends early")
                        .server("HTTP/1.1 200 OK⏎Content-Encoding: gzip⏎Content-Length: 99⏎⏎" + gzip + "<fin>")
                        .gives("200 \"" + TEXT + "\" then PayloadException: …of 99 bytes | 0/0/1"));
    }

    static Stream<Case> empty() {
        return Stream.of(
                coded("H057 gzip and no bytes", "gzip", "").gives("200 \"\" | 1/0/1"),
                Case.of("H057 gzip and no chunks")
                        .server("HTTP/1.1 200 OK⏎Content-Encoding: gzip⏎Transfer-Encoding: chunked⏎⏎0⏎⏎")
                        .gives("200 \"\" | 1/0/1"),
                Case.of("H057 gzip and 204")
                        .server("HTTP/1.1 204 None⏎Content-Encoding: gzip⏎⏎<req>" + OK)
                        .gets()
                        .gets()
                        .gives("204 \"\"; 200 \"ok\" | 1/0/1"),
                Case.of("H057 gzip and HEAD")
                        .server("HTTP/1.1 200 OK⏎Content-Encoding: gzip⏎Content-Length: 30⏎⏎<req>" + OK)
                        .sends("HEAD")
                        .gets()
                        .gives("200 \"\"; 200 \"ok\" | 1/0/1"),
                coded("H057 + br and no bytes", "br", "").gives("200 \"\" | 1/0/1"),
                coded("H057 + an unknown coding and no bytes", "foo", "").gives("200 \"\" | 1/0/1"));
    }
}
