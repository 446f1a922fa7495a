package dev.weft.http.websocket.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.websocket.PerMessageDeflate;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pure parts: keys, extensions, Close payloads, text, compression. */
class TermsTest {
    /** RFC 6455 section 1.3. */
    @Test
    void theAnswerToAKey() {
        assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", Handshake.accept("dGhlIHNhbXBsZSBub25jZQ=="));
    }

    private static PerMessageDeflate offer(String kind) {
        return switch (kind) {
            case "plain" -> PerMessageDeflate.DEFAULT;
            case "forgetful" -> PerMessageDeflate.DEFAULT.withoutContextTakeover();
            case "narrow" -> PerMessageDeflate.DEFAULT.withServerMaxWindowBits(10);
            default -> null;
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "plain|permessage-deflate|false|false",
                "plain|Permessage-Deflate|false|false",
                "plain|permessage-deflate; server_no_context_takeover|false|true",
                "plain|permessage-deflate;client_no_context_takeover|true|false",
                "plain|permessage-deflate; server_max_window_bits=8|false|false",
                "plain|permessage-deflate; server_max_window_bits=\"15\"|false|false",
                "plain|, permessage-deflate,|false|false",
                "forgetful|permessage-deflate; server_no_context_takeover|true|true",
                "narrow|permessage-deflate; server_max_window_bits=10|false|false",
                "narrow|permessage-deflate; server_max_window_bits=9|false|false",
            })
    void agreed(String offer, String answer, boolean clientForgets, boolean serverForgets) {
        assertEquals(
                new DeflateTerms(clientForgets, serverForgets),
                DeflateTerms.of(DeflateTerms.list(List.of(answer)), offer(offer)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "none|permessage-deflate|it uses the extension permessage-deflate, which was not offered",
                "plain|x-webkit-deflate-frame|it uses the extension x-webkit-deflate-frame, which was not offered",
                "plain|permessage-deflate, permessage-deflate|it names the extension permessage-deflate twice",
                "plain|permessage-deflate; client_max_window_bits=10|its parameter of permessage-deflate, client_max_window_bits=10",
                "plain|permessage-deflate; mystery|its parameter of permessage-deflate, mystery, was not offered",
                "plain|permessage-deflate; server_no_context_takeover=1|server_no_context_takeover=1, was not offered",
                "plain|permessage-deflate; server_no_context_takeover; server_no_context_takeover|was not offered",
                "plain|permessage-deflate; server_max_window_bits|server_max_window_bits, was not offered",
                "plain|permessage-deflate; server_max_window_bits=16|server_max_window_bits=16, was not offered",
                "plain|permessage-deflate; server_max_window_bits=08|server_max_window_bits=08, was not offered",
                "plain|permessage-deflate; server_max_window_bits=x|server_max_window_bits=x, was not offered",
                "plain|permessage-deflate; a=\";\", x|was not offered",
                "forgetful|permessage-deflate|it takes permessage-deflate without server_no_context_takeover",
                "narrow|permessage-deflate|it takes permessage-deflate without server_max_window_bits",
                "narrow|permessage-deflate; server_max_window_bits=11|server_max_window_bits=11, was not offered",
            })
    void notAgreed(String offer, String answer, String why) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> DeflateTerms.of(DeflateTerms.list(List.of(answer)), offer(offer)));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void declined() {
        assertEquals(null, DeflateTerms.of(List.of(), PerMessageDeflate.DEFAULT));
    }

    @Test
    void longReasonsAreCutBetweenCharacters() {
        byte[] payload = CloseCodes.write(1002, "€".repeat(50));
        assertEquals(2 + 123, payload.length);
        assertEquals("€".repeat(41), new String(payload, 2, 123, StandardCharsets.UTF_8));
        assertEquals(2 + 121, CloseCodes.write(1002, "x" + "€".repeat(50)).length);
        assertEquals(0, CloseCodes.write(1005, "ignored").length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\udc00\ud800", "\ud83d\ud83d\ude00", "\ud83d"})
    void halfASurrogatePair(String text) {
        assertThrows(IllegalArgumentException.class, () -> Utf8.encode(text));
    }

    /** Strict as the JDK's own strict decoder, whatever comes. */
    @Test
    void textIsReadStrictly() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(8)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(128) : 0x80 + random.nextInt(128));
            }
            String expected;
            try {
                expected = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(java.nio.ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                assertThrows(CharacterCodingException.class, () -> Utf8.decode(bytes, bytes.length));
                continue;
            }
            try {
                assertEquals(expected, Utf8.decode(bytes, bytes.length));
            } catch (CharacterCodingException e) {
                throw new AssertionError(Arrays.toString(bytes), e);
            }
        }
    }

    /** Compressed and inflated, in any pieces, with and without a memory of the message before. */
    @ParameterizedTest
    @CsvSource({"1,false", "6,false", "9,true", "6,true"})
    void compressionAndBack(int level, boolean forgets) throws Violation {
        Random random = new Random(level);
        try (Deflation deflation = new Deflation(level, forgets);
                Inflation inflation = new Inflation(forgets)) {
            for (int i = 0; i < 200; i++) {
                byte[] message = new byte[1 + random.nextInt(i % 10 == 0 ? 200_000 : 300)];
                int kinds = 1 + random.nextInt(256);
                for (int at = 0; at < message.length; at++) {
                    message[at] = (byte) random.nextInt(kinds);
                }
                byte[] compressed = deflation.deflate(message);
                assertTrue(compressed.length <= message.length + message.length / 8 + 128);
                Gathered out = new Gathered(message.length, 0);
                int cut = random.nextInt(compressed.length + 1);
                inflation.inflate(Arrays.copyOf(compressed, cut), out);
                inflation.inflate(Arrays.copyOfRange(compressed, cut, compressed.length), out);
                inflation.end(out);
                assertArrayEquals(message, Arrays.copyOf(out.array(), out.size()));
            }
        }
    }

    /** What the inflater has in hand is bounded by the limit, whatever is announced or repeated. */
    @Test
    void aBombIsNotUnpacked() {
        byte[] bomb;
        try (Deflation deflation = new Deflation(9, true)) {
            bomb = deflation.deflate(new byte[64 << 20]);
        }
        Gathered out = new Gathered(100_000, bomb.length);
        try (Inflation inflation = new Inflation(false)) {
            Violation e = assertThrows(Violation.class, () -> inflation.inflate(bomb, out));
            assertEquals(1009, e.code());
        }
        assertTrue(out.array().length <= 100_001);
    }
}
