package dev.weft.http.message;

import static dev.weft.http.message.BodyTest.sendText;
import static dev.weft.http.message.FakeBody.bytes;
import static dev.weft.http.message.FakeBody.latin1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.loop.Asyncio;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link FormData} and {@link Multipart} write. */
class MultipartTest {
    @TempDir
    Path directory;

    /** A body that tells of what is done with it. */
    private static final class Watched implements Body {
        final List<String> seen = new ArrayList<>();
        private final OptionalLong length;
        private final boolean isReplayable;
        private final Exception failure;

        Watched(OptionalLong length, boolean isReplayable, Exception failure) {
            this.length = length;
            this.isReplayable = isReplayable;
            this.failure = failure;
        }

        @Override
        public OptionalLong length() {
            return length;
        }

        @Override
        public boolean isReplayable() {
            return isReplayable;
        }

        @Override
        public String contentType() {
            return null;
        }

        @Override
        public BodySource open() {
            seen.add("open");
            return new BodySource() {
                private boolean given;

                @Override
                public ByteBuffer read() throws Exception {
                    if (failure != null) {
                        throw failure;
                    }
                    boolean first = !given;
                    given = true;
                    return first ? ByteBuffer.wrap(bytes("watched")) : null;
                }

                @Override
                public void close() {
                    seen.add("close");
                }
            };
        }
    }

    /** Spec H079i. */
    @Test
    void aFormWithTextAndFile() throws Exception {
        Path file = Files.writeString(directory.resolve("r\u00e9sum\u00e9 \"1\".txt"), "content");
        FormData form = new FormData()
                .field("text", "v\u00e4lue")
                .field("json", "{}", "application/json")
                .file("fi\"le", file);
        String boundary = form.boundary();
        String expected = "--B\r\n"
                + "Content-Disposition: form-data; name=\"text\"\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n\r\n"
                + "v\u00c3\u00a4lue\r\n"
                + "--B\r\n"
                + "Content-Disposition: form-data; name=\"json\"\r\n"
                + "Content-Type: application/json\r\n\r\n"
                + "{}\r\n"
                + "--B\r\n"
                + "Content-Disposition: form-data; name=\"fi%22le\"; filename=\"r\u00c3\u00a9sum\u00c3\u00a9 %221%22.txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\n"
                + "content\r\n"
                + "--B--\r\n";
        Asyncio.run(() -> {
            for (int i = 0; i < 2; i++) {
                String sent = sendText(form);
                assertEquals(expected, sent.replace(boundary, "B"));
                assertEquals(OptionalLong.of(sent.length()), form.length());
                assertEquals("multipart/form-data; boundary=" + boundary, form.contentType());
            }
            return null;
        });
        assertTrue(form.isReplayable());
        assertNull(form.content());
        assertTrue(boundary.length() >= 16 && boundary.length() <= 70);
        assertNotEquals(boundary, new FormData().boundary());
    }

    @Test
    void aSmallFormInMemoryIsOnePiece() throws Exception {
        FormData form = new FormData().field("a", "1").field("b", Body.of(bytes("2"), null));
        ByteBuffer content = form.content();
        assertNotNull(content);
        assertEquals(sendText(form), latin1(content));
        assertEquals(OptionalLong.of(latin1(form.content()).length()), form.length());
        assertTrue(latin1(form.content()).contains("name=\"b\"\r\n\r\n2\r\n"), "no Content-Type for null");

        assertNull(new FormData().field("a", "x".repeat(70_000)).content());
        assertNull(new FormData().field("a", Body.of(bytes("12")).withLength(1)).content());
        assertNull(new FormData().field("a", Body.of(bytes("12")).withLength(3)).content());
    }

