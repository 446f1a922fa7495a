package dev.weft.http.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodingsTest {
    private static final byte[] TEXT = "hello hello hello, and again hello".getBytes(UTF_8);

    private interface Coding {
        OutputStream over(OutputStream out) throws IOException;
    }

    private static byte[] coded(Coding coding, byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = coding.over(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] plain) {
        return coded(GZIPOutputStream::new, plain);
    }

    static byte[] zlib(byte[] plain) {
        return coded(DeflaterOutputStream::new, plain);
    }

    static byte[] raw(byte[] plain) {
        return coded(out -> new DeflaterOutputStream(out, new Deflater(9, true)), plain);
    }

    /** Decodes input that comes in pieces of a size. */
    private static byte[] decode(String encoding, byte[] input, int pieceSize) throws CodingException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ContentDecoder decoder = Codings.decoder(List.of(encoding))) {
            for (int at = 0; at < input.length; at += pieceSize) {
                ByteBuffer piece = ByteBuffer.wrap(input, at, Math.min(pieceSize, input.length - at));
                for (ByteBuffer more = decoder.decode(piece); more != null; more = decoder.decode(piece)) {
                    assertTrue(more.hasRemaining());
                    assertTrue(more.remaining() <= ContentDecoder.PIECE);
                    byte[] bytes = new byte[more.remaining()];
                    more.get(bytes);
                    out.writeBytes(bytes);
                }
                assertEquals(0, piece.remaining());
            }
            decoder.finish();
        }
        return out.toByteArray();
    }

    private static void assertDecodes(byte[] plain, String encoding, byte[] coded) throws CodingException {
        for (int size = 1; size <= Math.min(coded.length, 300); size++) {
            assertArrayEquals(plain, decode(encoding, coded, size), encoding + " in pieces of " + size);
        }
        assertArrayEquals(plain, decode(encoding, coded, Integer.MAX_VALUE / 2));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", " gzip ", "identity, gzip"})
    void namesOfGzip(String name) throws CodingException {
        assertDecodes(TEXT, name, gzip(TEXT));
    }

    @Test
    void bothKindsOfDeflate() throws CodingException {
        assertDecodes(TEXT, "deflate", zlib(TEXT));
        assertDecodes(TEXT, "Deflate", raw(TEXT));
        assertDecodes(new byte[0], "deflate", zlib(new byte[0]));
        assertDecodes(new byte[0], "deflate", raw(new byte[0]));
    }

    @Test
    void gzipMembersAndPadding() throws CodingException {
        assertDecodes(join(TEXT, TEXT), "gzip", join(gzip(TEXT), gzip(TEXT)));
        assertDecodes(TEXT, "gzip", join(gzip(new byte[0]), gzip(TEXT), gzip(new byte[0])));
        assertDecodes(TEXT, "gzip", join(gzip(TEXT), new byte[5]));
    }

    @Test
    void gzipHeaderWithEverything() throws CodingException {
        byte[] plain = gzip(TEXT);
        byte[] head = {0x1f, (byte) 0x8b, 8, 1 + 2 + 4 + 8 + 16, 1, 2, 3, 4, 0, 3};
        byte[] extra = {3, 0, 'a', 'b', 'c'};
        byte[] nameAndComment = {'n', 0, 'c', 'c', 0};
        byte[] checksum = {7, 7};
        byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
        assertDecodes(TEXT, "gzip", join(head, extra, nameAndComment, checksum, rest));
        byte[] emptyExtra = {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 0, 0};
        assertDecodes(TEXT, "gzip", join(emptyExtra, rest));
    }

    @Test
    void stacked() throws CodingException {
        assertDecodes(TEXT, "deflate, gzip", gzip(zlib(TEXT)));
        assertDecodes(TEXT, "gzip, gzip", gzip(gzip(TEXT)));
        assertArrayEquals(TEXT, decode("gzip,gzip,gzip,gzip,gzip", gzip(gzip(gzip(gzip(gzip(TEXT))))), 1));
        assertThrows(CodingException.class, () -> Codings.decoder(List.of("gzip,gzip,gzip", "gzip,gzip,gzip")));
    }

    @Test
    void manyBytesComeInPieces() throws CodingException {
        byte[] random = new byte[300_000];
        new Random(7).nextBytes(random);
        byte[] zeros = new byte[3_000_000];
        for (int size : new int[] {1000, 65536, 10_000_000}) {
            assertArrayEquals(random, decode("gzip", gzip(random), size));
            assertArrayEquals(zeros, decode("gzip", gzip(zeros), size));
            assertArrayEquals(zeros, decode("deflate", raw(zeros), size));
            assertArrayEquals(zeros, decode("deflate, gzip", gzip(zlib(zeros)), size));
        }
    }

    @Test
    void emptyIsWhole() throws CodingException {
        assertDecodes(new byte[0], "gzip", new byte[0]);
        assertDecodes(new byte[0], "deflate", new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zlib", "raw", "members"})
    void cutShortAnywhereIsAnError(String kind) {
        byte[] coded = switch (kind) {
            case "gzip" -> gzip(TEXT);
            case "zlib" -> zlib(TEXT);
            case "raw" -> raw(TEXT);
            default -> join(gzip(TEXT), gzip(TEXT));
        };
        String encoding = kind.equals("zlib") || kind.equals("raw") ? "deflate" : "gzip";
        for (int length = 1; length < coded.length; length++) {
            byte[] cut = Arrays.copyOf(coded, length);
            if (kind.equals("members") && length == coded.length / 2) {
                continue;
            }
            CodingException e =
                    assertThrows(CodingException.class, () -> decode(encoding, cut, 7), kind + " " + length);
            assertTrue(e.getMessage().contains("cut short"), e.getMessage());
        }
    }

    @Test
    void corruptIsAnError() {
        byte[] checksum = gzip(TEXT);
        checksum[checksum.length - 8] ^= 1;
        byte[] length = gzip(TEXT);
        length[length.length - 1] ^= 1;
        byte[] data = gzip(TEXT);
        data[12] = (byte) 0xff;
        for (byte[] bad :
                List.of(checksum, length, data, TEXT, join(gzip(TEXT), TEXT), join(gzip(TEXT), new byte[] {0, 1}))) {
            assertThrows(CodingException.class, () -> decode("gzip", bad, 1));
            assertThrows(CodingException.class, () -> decode("gzip", bad, 1000));
        }
        assertThrows(CodingException.class, () -> decode("deflate", join(zlib(TEXT), TEXT), 1));
        assertThrows(CodingException.class, () -> decode("deflate", join(zlib(TEXT), TEXT), 1000));
        assertThrows(CodingException.class, () -> decode("deflate", TEXT, 1));
    }

    @Test
    void unknownAndNone() throws CodingException {
        assertTrue(assertThrows(CodingException.class, () -> Codings.decoder(List.of("br")))
                .getMessage()
                .contains("br"));
        assertNull(Codings.decoder(List.of()));
        assertNull(Codings.decoder(List.of("identity", "")));
    }
}
