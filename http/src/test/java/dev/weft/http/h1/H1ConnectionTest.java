package dev.weft.http.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.ResponseHead;
import dev.weft.http.wire.HttpConnection;
import dev.weft.http.wire.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes out for what comes in, whole, cut in two at every byte, and byte by byte: always the same. No sockets. */
class H1ConnectionTest {
    /** Bytes in; then the server closes, if they end with this. */
    private static final String FIN = "<FIN>";

    private static Arguments get(String id, String bytes, String outcome) {
        return Arguments.of(id, "GET", bytes, outcome);
    }

    private static Arguments head(String id, String bytes, String outcome) {
        return Arguments.of(id, "HEAD", bytes, outcome);
    }

    static Stream<Arguments> answers() {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                get("length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 OK|ok|end, reusable"),
                get("H020 junk behind", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokEXTRA", "200 OK|ok|end, closed"),
                get(
                        "H022 second answer behind",
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
                        "200 OK|ok|end, closed"),
                get(
                        "H024 close",
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
                        "200 OK|ok|end, the server said Connection: close"),
                get(
                        "H025 1.0",
                        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                        "200 OK|ok|end, the server speaks HTTP/1.0"),
                get(
                        "H025 1.0 keep-alive",
                        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok",
                        "200 OK|ok|end, reusable"),
                get(
                        "H026 to the end",
                        "HTTP/1.1 200 OK\r\n\r\nok" + FIN,
                        "200 OK|ok|end, the body ends with the connection"),
                get(
                        "empty to the end",
                        "HTTP/1.1 200 OK\r\n\r\n" + FIN,
                        "200 OK||end, the body ends with the connection"),
                get("H027 204", "HTTP/1.1 204 No Content\r\n\r\n", "204 No Content||end, reusable"),
                get(
                        "H027 304",
                        "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n",
                        "304 Not Modified||end, reusable"),
                get(
                        "H027 304 chunked",
                        "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "304 Not Modified||end, reusable"),
                head("H029 length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "200 OK||end, reusable"),
                head("H029 chunked", chunked, "200 OK||end, reusable"),
                head("H029 nothing", "HTTP/1.1 200 OK\r\n\r\n", "200 OK||end, reusable"),
                head("H030 with a body", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 OK||end, closed"),
                get("no body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 OK||end, reusable"),
                get(
                        "H031 short",
                        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok" + FIN,
                        "200 OK|ok|PayloadException: received 2 of 10 bytes"),
                get("chunked", chunked + "2\r\nok\r\n0\r\n\r\n", "200 OK|ok|end, reusable"),
                get(
                        "two chunks",
                        chunked + "2\r\nok\r\nB\r\n0123456789a\r\n0\r\n\r\n",
                        "200 OK|ok0123456789a|end, reusable"),
                get("H034 zz", chunked + "zz\r\nok\r\n", "200 OK||ProtocolException: the body is malformed"),
                get("H034 -5", chunked + "-5\r\nhello\r\n", "200 OK||ProtocolException: the body is malformed"),
                get("H034 0x5", chunked + "0x5\r\nhello\r\n", "200 OK||ProtocolException: the body is malformed"),
                get(
                        "H034 17 digits",
                        chunked + "11111111111111111\r\nhello\r\n",
                        "200 OK||ProtocolException: the body is malformed"),
                get("H034 empty", chunked + "\r\nhello\r\n", "200 OK||ProtocolException: the body is malformed"),
                get("H035", chunked + "4\r\nhello\r\n", "200 OK|hell|ProtocolException: the body is malformed"),
                get("H036", chunked + "5\r\nhello\r\nzz\r\n", "200 OK|hello|ProtocolException: the body is malformed"),
                get("H037 extension", chunked + "5;a=\"b\"\r\nhello\r\n0\r\n\r\n", "200 OK|hello|end, reusable"),
                get("H039 trailers", chunked + "2\r\nok\r\n0\r\nX-T: 1\r\n\r\n", "200 OK|ok|end, reusable"),
                get("H040 bare LF", chunked + "2\nok\n0\n\n", "200 OK||ProtocolException: the body is malformed"),
                get(
                        "chunked, short",
                        chunked + "5\r\nhel" + FIN,
                        "200 OK|hel|PayloadException: received 3 bytes, not its end"),
                get(
                        "chunked, no end",
                        chunked + "2\r\nok\r\n" + FIN,
                        "200 OK|ok|PayloadException: received 2 bytes, not its end"),
                get(
                        "chunked, half an end",
                        chunked + "2\r\nok\r\n0\r\n" + FIN,
                        "200 OK|ok|PayloadException: received 2 bytes, not its end"),
                get(
                        "H042 chunked and length",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                        "ProtocolException: the answer is not HTTP/1.1"),
                get(
                        "H044 chunked not last",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
                        "ProtocolException: the answer is not HTTP/1.1"),
                get(
                        "gzip, chunked",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                        "ProtocolException: the answer is not HTTP/1.1"),
                get(
                        "H044 identity",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nok" + FIN,
                        "200 OK|ok|end, the body ends with the connection"),
                get(
                        "H045 equal lengths",
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
                        "200 OK|ok|end, reusable"),
                get("H045 list", "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", "200 OK|ok|end, reusable"),
                get(
                        "H045 other lengths",
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
                        "ProtocolException: the answer is not HTTP/1.1"),
                get(
                        "H045 +2",
                        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
                        "ProtocolException: the answer is not"),
                get(
                        "H045 -1",
                        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok",
                        "ProtocolException: the answer is not"),
                get(
                        "H045 none",
                        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nok",
                        "ProtocolException: the answer is not"),
                get(
                        "H045 23 digits",
                        "HTTP/1.1 200 OK\r\nContent-Length: 11111111111111111111111\r\n\r\nok",
                        "ProtocolException: the answer is not"),
                get("H046 nothing", FIN, "ServerDisconnectedException: without an answer"),
                get("H047 start", "HTTP/1.1 20" + FIN, "ServerDisconnectedException: after 11 bytes"),
                get("H047 head", "HTTP/1.1 200 OK\r\nA: b\r\n" + FIN, "ServerDisconnectedException: after 23 bytes"),
                get("H049 100", "HTTP/1.1 100 Continue\r\n\r\n" + FIN, "ServerDisconnectedException: after 25 bytes"),
                get(
                        "interim answers",
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
                                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                        "200 OK|ok|end, reusable"),
                get(
                        "endless interim answers",
                        "HTTP/1.1 100 Continue\r\n\r\n".repeat(40),
                        "ProtocolException: more than 32 interim answers"),
                get(
                        "101",
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                        "ProtocolException: it switches to another protocol"),
                get("H125 no reason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "200 ||end, reusable"),
                get("H125 space", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "200 ||end, reusable"),
                get("H126 latin-1", "HTTP/1.1 200 \u00e6\r\nContent-Length: 0\r\n\r\n", "200 \u00e6||end, reusable"),
                get(
                        "H126 UTF-8",
                        "HTTP/1.1 200 Troms\u00c3\u00b8\r\nContent-Length: 0\r\n\r\n",
                        "200 Troms\u00f8||end, reusable"),
                get("H127 99", "HTTP/1.1 99 X\r\n\r\n", "ProtocolException: the status is not three digits"),
                get("H127 9999", "HTTP/1.1 9999 X\r\n\r\n", "ProtocolException: the status is not three digits"),
                get("H127 ttt", "HTTP/1.1 ttt X\r\n\r\n", "ProtocolException: the status is not three digits"),
                get("H127 +20", "HTTP/1.1 +20 X\r\n\r\n", "ProtocolException: the status is not three digits"),
                get("H127 999", "HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", "999 X||end, reusable"),
                get("not HTTP", "SSH-2.0-OpenSSH_9\r\n\r\n", "ProtocolException: the answer is not HTTP/1.1"),
                get("HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "ProtocolException: the answer is not HTTP/1.1"),
                get(
                        "H129 blank lines",
                        "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                        "200 OK|ok|end, reusable"),
                get("H129 bare LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "200 OK|ok|end, reusable"),
                get(
                        "H131 space before colon",
                        "HTTP/1.1 200 OK\r\nX-A : a\r\n\r\n",
                        "ProtocolException: the answer is not HTTP/1.1"),
                get("H131 no name", "HTTP/1.1 200 OK\r\n: a\r\n\r\n", "ProtocolException: the answer is not HTTP/1.1"),
                get("H131 no colon", "HTTP/1.1 200 OK\r\nfoo\r\n\r\n", "ProtocolException: the answer is not HTTP/1.1"),
                get("H131 NUL", "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", "ProtocolException: the answer is not HTTP/1.1"),
                get(
                        "H131 lone CR",
                        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
                        "ProtocolException: the answer is not HTTP/1.1"),
                get("H132", "HTTP/1.1 200 OK\r\n X: a\r\n\r\n", "ProtocolException: the answer is not HTTP/1.1"),
                get("TLS alert", "\u0015\u0003\u0003\0\u0002\u0002F" + FIN, "ProtocolException: try https://"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void sameHoweverItIsCut(String id, String method, String script, String expected) {
        boolean fin = script.endsWith(FIN);
        byte[] bytes = (fin ? script.substring(0, script.length() - FIN.length()) : script).getBytes(ISO_8859_1);
        assertOutcome(expected, Line.outcome(method, bytes, bytes.length, 0, fin), "whole");
        for (int cut = 1; cut < bytes.length; cut++) {
            assertOutcome(expected, Line.outcome(method, bytes, cut, bytes.length, fin), "cut at " + cut);
        }
        assertOutcome(expected, Line.outcome(method, bytes, 1, 1, fin), "byte by byte");
    }

    private static void assertOutcome(String expected, String outcome, String how) {
        int failure = expected.indexOf("Exception: ");
        if (failure < 0) {
            assertEquals(expected, outcome, how);
        } else {
            // The message has more than the part that is expected.
            String start = expected.substring(0, failure + 11);
            assertTrue(outcome.startsWith(start), () -> how + ": " + outcome);
            assertTrue(outcome.contains(expected.substring(failure + 11)), () -> how + ": " + outcome);
        }
    }

    @Test
    void headersAsTheyCame() {
        Line wire = new Line("GET");
        wire.feed(
                "HTTP/1.1 200 OK\r\nB: 1\r\na:2\r\nb:  3 \r\nE:\r\nF: x\r\n  y\r\nU: Troms\u00c3\u00b8\r\nL: \u00f8\r\nContent-Length: 0\r\n\r\n");
        assertEquals(
                "[B=1, a=2, b=3, E=, F=x y, U=Troms\u00f8, L=\u00f8, Content-Length=0]",
                wire.head.headers().toString());
    }

    @Test
    void limitsOfTheHead() {
        assertTrue(Line.whole("HTTP/1.1 200 OK\r\nX: " + "a".repeat(65_000) + "\r\nContent-Length: 0\r\n\r\n")
                .startsWith("200 OK"));
        assertTrue(Line.whole("HTTP/1.1 200 OK\r\nX-Large: " + "a".repeat(66_000) + "\r\nContent-Length: 0\r\n\r\n")
                .contains("the header X-Large has 66007 bytes, the limit is 65536"));
        assertTrue(Line.whole("HTTP/1.1 200 OK\r\n" + "X: a\r\n".repeat(255) + "Content-Length: 0\r\n\r\n")
                .startsWith("200 OK"));
        assertTrue(Line.whole("HTTP/1.1 200 OK\r\n" + "X: a\r\n".repeat(256) + "Content-Length: 0\r\n\r\n")
                .contains("more than 256 header fields"));
        assertTrue(Line.whole("HTTP/1.1 200 OK\r\nX: " + "a".repeat(300_000)).startsWith("ProtocolException"));
        assertTrue(
                Line.whole("HTTP/1.1 200 OK\r\n" + "X: a\r\n".repeat(100_000)).startsWith("ProtocolException"));
        assertTrue(Line.whole("HTTP/1.1 200 " + "a".repeat(17_000)).startsWith("ProtocolException"));
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertTrue(Line.whole(chunked + "1;" + "a".repeat(17_000)).startsWith("200 OK||ProtocolException"));
        assertTrue(Line.whole(chunked + "0\r\n" + "X: a\r\n".repeat(100_000)).startsWith("200 OK||ProtocolException"));
    }

    @Test
    void oneAfterTheOther() {
        Line wire = new Line("GET");
        for (int i = 0; i < 3; i++) {
            wire.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertEquals("200 OK|ok|end, reusable", wire.outcome());
            wire.send(i == 1 ? "HEAD" : "GET");
            if (i == 1) {
                wire.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
                assertEquals("200 OK||end, reusable", wire.outcome());
                wire.send("GET");
            }
        }
    }

    @Test
    void anythingThatComesWhileIdleCloses() {
        Line wire = new Line("GET");
        wire.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertTrue(wire.channel.isOpen());
        wire.feed("H");
        assertFalse(wire.channel.isOpen());
        assertEquals("200 OK|ok|end, closed", wire.outcome());
    }

    @Test
    void readsOnlyOnCredit() {
        Line wire = new Line("GET");
        wire.wantsMore = false;
        wire.feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
        int reads = wire.reads;
        wire.feed("6");
        assertEquals(reads, wire.reads, "it reads although nobody wants more");
        wire.wantsMore = true;
        wire.connection.resume();
        wire.channel.runPendingTasks();
        assertEquals(reads + 1, wire.reads);
        wire.connection.resume();
        wire.channel.runPendingTasks();
        assertEquals(reads + 1, wire.reads, "it reads twice");
        wire.feed("7890");
        assertEquals("200 OK|1234567890|end, reusable", wire.outcome());
        assertEquals(reads + 2, wire.reads, "it does not watch the idle connection");
    }

    @Test
    void nothingIsHeardAfterAnAbort() {
        Line wire = new Line("GET");
        wire.feed("HTTP/1.1 200 OK\r\nConte");
        wire.connection.abort();
        wire.channel.runPendingTasks();
        assertEquals("", wire.outcome());
        assertFalse(wire.channel.isOpen());

        Line early = new Line("GET");
        early.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        early.connection.send(Line.request("GET"), "/p?q", early);
        early.connection.abort();
        early.channel.runPendingTasks();
        assertNull(early.failure);
    }

    @Test
    void whatIsWritten() {
        Line wire = new Line("GET");
        assertEquals("GET /p?q HTTP/1.1\r\nHost: h:81\r\nA: b\r\n\r\n", wire.written);
        Line post = new Line("POST");
        assertEquals("POST /p?q HTTP/1.1\r\nHost: h:81\r\nA: b\r\nContent-Length: 0\r\n\r\n", post.written);
    }

    /** A connection, what it reads, and who listens. */
    private static final class Line implements ResponseListener {
        final List<ResponseHead> interim = new ArrayList<>();
        Headers trailers = Headers.empty();
        final EmbeddedChannel channel;
        final H1Connection connection;
        int reads;
        boolean wantsMore = true;
        ResponseHead head;
        final StringBuilder body = new StringBuilder();
        boolean ended;
        boolean reusable;
        String why;
        ClientException failure;
        String written;

        Line(String method) {
            channel = new EmbeddedChannel(false, false);
            channel.config().setAutoRead(false);
            channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
                @Override
                public void read(ChannelHandlerContext ctx) {
                    reads++;
                    ctx.read();
                }
            });
            H1Connection.install(channel);
            try {
                channel.register();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            connection = (H1Connection) HttpConnection.of(channel);
            send(method);
        }

        static ClientRequest request(String method) {
            return ClientRequest.of(method, HttpUrl.parse("http://h:81/p?q")).withHeader("A", "b");
        }

        void send(String method) {
            head = null;
            body.setLength(0);
            ended = false;
            failure = null;
            connection.send(request(method), "/p?q", this);
            channel.runPendingTasks();
            written = takeOutbound();
        }

        static String whole(String bytes) {
            Line wire = new Line("GET");
            wire.feed(bytes);
            return wire.outcome();
        }

        static String outcome(String method, byte[] bytes, int first, int then, boolean fin) {
            Line wire = new Line(method);
            int at = 0;
            int size = first;
            while (at < bytes.length && wire.channel.isOpen()) {
                int end = Math.min(bytes.length, at + size);
                wire.channel.writeInbound(Unpooled.copiedBuffer(bytes, at, end - at));
                at = end;
                size = then;
            }
            if (fin) {
                wire.channel.close();
            }
            return wire.outcome();
        }

        void feed(String latin1) {
            channel.writeInbound(Unpooled.copiedBuffer(latin1, ISO_8859_1));
        }

        private String takeOutbound() {
            List<ByteBuf> parts = new ArrayList<>();
            for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                parts.add(part);
            }
            StringBuilder text = new StringBuilder();
            parts.forEach(part -> {
                text.append(part.toString(ISO_8859_1));
                part.release();
            });
            return text.toString();
        }

        String outcome() {
            StringBuilder said = new StringBuilder();
            if (head != null) {
                said.append(head.status())
                        .append(' ')
                        .append(head.reason())
                        .append('|')
                        .append(body)
                        .append('|');
            }
            if (ended) {
                boolean open = channel.isOpen() && connection.notReusable() == null;
                said.append("end, ")
                        .append(why != null && !why.startsWith("bytes") ? why : open ? "reusable" : "closed");
            }
            if (failure != null) {
                assertFalse(channel.isOpen(), "a failed connection is open");
                said.append(failure.getClass().getSimpleName()).append(": ").append(failure.reason());
            }
            return said.toString();
        }

        @Override
        public void onHeadSent(int bodyBytes) {}

        @Override
        public void onSent() {}

        @Override
        public void onPacket(int bytes) {}

        @Override
        public void onInterim(ResponseHead early) {
            interim.add(early);
        }

        @Override
        public void onHead(ResponseHead there) {
            assertNull(head);
            head = there;
        }

        @Override
        public void onBody(ByteBuf piece) {
            assertFalse(ended);
            assertTrue(piece.isReadable());
            body.append(piece.toString(ISO_8859_1));
            piece.release();
        }

        @Override
        public void onEnd(Headers behind) {
            trailers = behind;
            assertFalse(ended);
            ended = true;
            why = connection.notReusable();
        }

        @Override
        public void onFailure(ClientException cause) {
            assertFalse(ended);
            assertNull(failure);
            failure = cause;
        }

        @Override
        public boolean wantsMore() {
            return wantsMore;
        }
    }
}
