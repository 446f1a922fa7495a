package dev.weft.http.websocket.frame;

import static dev.weft.http.websocket.frame.Frames.BINARY;
import static dev.weft.http.websocket.frame.Frames.CLOSE;
import static dev.weft.http.websocket.frame.Frames.CONTINUATION;
import static dev.weft.http.websocket.frame.Frames.FIN;
import static dev.weft.http.websocket.frame.Frames.PING;
import static dev.weft.http.websocket.frame.Frames.PONG;
import static dev.weft.http.websocket.frame.Frames.RSV1;
import static dev.weft.http.websocket.frame.Frames.RSV2;
import static dev.weft.http.websocket.frame.Frames.RSV3;
import static dev.weft.http.websocket.frame.Frames.TEXT;
import static dev.weft.http.websocket.frame.Frames.binary;
import static dev.weft.http.websocket.frame.Frames.close;
import static dev.weft.http.websocket.frame.Frames.concat;
import static dev.weft.http.websocket.frame.Frames.frame;
import static dev.weft.http.websocket.frame.Frames.hex;
import static dev.weft.http.websocket.frame.Frames.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.websocket.PerMessageDeflate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is received, and what is sent back, for what comes in: whole, cut in two at every byte, and byte by byte, while somebody receives and
 * before: always the same. No sockets.
 */
class WireTest {
    private static final byte[] EOF = {};
    private static final int LIMIT = 300;

    private static Arguments plain(String id, String outcome, byte[]... bytes) {
        return Arguments.of(id, false, outcome, bytes);
    }