    @Test
    void anEmptyFormIsItsClosing() throws Exception {
        FormData form = new FormData();
        assertEquals("--" + form.boundary() + "--\r\n", sendText(form));
        assertEquals(OptionalLong.of(form.boundary().length() + 6), form.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\r\nX: y", "\0", "a\u007f", "\u001b[0m"})
    void namesThatWouldBreakTheHeadersAreRefused(String name) {
        FormData form = new FormData();
        Body body = Body.of("x");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> form.field(name, "v"));
        assertTrue(e.getMessage().startsWith("the field name "), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> form.file(name, "f", body));
        assertThrows(IllegalArgumentException.class, () -> form.file("f", name, body));
        assertThrows(IllegalArgumentException.class, () -> form.field("f", "v", "text/plain" + name));
        assertEquals(new FormData().length(), form.length(), "nothing of it was added");
    }

    @Test
    void chunkedAndSentOnceAsSoonAsOnePartIs() throws Exception {
        FormData form =
                new FormData().field("a", "1").file("f", "f.bin", Body.of(new ByteArrayInputStream(bytes("stream"))));
        assertEquals(OptionalLong.empty(), form.length());
        assertFalse(form.isReplayable());
        assertNull(form.content());
        Asyncio.run(() -> {
            assertTrue(sendText(form).contains("\r\n\r\nstream\r\n--"));
            IllegalStateException e = assertThrows(IllegalStateException.class, form::open);
            assertTrue(e.getMessage().contains("of 2 parts was sent already"), e.getMessage());
            return null;
        });
    }

    @Test
    void partsAreOpenedOneAfterAnotherAndClosedOnce() throws Exception {
        Watched first = new Watched(OptionalLong.of(7), true, null);
        Watched second = new Watched(OptionalLong.empty(), true, null);
        Watched third = new Watched(OptionalLong.of(7), true, null);
        Multipart body = new Multipart("mixed").append(first).append(second).append(third);
        BodySource source = body.open();
        String sent = "";
        while (!sent.endsWith("watched\r\n--" + body.boundary() + "\r\n\r\n")) {
            sent += latin1(source.read());
        }
        assertEquals(List.of("open", "close"), first.seen);
        assertEquals(List.of("open"), second.seen);
        source.close();
        source.close();
        assertEquals(List.of("open", "close"), second.seen);
        assertEquals(List.of(), third.seen);
        assertEquals(OptionalLong.empty(), body.length());
    }

    @Test
    void aPartThatFailsFailsTheWhole() {
        IOException broken = new IOException("broken");
        Watched failing = new Watched(OptionalLong.of(7), true, broken);
        assertSame(broken, assertThrows(IOException.class, () -> sendText(new Multipart("mixed").append(failing))));
        assertEquals(List.of("open", "close"), failing.seen);
    }

    @Test
    void otherSubtypesAndNesting() throws Exception {
        Headers headers = Headers.builder()
                .add("Content-ID", "<a@b>")
                .add("content-type", "text/x")
                .build();
        Multipart inner =
                new Multipart("alternative", "in ner").append(Body.of("x").withContentType(null));
        Multipart outer = new Multipart("related", "outer")
                .append(headers, Body.of("one"))
                .append(inner);
        assertEquals("multipart/alternative; boundary=\"in ner\"", inner.contentType());
        assertEquals(
                "--outer\r\nContent-ID: <a@b>\r\ncontent-type: text/x\r\n\r\none\r\n"
                        + "--outer\r\nContent-Type: multipart/alternative; boundary=\"in ner\"\r\n\r\n"
                        + "--in ner\r\n\r\nx\r\n--in ner--\r\n"
                        + "\r\n--outer--\r\n",
                sendText(outer));
        assertEquals(OptionalLong.of(sendText(outer).length()), outer.length());
        assertEquals(2, outer.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a ",
                "a\"b",
                "\u00e4",
                "a;b",
                "aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaab"
            })
    void boundariesThatAreNone(String boundary) {
        assertThrows(IllegalArgumentException.class, () -> new Multipart("mixed", boundary));
        assertThrows(IllegalArgumentException.class, () -> new Multipart("mi xed"));
    }
}
