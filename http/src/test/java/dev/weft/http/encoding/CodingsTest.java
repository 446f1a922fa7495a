package dev.weft.http.encoding;

import static dev.weft.http.encoding.Coded.TEXT;
import static dev.weft.http.encoding.Coded.decode;
import static dev.weft.http.encoding.Coded.decodeHoweverCut;
import static dev.weft.http.encoding.Coded.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be decoded, whole and however it is cut. */
@Timeout(60)
class CodingsTest {
    private static void assertDecodes(byte[] plain, String encoding, byte[] coded) {
        decodeHoweverCut(encoding, coded).assertPlain(plain, encoding);
    }

    @ParameterizedTest
    @EnumSource
    void everyCodingHoweverCut(Coded coded) {
        assertDecodes(TEXT, coded.coding, coded.of(TEXT));
        assertDecodes(new byte[0], coded.coding, coded.of(new byte[0]));
        assertDecodes(new byte[] {7}, coded.coding, coded.of(new byte[] {7}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", " gzip ", "identity, gzip", "gzip,", "GZip , Identity"})
    void namesOfGzip(String name) {
        assertDecodes(TEXT, name, Coded.GZIP.of(TEXT));
    }

    @Test
    void namesOfOthers() {
        assertDecodes(TEXT, "Deflate", Coded.RAW.of(TEXT));
        assertDecodes(TEXT, "BR", Coded.BROTLI.of(TEXT));
        assertDecodes(TEXT, "ZStd", Coded.ZSTD.of(TEXT));
    }

    @Test
    void membersAndFramesAndPadding() {
        byte[] none = new byte[0];
        for (Coded coded : List.of(Coded.GZIP, Coded.ZSTD)) {
            byte[] text = coded.of(TEXT);
            byte[] empty = coded.of(none);
            assertDecodes(join(TEXT, TEXT, TEXT), coded.coding, join(text, text, text));
            assertDecodes(TEXT, coded.coding, join(empty, text, empty, empty));
        }
        assertDecodes(TEXT, "gzip", join(Coded.GZIP.of(TEXT), new byte[5]));
        byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
        assertDecodes(TEXT, "zstd", join(skippable, Coded.ZSTD.of(TEXT), skippable));
    }

    @Test
    void manyMembersAndFrames() {
        byte[] member = Coded.GZIP.of(new byte[] {1});
        byte[] frame = Coded.ZSTD.of(new byte[] {1});
        byte[] ones = new byte[100_000];
        Arrays.fill(ones, (byte) 1);
        decode("gzip", repeated(member, ones.length)).assertPlain(ones, "gzip");
        decode("zstd", repeated(frame, ones.length)).assertPlain(ones, "zstd");
        decode("gzip", repeated(Coded.GZIP.of(new byte[0]), ones.length)).assertPlain(new byte[0], "gzip");
    }

    private static byte[] repeated(byte[] part, int times) {
        ByteBuffer all = ByteBuffer.allocate(part.length * times);
        for (int i = 0; i < times; i++) {
            all.put(part);
        }
        return all.array();
    }

    @Test
    void gzipHeaderWithEverything() {
        byte[] plain = Coded.GZIP.of(TEXT);
        byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
        byte[] fixed = {0x1f, (byte) 0x8b, 8, 1 + 2 + 4 + 8 + 16, 1, 2, 3, 4, 0, 3};
        byte[] extra = {3, 0, 'a', 'b', 'c'};
        byte[] head = join(fixed, extra, new byte[] {'n', 0, 'c', 'c', 0});
        CRC32 sum = new CRC32();
        sum.update(head);
        byte[] checksum = {(byte) sum.getValue(), (byte) (sum.getValue() >> 8)};
        assertDecodes(TEXT, "gzip", join(head, checksum, rest));
        checksum[1] ^= 1;
        assertEquals(
                "the checksum of a gzip header is wrong",
                decodeHoweverCut("gzip", join(head, checksum, rest)).error());
        byte[] emptyExtra = {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 0, 0};
        assertDecodes(TEXT, "gzip", join(emptyExtra, rest));
        byte[] reserved = {0x1f, (byte) 0x8b, 8, 0x20, 0, 0, 0, 0, 0, 3};
        assertEquals(
                "it is no gzip data",
                decodeHoweverCut("gzip", join(reserved, rest)).error());
    }

    @Test
    void stacked() {
        for (Coded inner : Coded.values()) {
            for (Coded outer : Coded.values()) {
                assertDecodes(TEXT, inner.coding + ", " + outer.coding, outer.of(inner.of(TEXT)));
            }
        }
        byte[] five = Coded.GZIP.of(Coded.BROTLI.of(Coded.ZSTD.of(Coded.RAW.of(Coded.ZLIB.of(TEXT)))));
        assertDecodes(TEXT, "deflate,deflate,zstd,br,gzip", five);
        String six = assertThrows(
                        CodingException.class, () -> Codings.decoder(List.of("gzip,br,gzip", "gzip,zstd,gzip")))
                .getMessage();
        assertEquals("6 content codings one upon the other, the limit is 5", six);
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void manyBytesComeInPieces(Coded coded) {
        byte[] random = new byte[300_000];
        new Random(7).nextBytes(random);
        byte[] zeros = new byte[3_000_000];
        for (int size : new int[] {1000, 65536, 10_000_000}) {
            decode(coded.coding, coded.of(random), size).assertPlain(random, coded + " of random");
            decode(coded.coding, coded.of(zeros), size).assertPlain(zeros, coded + " of zeros");
        }
        decode("deflate, " + coded.coding, coded.of(Coded.ZLIB.of(zeros)), 100).assertPlain(zeros, coded + " stacked");
    }

    @ParameterizedTest
    @EnumSource(names = {"BROTLI", "ZSTD"})
    void fewBytesBecomeMany(Coded coded) {
        assertDecodes(new byte[4 << 20], coded.coding, coded.ofZeros(4));
    }

    @ParameterizedTest
    @EnumSource
    void anyKindOfBuffer(Coded coded) throws CodingException {
        byte[] bytes = coded.of(TEXT);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 2)
                .put(1, bytes)
                .position(1)
                .limit(bytes.length + 1);
        ByteBuffer offset =
                ByteBuffer.wrap(join(new byte[3], bytes)).position(2).slice().position(1);
        for (ByteBuffer input :
                List.of(direct.duplicate(), direct.asReadOnlyBuffer(), offset.duplicate(), offset.asReadOnlyBuffer())) {
            try (ContentDecoder decoder = Codings.decoder(List.of(coded.coding))) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                Coded.drain(decoder, input, out);
                decoder.finish();
                assertEquals(new String(TEXT), out.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyIsWhole(Coded coded) {
        assertDecodes(new byte[0], coded.coding, new byte[0]);
        assertDecodes(new byte[0], "gzip, " + coded.coding, new byte[0]);
    }

    @ParameterizedTest
    @EnumSource
    void closing(Coded coded) throws CodingException {
        byte[] bytes = coded.ofZeros(1);
        for (int taken : new int[] {0, 1, 5, bytes.length}) {
            ContentDecoder decoder = Codings.decoder(List.of(coded.coding));
            assertNotNull(decoder);
            ByteBuffer piece = decoder.decode(ByteBuffer.wrap(bytes, 0, taken));
            decoder.close();
            decoder.close();
            if (piece != null) {
                assertEquals(0, piece.get(piece.limit() - 1), "a piece outlives its decoder");
            }
            assertThrows(IllegalStateException.class, () -> decoder.decode(ByteBuffer.allocate(1)));
            assertThrows(IllegalStateException.class, decoder::finish);
        }
    }

    @Test
    void unknownAndNone() throws CodingException {
        String message = assertThrows(CodingException.class, () -> Codings.decoder(List.of("br, compress, gzip")))
                .getMessage();
        assertEquals("the content coding compress is not known here", message);
        assertNull(Codings.decoder(List.of()));
        assertNull(Codings.decoder(List.of("identity", "")));
    }

    @Test
    void offersWhatThereIs() {
        assertEquals("gzip, deflate, br, zstd", Codings.accepted());
        Codings.load(List.of("gzip, br", "ZSTD", "compress"));
        assertFalse(Codings.needsLoading(List.of("zstd", "br")));
        assertTrue(Codings.accepted().endsWith("br, zstd"));
    }
}
