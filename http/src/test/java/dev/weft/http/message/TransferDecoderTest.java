package dev.weft.http.message;

import static dev.weft.http.message.FakeBody.bytes;
import static dev.weft.http.message.FakeBody.latin1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 2045 sections 6.7 and 6.8, however the bytes are cut. */
class TransferDecoderTest {
    private static byte[] decode(String encoding, byte[]... pieces) {
        TransferDecoder decoder = TransferDecoder.of(encoding);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            decoded.writeBytes(array(decoder.decode(ByteBuffer.wrap(piece))));
        }
        decoded.writeBytes(array(decoder.finish()));
        return decoded.toByteArray();
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] array = new byte[buffer.remaining()];
        buffer.get(array);
        return array;
    }

    private static void assertDecodes(byte[] expected, String encoding, byte[] encoded) {
        for (int i = 0; i <= encoded.length; i++) {
            byte[] start = Arrays.copyOf(encoded, i);
            assertArrayEquals(
                    expected, decode(encoding, start, Arrays.copyOfRange(encoded, i, encoded.length)), "cut at " + i);
        }
        byte[][] single = new byte[encoded.length][];
        for (int i = 0; i < encoded.length; i++) {
            single[i] = new byte[] {encoded[i]};
        }
        assertArrayEquals(expected, decode(encoding, single));
    }

    /** {@code /} stands for CR LF, {@code ^} for LF alone, {@code _} for a space. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "abc|abc",
                "a=3Db=3db|a=b=b",
                "=C3=A4|\u00c3\u00a4",
                "a=/b=^c|abc",
                "a=_ \t/b=__^c|abc",
                "a__/b\t^_c_|a/b^_c",
                "a_=/b|a_b",
                "a_=20/b|a__/b",
                "=20|_",
                "a=|a",
                "a=_|a",
                "a=4|a=4",
                "a=zz=4z=|a=zz=4z",
                "a=_b|a=_b",
                "a==41=|a=A",
                "=/=/|''",
                "a\rb=\rc|a\rbc",
                "a_\rb|a\rb",
                "//a//|//a//",
                "''|''",
            })
    void quotedPrintable(String encoded, String decoded) {
        assertDecodes(plain(decoded), "Quoted-Printable", plain(encoded));
    }

    private static byte[] plain(String text) {
        String real = "''".equals(text) ? "" : text;
        return bytes(real.replace("/", "\r\n").replace("^", "\n").replace('_', ' '));
    }

    @Test
    void spaceWithoutEndIsNotKept() {
        byte[] encoded = bytes("a" + " ".repeat(5000) + "\r\nb= " + " ".repeat(5000));
        byte[] whole = decode("quoted-printable", encoded);
        byte[][] single = new byte[encoded.length][];
        for (int i = 0; i < encoded.length; i++) {
            single[i] = new byte[] {encoded[i]};
        }
        assertArrayEquals(whole, decode("quoted-printable", single));
    }

    @Test
    void base64() {
        Random random = new Random(1);
        for (int size = 0; size < 30; size++) {
            byte[] plain = new byte[size];
            random.nextBytes(plain);
            assertDecodes(plain, "base64", Base64.getEncoder().encode(plain));
            assertDecodes(plain, "BASE64 ", Base64.getEncoder().withoutPadding().encode(plain));
            assertDecodes(
                    plain, "base64", Base64.getMimeEncoder(4, bytes("\r\n")).encode(plain));
        }
        assertDecodes(bytes("hello"), "base64", bytes("a G-V\u00ffs!bG8=ignored behind the padding="));
        assertDecodes(bytes(""), "base64", bytes("===="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "AAAAA", "AAAA\r\nA="})
    void base64ThatEndsInTheMiddleOfAByte(String encoded) {
        assertThrows(IllegalArgumentException.class, () -> decode("base64", bytes(encoded)));
    }

    @Test
    void encodings() {
        assertNull(TransferDecoder.of(null));
        assertNull(TransferDecoder.of("7bit"));
        assertNull(TransferDecoder.of(" Binary"));
        assertThrows(IllegalArgumentException.class, () -> TransferDecoder.of("gzip"));
        assertEquals("hi", latin1(decode("base64", bytes("aGk="))));
    }
}
