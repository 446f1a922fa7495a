package dev.weft.http.encoding;

import static dev.weft.http.encoding.Coded.TEXT;
import static dev.weft.http.encoding.Coded.decode;
import static dev.weft.http.encoding.Coded.decodeHoweverCut;
import static dev.weft.http.encoding.Coded.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import dev.weft.http.encoding.Coded.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is cut short, corrupt or followed by something is an error, and the same error however it is cut. */
@Timeout(60)
class BrokenBodyTest {
    @ParameterizedTest
    @EnumSource
    void cutShortAnywhere(Coded coded) {
        byte[] bytes = coded.of(TEXT);
        for (int length = 1; length < bytes.length; length++) {
            Outcome outcome = decodeHoweverCut(coded.coding, Arrays.copyOf(bytes, length));
            assertEquals("the " + coded.coding + " data is cut short", outcome.error(), "after " + length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutShortAnywhereInsideAStack(Coded coded) {
        byte[] inner = coded.of(TEXT);
        for (int length = 1; length < inner.length; length++) {
            Outcome outcome = decode(coded.coding + ", gzip", Coded.GZIP.of(Arrays.copyOf(inner, length)), 7);
            assertEquals("the " + coded.coding + " data is cut short", outcome.error(), "after " + length);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void cutShortInALaterMember(Coded coded) {
        byte[] one = coded.of(TEXT);
        for (int length = one.length + 1; length < 2 * one.length; length++) {
            Outcome outcome = decodeHoweverCut(coded.coding, Arrays.copyOf(join(one, one), length));
            assertEquals("the " + coded.coding + " data is cut short", outcome.error(), "after " + length);
        }
    }

    /** A flipped bit is found by the checksum, or changes nothing (the time in a gzip header). */
    @ParameterizedTest
    @EnumSource
    void flippedBits(Coded coded) {
        byte[] bytes = coded.of(TEXT);
        boolean checked = coded != Coded.RAW && coded != Coded.BROTLI;
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] bad = bytes.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            Outcome outcome = decode(coded.coding, bad);
            decode(coded.coding, bad, 1).assertSame(outcome, coded + " bit " + bit);
            decode(coded.coding, bad, 3).assertSame(outcome, coded + " bit " + bit);
            if (checked && outcome.error() == null) {
                outcome.assertPlain(TEXT, coded + " bit " + bit);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void noiseNeitherHangsNorPasses(Coded coded) {
        Random random = new Random(11);
        byte[] start = coded.of(TEXT);
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[1 + random.nextInt(2000)];
            random.nextBytes(noise);
            byte[] bad = join(Arrays.copyOf(start, random.nextInt(start.length)), noise);
            Outcome outcome = decode(coded.coding, bad);
            decode(coded.coding, bad, 1 + random.nextInt(50)).assertSame(outcome, coded + " round " + i);
        }
    }

    @Test
    void wrongTrailers() {
        byte[] checksum = Coded.GZIP.of(TEXT);
        checksum[checksum.length - 8] ^= 1;
        assertEquals(
                "the checksum of the gzip data is wrong",
                decodeHoweverCut("gzip", checksum).error());
        byte[] length = Coded.GZIP.of(TEXT);
        length[length.length - 1] ^= 1;
        assertEquals(
                "the length of the gzip data is wrong",
                decodeHoweverCut("gzip", length).error());
        byte[] zlib = Coded.ZLIB.of(TEXT);
        zlib[zlib.length - 1] ^= 1;
        assertTrue(error("deflate", zlib).startsWith("the deflate data is corrupt"), error("deflate", zlib));
        byte[] zstd = Coded.ZSTD.of(TEXT);
        zstd[zstd.length - 1] ^= 1;
        assertTrue(error("zstd", zstd).contains("checksum"), error("zstd", zstd));
        byte[] second = join(Coded.GZIP.of(TEXT), checksum);
        assertEquals(
                "the checksum of the gzip data is wrong",
                decodeHoweverCut("gzip", second).error());
    }

    @Test
    void nothingMayFollow() {
        for (byte[] more : List.of(TEXT, new byte[] {1}, new byte[] {0, 1})) {
            byte[] gzip = join(Coded.GZIP.of(TEXT), more);
            assertEquals("something that is no gzip follows the gzip data", error("gzip", gzip));
            assertEquals("something follows the deflate data", error("deflate", join(Coded.ZLIB.of(TEXT), more)));
            assertEquals("something follows the deflate data", error("deflate", join(Coded.RAW.of(TEXT), more)));
            assertEquals(
                    "the br data is corrupt, or something follows it", error("br", join(Coded.BROTLI.of(TEXT), more)));
            error("zstd", join(Coded.ZSTD.of(TEXT), more));
        }
        for (Coded coded : List.of(Coded.ZLIB, Coded.RAW, Coded.BROTLI, Coded.ZSTD)) {
            error(coded.coding, join(coded.of(TEXT), new byte[4]));
        }
    }

    @Test
    void theWrongCoding() {
        for (Coded coded : Coded.values()) {
            for (Coded other : Coded.values()) {
                if (!coded.coding.equals(other.coding)) {
                    assertNotNull(error(other.coding, coded.of(TEXT)), coded + " as " + other.coding);
                }
            }
            error(coded.coding, TEXT);
        }
        assertEquals("it is no gzip data", error("gzip", TEXT));
    }

    @Test
    void dictionaries() {
        byte[] zlib = {0x78, (byte) 0xbb, 1, 2, 3, 4, 5};
        assertEquals("the deflate data asks for a dictionary", error("deflate", zlib));
    }

    @Test
    void largeWindowOfZstd() throws IOException {
        byte[] plain = new byte[9 << 20];
        new Random(3).nextBytes(plain);
        decode("zstd", zstd(plain, 23)).assertPlain(plain, "a window of 8 MiB");
        assertEquals(
                "the zstd data needs a window of more than 8 MiB, which RFC 9659 forbids",
                decode("zstd", zstd(plain, 24)).error());
        assertEquals(
                "the zstd data needs a window of more than 8 MiB, which RFC 9659 forbids",
                decode("zstd", zstd(plain, 24), 5).error());
    }

    private static byte[] zstd(byte[] plain, int windowLog) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream out = new ZstdOutputStream(bytes, 1)) {
            out.setLong(windowLog);
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void aFailureStays(Coded coded) throws CodingException {
        try (ContentDecoder decoder = Codings.decoder(List.of(coded.coding))) {
            assertNotNull(decoder);
            byte[] noise = new byte[1000];
            Arrays.fill(noise, (byte) 0xff);
            CodingException e = assertThrows(CodingException.class, () -> decoder.decode(ByteBuffer.wrap(noise)));
            assertSame(e, assertThrows(CodingException.class, () -> decoder.decode(ByteBuffer.wrap(coded.of(TEXT)))));
            assertSame(e, assertThrows(CodingException.class, decoder::finish));
        }
    }

    private static String error(String encoding, byte[] bad) {
        String error = decodeHoweverCut(encoding, bad).error();
        assertNotNull(error, encoding + " was decoded");
        return error;
    }
}
