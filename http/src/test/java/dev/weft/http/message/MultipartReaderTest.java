package dev.weft.http.message;

import static dev.weft.http.message.FakeBody.bytes;
import static dev.weft.http.message.FakeBody.latin1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {
    private static final String TYPE = "multipart/mixed; boundary=B";

    /** What came out: for each part {@code headers>content}, and the error if there was one. */
    private static String read(BodyReader body, String type) {
        List<String> out = new ArrayList<>();
        try {
            for (BodyPart part : MultipartReader.of(body, type)) {
                StringBuilder text = new StringBuilder();
                part.headers()
                        .forEach(field -> text.append(field.getKey())
                                .append('=')
                                .append(field.getValue())
                                .append(','));
                out.add(text.append('>').toString());
                for (ByteBuffer piece : part.content()) {
                    text.append(latin1(piece));
                    out.set(out.size() - 1, text.toString());
                }
            }
        } catch (MultipartException e) {
            out.add("! " + e.reason().replaceFirst("the multipart body is malformed: ", ""));
        }
        return String.join("|", out);
    }

    /** {@code /} stands for CR LF, {@code ^} for LF alone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "--B//one/--B/a: b/c:d//two/--B--/~>one|a=b,c=d,>two",
                "--B//one/--B--~>one",
                "--B//one/--B-- ~>one",
                "preamble/ --B/--Bx/--B//one/--B--/epilogue/--B//no/--B--~>one",
                "/--B//one/--B--/~>one",
                "/x/--B--/~''",
                "--B--/~''",
                "--B--~''",
                "--B \t//one/--B \t-- /x/--B-- \t/rest~>one/--B \t-- /x",
                // Content that nearly is a delimiter.
                "--B//one/--/--/-/-B/--A/--BB/--B-/--B-x/--B--x/--B x/--B/a:b/--B//two/--B--~>one/--/--/-/-B/--A/--BB/--B-/--B-x/--B--x/--B x|! a header of part 2 has no colon: \"--B\"",
                "--B//a/--Bx/--B-/--B--x/--B x--B/--B--~>a/--Bx/--B-/--B--x/--B x--B",
                "--B//a^--B^--B--^b/--B--~>a^--B^--B--^b",
                "--B//a//--B--~>a/",
                // No content, with the line end before it or without one.
                "--B///--B--~>",
                "--B//--B--~>",
                "--B/x:1//--B/y:2//z/--B--~x=1,>|y=2,>z",
                "--B///--B///--B--~>|>",
                // Line feeds alone, if the first delimiter has it so.
                "--B^^one^--B^a: b^^two^--B--^~>one|a=b,>two",
                "--B^^one/--B^^two/--B--~>one\r|>two\r",
                "p^--B^/one^--B--~>one",
                "--B^^^--B--~>",
                "--B^^--B--~>",
                // Headers.
                "--B/a: one/ two/\tthree/b:/ x: y//c/--B--~a=one two three,b=x: y,>c",
                "--B/a : b//c/--B--~a=b,>c",
                "--B/a: b^c: d/^/--B--~a=b,c=d,>",
                "--B/ a: b//c/--B--~! in part 1, header name \" a\" is not a token of RFC 9110",
                "--B/a b: c//d/--B--~! in part 1, header name \"a b\" is not a token of RFC 9110",
                "--B//one/--B/nothing//two/--B--~>one|! a header of part 2 has no colon: \"nothing\"",
                "--B/a: b\u0001//--B--~! in part 1, the value of header a holds the control character U+0001 at 2",
                // Cut off.
                "''~! it has no line --B",
                "nothing of it/~! it has no line --B",
                "--B~! it has no line --B",
                "--B-~! it has no line --B",
                "--B/~! it ends in part 1, without its last boundary",
                "--B/a: b~! it ends in part 1, without its last boundary",
                "--B/a: b/~! it ends in part 1, without its last boundary",
                "--B//~>|! it ends in part 1, without its last boundary",
            })
    void table(String body, String expected) {
        String bytes = body.replace("/", "\r\n").replace("^", "\n");
        String result =
                expected.equals("''") ? "" : expected.replace("/", "\r\n").replace("^", "\n");
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes(bytes))) {
                assertEquals(result, read(cut, TYPE));
            }
            assertEquals(result, read(FakeBody.of(bytes.isEmpty() ? new String[0] : new String[] {bytes}), TYPE));
            return null;
        });
    }

    @Test
    void parts() {
        String body = "--B\r\n"
                + "Content-Disposition: form-data; name=\"fi%22eld\"; filename=\"../\u00c3\u00a4%22%0D%0A.txt\"\r\n"
                + "Content-Type: Text/X; charset=iso-8859-1\r\n\r\n"
                + "\u00e9\r\n"
                + "--B\r\nContent-Disposition: attachment; name=n; filename=%22.txt\r\n\r\n"
                + "{\"a\": [1]}\r\n"
                + "--B\r\nContent-Type: application/json\r\n\r\n \r\n"
                + "--B--";
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes(body))) {
                Iterator<BodyPart> parts = MultipartReader.of(cut, TYPE).iterator();
                BodyPart first = parts.next();
                assertEquals("fi\"eld", first.name());
                assertEquals("../\u00e4\"\r\n.txt", first.filename());
                assertEquals("\u00e4%22%0D%0A.txt", first.contentDisposition().safeFileName());
                assertEquals("text/x", first.contentType());
                assertEquals(StandardCharsets.ISO_8859_1, first.charset());
                assertEquals("\u00e9", first.text().await());
                assertSame(first.bytes().await(), first.bytes().await());
                assertFalse(first.isMultipart());
                assertThrows(MultipartException.class, first::parts);

                BodyPart second = parts.next();
                assertEquals("n", second.name());
                assertEquals("%22.txt", second.filename());
                assertEquals("text/plain", second.contentType());
                assertNull(second.charset());
                assertEquals("{a=[1]}", second.json(java.util.Map.class).await().toString());
                assertThrows(
                        JsonDecodeException.class,
                        () -> second.json(Integer.class).await());
                assertEquals("{\"a\": [1]}", second.text().await());

                BodyPart third = parts.next();
                assertNull(third.name());
                assertNull(third.contentDisposition());
                assertNull(third.json(Integer.class).await());
                assertFalse(parts.hasNext());
            }
            return null;
        });
    }

    @Test
    void whatIsNotReadOfAPartIsSkipped() {
        String body = "--B\r\n\r\n0123456789\r\n--B\r\n\r\nabc\r\n--B--";
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes(body))) {
                MultipartReader reader = MultipartReader.of(cut, TYPE);
                BodyPart first = reader.next().await();
                assertEquals("01", latin1(first.content().readExactly(2).await()));
                BodyPart second = reader.next().await();
                assertThrows(
                        IllegalStateException.class,
                        () -> first.content().readExactly(8).await());
                assertEquals("abc", second.text().await());
                assertEquals(3, second.content().bytesReceived());
                assertNull(reader.next().await());
                assertNull(reader.next().await());
                assertNull(second.content().read().await());
            }
            return null;
        });
    }

    /** Behind the last part everything was read, so that the connection can be used again. */
    @Test
    void theEpilogueIsRead() {
        Asyncio.run(() -> {
            FakeBody body = FakeBody.of("--B\r\n\r\n1\r\n--B--", "\r\n", "epilogue", "more");
            MultipartReader reader = MultipartReader.of(body, TYPE);
            assertEquals("1", reader.next().await().text().await());
            assertNull(reader.next().await());
            assertEquals(29, body.bytesReceived());
            return null;
        });
    }

    @Test
    void nested() {
        String inner = "pre\r\n--BB\r\n\r\nx\r\n--BB\r\n\r\ny\r\n--BB--\r\npost";
        String body =
                "--B\r\nContent-Type: multipart/mixed; boundary=BB\r\n\r\n" + inner + "\r\n--B\r\n\r\nz\r\n--B--\r\n";
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes(body))) {
                MultipartReader outer = MultipartReader.of(cut, TYPE);
                BodyPart both = outer.next().await();
                assertTrue(both.isMultipart());
                List<String> texts = new ArrayList<>();
                for (BodyPart part : both.parts()) {
                    texts.add(part.text().await());
                }
                assertEquals(List.of("x", "y"), texts);
                assertEquals("z", outer.next().await().text().await());
                assertNull(outer.next().await());
            }
            return null;
        });
    }

    @Test
    void anInnerBodyThatIsCutOffByTheOuterOne() {
        String body =
                "--B\r\nContent-Type: multipart/mixed; boundary=BB\r\n\r\n--BB\r\n\r\nx\r\n--B\r\n\r\nz\r\n--B--\r\n";
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes(body))) {
                MultipartReader outer = MultipartReader.of(cut, TYPE);
                BodyPart inner = outer.next().await().parts().next().await();
                MultipartException e = assertThrows(
                        MultipartException.class, () -> inner.text().await());
                assertTrue(e.getMessage().endsWith("it ends in part 1, without its last boundary"), e.getMessage());
                assertEquals("z", outer.next().await().text().await());
            }
            return null;
        });
    }

    @Test
    void transferEncodingsAreUndone() {
        String body = "--B\r\nContent-Transfer-Encoding: BASE64\r\n\r\n aGVs\r\nbG8=\r\n"
                + "--B\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nl=\r\n=C3=A4nge\r\n"
                + "--B\r\nContent-Transfer-Encoding: 8bit\r\n\r\n=41\r\n"
                + "--B\r\nContent-Transfer-Encoding: base64\r\n\r\nA\r\n"
                + "--B\r\nContent-Transfer-Encoding: x-uue\r\n\r\nA\r\n"
                + "--B--";
        Asyncio.run(() -> {
            for (FakeBody cut : FakeBody.cuts(bytes(body))) {
                MultipartReader reader = MultipartReader.of(cut, TYPE);
                assertEquals("hello", reader.next().await().text().await());
                assertEquals("l\u00e4nge", reader.next().await().text().await());
                assertEquals("=41", reader.next().await().text().await());
                BodyPart broken = reader.next().await();
                assertThrows(DecodeException.class, () -> broken.bytes().await());
                MultipartException e = assertThrows(
                        MultipartException.class, () -> reader.next().await());
                assertTrue(e.getMessage().contains("\"x-uue\" is not known"), e.getMessage());
                assertNull(reader.next().await());
            }
            return null;
        });
    }

    @Test
    void limitsOfHeaders() {
        HeaderLimits limits = new HeaderLimits(10, 20, 2, 40);
        String[][] cases = {
            {"a: 345678901234567890", "or one has more than 20 bytes"},
            {"a: 1\r\nb: 2\r\nc: 3", "are more than 2"},
            {"a: 3456789012345678\r\nb: 345678901234567", "have more than 40 bytes"},
            {"a".repeat(100), "have more than 40 bytes"},
        };
        ClientRequest request =
                ClientRequest.of("GET", HttpUrl.parse("http://h/")).with(Options.HEADER_LIMITS, limits);
        Headers headers = Headers.builder().add("Content-Type", TYPE).build();
        Asyncio.run(() -> {
            for (String[] one : cases) {
                for (FakeBody cut : FakeBody.cuts(bytes("--B\r\n" + one[0] + "\r\n\r\nx\r\n--B--"))) {
                    MultipartReader reader = MultipartReader.of(ClientResponse.of(request, 200, headers, new byte[0])
                            .withContent(cut));
                    MultipartException e = assertThrows(
                            MultipartException.class, () -> reader.next().await());
                    assertTrue(e.getMessage().startsWith("GET http://h/: "), e.getMessage());
                    assertTrue(e.getMessage().contains(one[1]), e.getMessage());
                    assertSame(
                            e,
                            assertThrows(
                                    MultipartException.class,
                                    () -> reader.next().await()));
                }
            }
            return null;
        });
    }

    @Test
    void aPreambleWithoutLinesIsNotKept() throws Exception {
        MultipartParser parser = new MultipartParser("B", HeaderLimits.DEFAULT);
        byte[] much = new byte[1 << 20];
        java.util.Arrays.fill(much, (byte) '-');
        for (int i = 0; i < 1000; i++) {
            parser.feed(ByteBuffer.wrap(much));
            assertEquals(MultipartParser.Step.MORE, parser.step());
        }
        parser.feed(ByteBuffer.wrap(bytes("--B\r\n--B--\r\n")));
        assertEquals(MultipartParser.Step.END, parser.step());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain; boundary=B",
                "multipart/mixed",
                "multipart/mixed; boundary=",
                "multipart; boundary=B"
            })
    void whatIsNotMultipart(String type) {
        Asyncio.run(() -> {
            assertThrows(MultipartException.class, () -> MultipartReader.of(FakeBody.of("x"), type));
            assertThrows(MultipartException.class, () -> MultipartReader.of(FakeBody.of("x"), null));
            return null;
        });
    }

    /** What {@link Multipart} writes of anything, {@link MultipartReader} reads back. */
    @Test
    void writtenAndReadBack() throws Exception {
        Random random = new Random(9);
        for (int round = 0; round < 300; round++) {
            Multipart written = new Multipart("mixed", "x=" + "?".repeat(random.nextInt(3)));
            List<byte[]> contents = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                byte[] content = near(written.boundary(), random);
                contents.add(content);
                boolean isBase64 = random.nextBoolean();
                Headers headers = isBase64
                        ? Headers.builder()
                                .add("Content-Transfer-Encoding", "base64")
                                .build()
                        : Headers.empty();
                byte[] sent = isBase64 ? Base64.getMimeEncoder().encode(content) : content;
                written.append(headers, Body.of(sent));
            }
            byte[] all = BodyTest.send(written);
            Asyncio.run(() -> {
                List<byte[]> pieces = new ArrayList<>();
                for (int at = 0; at < all.length; ) {
                    int end = Math.min(all.length, at + 1 + random.nextInt(30));
                    pieces.add(java.util.Arrays.copyOfRange(all, at, end));
                    at = end;
                }
                int i = 0;
                for (BodyPart part : MultipartReader.of(FakeBody.of(pieces), written.contentType())) {
                    assertArrayEquals(contents.get(i++), part.bytes().await());
                }
                assertEquals(contents.size(), i);
                return null;
            });
        }
    }

    /** Bytes that are made of what delimiters are made of, but hold none. */
    private static byte[] near(String boundary, Random random) {
        String[] bits = {"\r\n--" + boundary + "x", "\r\n--", "\r", "\n", "-", " ", boundary, "\r\n--" + boundary + "-"
        };
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int n = random.nextInt(8); n > 0; n--) {
            content.writeBytes(bytes(bits[random.nextInt(bits.length)] + "ab".repeat(random.nextInt(3))));
        }
        String text = latin1(content.toByteArray());
        boolean isHarmless = !(text + "\r\n")
                .matches("(?s).*(^|\n)--" + java.util.regex.Pattern.quote(boundary) + "(--)?[ \t]*\r?\n.*");
        return isHarmless ? content.toByteArray() : bytes("plain");
    }
}