    private static Arguments deflate(String id, String outcome, byte[]... bytes) {
        return Arguments.of(id, true, outcome, bytes);
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                plain("H211 text and binary", "text hi, binary 3", text("hi"), binary((byte) 1, (byte) 2, (byte) 3)),
                plain("empty messages", "text , binary 0", text(""), binary()),
                plain("two bytes of length", "text " + "x".repeat(126), text("x".repeat(126))),
                plain(
                        "H211 fragments with a ping between",
                        "text hello; sent pong p",
                        frame(TEXT, "he"),
                        frame(FIN | PING, "p"),
                        frame(CONTINUATION, "l"),
                        frame(FIN | PONG, "unasked"),
                        frame(FIN | CONTINUATION, "lo")),
                plain("empty fragments", "text a", frame(TEXT, ""), frame(0, ""), frame(0, "a"), frame(FIN, "")),
                plain(
                        "a character in two frames",
                        "text \u20ac",
                        frame(TEXT, hex("e2 82")),
                        frame(FIN | CONTINUATION, hex("ac"))),
                plain("U+FFFD is a character", "text \ufffd", text("\ufffd")),
                plain("beyond the BMP", "text \ud83d\ude00", text("\ud83d\ude00")),
                plain("H216 the limit itself", "binary 300", binary(new byte[LIMIT])),
                plain(
                        "H216 the limit in fragments",
                        "binary 300",
                        frame(BINARY, new byte[299]),
                        frame(FIN | CONTINUATION, new byte[1])),
                plain("a ping of 125 bytes", "; sent pong " + "p".repeat(125), frame(FIN | PING, "p".repeat(125))));
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                plain(
                        "H212",
                        "text hi, close 1000 bye, closed 1000 bye; sent close 1000; code 1000",
                        text("hi"),
                        close(1000, "bye")),
                plain("no code", "close 1005 , closed 1005 ; sent close 1005; code 1005", frame(FIN | CLOSE, "")),
                plain("3000", "close 3000 , closed 3000 ; sent close 3000; code 3000", close(3000, "")),
                plain("4999", "close 4999 , closed 4999 ; sent close 4999; code 4999", close(4999, "")),
                plain("1014", "close 1014 , closed 1014 ; sent close 1014; code 1014", close(1014, "")),
                plain(
                        "nothing counts behind Close",
                        "close 1000 , closed 1000 ; sent close 1000; code 1000",
                        close(1000, ""),
                        text("late"),
                        hex("ff ff")),
                plain("H217", "text hi, closed 1006 ; code 1006", text("hi"), EOF),
                plain("within a frame", "closed 1006 ; code 1006", hex("81 05 68 65"), EOF),
                plain("within a message", "closed 1006 ; code 1006", frame(TEXT, "he"), EOF),
                plain(
                        "Close and the end",
                        "close 1001 , closed 1001 ; sent close 1001; code 1001",
                        close(1001, ""),
                        EOF));
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                broken("H214 close 1005", 1002, close(1005, "")),
                broken("close 0", 1002, close(0, "")),
                broken("close 999", 1002, close(999, "")),
                broken("close 1004", 1002, close(1004, "")),
                broken("close 1006", 1002, close(1006, "")),
                broken("close 1015", 1002, close(1015, "")),
                broken("close 1016", 1002, close(1016, "")),
                broken("close 2999", 1002, close(2999, "")),
                broken("close 5000", 1002, close(5000, "")),
                broken("close 65535", 1002, close(65535, "")),
                broken("a Close of one byte", 1002, frame(FIN | CLOSE, "x")),
                broken("a Close reason that is not UTF-8", 1007, frame(FIN | CLOSE, hex("03e8 c328"))),
                broken("a Close reason cut within a character", 1007, frame(FIN | CLOSE, hex("03e8 e282"))),
                broken("H214 RSV1", 1002, frame(FIN | RSV1 | TEXT, "x")),
                broken("RSV2", 1002, frame(FIN | RSV2 | TEXT, "x")),
                broken("RSV3", 1002, frame(FIN | RSV3 | PING, "x")),
                broken("H214 opcode 3", 1002, frame(FIN | 3, "x")),
                broken("opcode 11", 1002, frame(FIN | 11, "x")),
                broken("H214 control of 126 bytes", 1002, frame(FIN | PING, "x".repeat(126))),
                broken("H214 fragmented control", 1002, frame(PING, "x")),
                broken("H214 stray continuation", 1002, frame(FIN | CONTINUATION, "x")),
                broken("a message within a message", 1002, frame(TEXT, "a"), frame(FIN | TEXT, "b")),
                broken("masked", 1002, hex("81 82 00000000 6869")),
                broken("length 5 in two bytes", 1002, hex("81 7e 0005 6865 6c6c 6f")),
                broken("length 5 in eight bytes", 1002, hex("81 7f 0000000000000005 6865 6c6c 6f")),
                broken("a negative length", 1002, hex("82 7f ffffffffffffffff")),
                broken("H215", 1007, frame(FIN | TEXT, hex("c3 28"))),
                broken("an encoded surrogate", 1007, frame(FIN | TEXT, hex("ed a0 80"))),
                broken("too long an encoding", 1007, frame(FIN | TEXT, hex("c0 80"))),
                broken("beyond Unicode", 1007, frame(FIN | TEXT, hex("f4 90 80 80"))),
                broken("cut within a character", 1007, frame(FIN | TEXT, hex("e2 82"))),
                broken("not UTF-8 over two frames", 1007, frame(TEXT, hex("e2")), frame(FIN, hex("28"))),
                broken("H216 a byte too many", 1009, binary(new byte[LIMIT + 1])),
                plain(
                        "H216 in fragments",
                        "broken 1009; sent close 1009; code 1009",
                        frame(BINARY, new byte[LIMIT]),
                        frame(CONTINUATION, new byte[1])),
                plain(
                        "not UTF-8, at the end",
                        "broken 1007; [sent close 1007; ]code 1007",
                        frame(FIN | TEXT, hex("ff")),
                        EOF),
                broken("a frame that is announced only", 1009, hex("82 7f 00000000 7fffffff")));
    }

    /** A message that is there already, the broken rule, and what must not count any more. */
    private static Arguments broken(String id, int code, byte[]... bytes) {
        return plain(
                id,
                "text hi, broken " + code + "; sent close " + code + "; code " + code,
                concat(text("hi"), concat(bytes), text("late")));
    }

    static Stream<Arguments> compressed() {
        // RFC 7692 section 7.2.3: "Hello" in its different forms.
        byte[] hello = hex("f2 48 cd c9 c9 07 00");
        int first = FIN | RSV1 | TEXT;
        return Stream.of(
                deflate("one block", "text Hello", frame(first, hello)),
                deflate(
                        "in two frames",
                        "text Hello; sent pong p",
                        frame(RSV1 | TEXT, hex("f2 48 cd")),
                        frame(FIN | PING, "p"),
                        frame(FIN | CONTINUATION, hex("c9 c9 07 00"))),
                deflate(
                        "with the window",
                        "text Hello, text Hello",
                        frame(first, hello),
                        frame(first, hex("f2 00 11 00 00"))),
                deflate("stored", "text Hello", frame(first, hex("00 05 00 fa ff 48 65 6c 6c 6f 00"))),
                deflate(
                        "last block",
                        "text Hello, text Hello",
                        frame(first, hex("f3 48 cd c9 c9 07 00 00")),
                        frame(first, hello)),
                deflate("two blocks", "text Hello", frame(first, hex("f2 48 05 00 00 00 ff ff ca c9 c9 07 00"))),
                deflate("empty", "text ", frame(first, hex("00"))),
                deflate("not compressed", "text hi, text Hello", text("hi"), frame(first, hello)),
                deflate("compressed ping", "broken 1002; sent close 1002; code 1002", frame(FIN | RSV1 | PING, hello)),
                deflate(
                        "compressed Close",
                        "broken 1002; sent close 1002; code 1002",
                        frame(FIN | RSV1 | CLOSE, hex("03e8"))),
                deflate(
                        "RSV1 on a continuation",
                        "broken 1002; sent close 1002; code 1002",
                        frame(RSV1 | TEXT, hex("f2 48 cd")),
                        frame(FIN | RSV1 | CONTINUATION, hex("c9 c9 07 00"))),
                deflate("RSV2", "broken 1002; sent close 1002; code 1002", frame(first | RSV2, hello)),
                deflate("not deflated", "broken 1007; sent close 1007; code 1007", frame(first, hex("ff ff ff"))),
                deflate(
                        "not UTF-8",
                        "broken 1007; sent close 1007; code 1007",
                        frame(first, hex("00 02 00 fd ff c3 28 00"))),
                deflate(
                        "a bomb",
                        "text hi, broken 1009; sent close 1009; code 1009",
                        text("hi"),
                        frame(first, new Deflation(9, true).deflate(new byte[100_000]))),
                deflate(
                        "the limit itself",
                        "binary 300",
                        frame(FIN | RSV1 | BINARY, new Deflation(9, true).deflate(new byte[LIMIT]))),
                deflate(
                        "a byte too many",
                        "broken 1009; sent close 1009; code 1009",
                        frame(FIN | RSV1 | BINARY, new Deflation(9, true).deflate(new byte[LIMIT + 1]))),
                deflate(
                        "too much, not compressed",
                        "broken 1009; sent close 1009; code 1009",
                        binary(new byte[LIMIT + 1])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"messages", "ends", "violations", "compressed"})
    void sameHoweverItIsCut(String id, boolean deflate, String outcome, byte[][] frames) {
        byte[] bytes = concat(frames);
        boolean eof = frames[frames.length - 1].length == 0;
        PerMessageDeflate offer = deflate ? PerMessageDeflate.DEFAULT : null;
        for (boolean early : new boolean[] {false, true}) {
            for (int at = 0; at < bytes.length; at++) {
                List<byte[]> cut = List.of(
                        java.util.Arrays.copyOf(bytes, at), java.util.Arrays.copyOfRange(bytes, at, bytes.length));
                assertEquals(
                        expected(outcome, early),
                        Rig.play(offer, LIMIT, cut, eof, early),
                        "cut at " + at + ", received early: " + early);
            }
            List<byte[]> single = new ArrayList<>();
            for (byte b : bytes) {
                single.add(new byte[] {b});
            }
            assertEquals(
                    expected(outcome, early),
                    Rig.play(offer, LIMIT, single, eof, early),
                    "byte by byte, received early: " + early);
        }
    }

    /** What stands in brackets is only there if it is received as it comes. */
    private static String expected(String outcome, boolean early) {
        return early ? outcome.replace("[", "").replace("]", "") : outcome.replaceAll("\\[.*]", "");
    }
}
