package dev.weft.http.encoding;

import static dev.weft.http.encoding.Coded.TEXT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EncoderTest {
    private static void take(ByteBuffer piece, ByteArrayOutputStream out) {
        assertTrue(piece.hasRemaining());
        assertTrue(piece.remaining() <= ContentEncoder.PIECE);
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        out.writeBytes(bytes);
    }

    private static byte[] encode(String name, List<ByteBuffer> inputs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ContentEncoder encoder = Codings.encoder(name)) {
            for (ByteBuffer input : inputs) {
                for (ByteBuffer piece = encoder.encode(input); piece != null; piece = encoder.encode(input)) {
                    take(piece, out);
                }
                assertEquals(0, input.remaining(), "the input is used up");
            }
            for (ByteBuffer piece = encoder.finish(); piece != null; piece = encoder.finish()) {
                take(piece, out);
            }
            assertNull(encoder.finish());
        }
        return out.toByteArray();
    }

    private static byte[] encode(String name, byte[] plain) {
        return encode(name, List.of(ByteBuffer.wrap(plain)));
    }

    /** As the JDK and the libraries' own streams see it. */
    private static byte[] reference(String name, byte[] coded) throws IOException {
        InputStream in = new ByteArrayInputStream(coded);
        try (InputStream decoded = switch (name) {
            case "gzip" -> new GZIPInputStream(in);
            case "deflate" -> new InflaterInputStream(in);
            case "br" -> new BrotliInputStream(in);
            default -> new ZstdInputStream(in);
        }) {
            return decoded.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void othersReadIt(String name) throws IOException {
        byte[] random = new byte[200_000];
        new Random(5).nextBytes(random);
        for (byte[] plain : List.of(new byte[0], new byte[] {1}, TEXT, new byte[3_000_000], random)) {
            assertArrayEquals(plain, reference(name, encode(name, plain)), name + " " + plain.length);
        }
        assertTrue(encode(name, new byte[3_000_000]).length < 10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void roundTrips(String name) {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            byte[] plain = someBytes(random);
            byte[] coded = encode(name, cut(plain, random));
            int size = 1 + random.nextInt(1 + random.nextInt(70_000));
            Coded.decode(name, coded, size).assertPlain(plain, name + " of seed " + seed);
        }
    }

    /** Between noise and one byte repeated. */
    private static byte[] someBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(1 + random.nextInt(400_000))];
        int values = 1 + random.nextInt(256);
        int run = 1 + random.nextInt(1 + random.nextInt(2000));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = i % run == 0 ? (byte) random.nextInt(values) : bytes[i - 1];
        }
        return bytes;
    }

    /** Pieces of any size and kind. */
    private static List<ByteBuffer> cut(byte[] bytes, Random random) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int size = Math.min(bytes.length - at, random.nextInt(1 + random.nextInt(100_000)));
            ByteBuffer heap = ByteBuffer.wrap(bytes, at, size);
            pieces.add(
                    switch (random.nextInt(4)) {
                        case 0 -> heap;
                        case 1 -> heap.slice();
                        case 2 -> heap.asReadOnlyBuffer();
                        default -> ByteBuffer.allocateDirect(size).put(heap).flip();
                    });
            at += size;
        }
        return pieces;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void byteByByte(String name) {
        List<ByteBuffer> bytes = new ArrayList<>();
        for (byte b : TEXT) {
            bytes.add(ByteBuffer.wrap(new byte[] {b}));
        }
        Coded.decode(name, encode(name, bytes)).assertPlain(TEXT, name);
        assertArrayEquals(encode(name, TEXT), encode(name, TEXT), "the same each time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void orderOfCalls(String name) {
        ContentEncoder encoder = Codings.encoder(name);
        while (encoder.encode(ByteBuffer.wrap(TEXT)) != null) {
            // What it holds back is lost with it.
        }
        assertTrue(encoder.finish() != null);
        IllegalStateException late =
                assertThrows(IllegalStateException.class, () -> encoder.encode(ByteBuffer.allocate(1)));
        assertEquals("the encoder was told to finish: it takes no more input", late.getMessage());
        encoder.close();
        encoder.close();
        assertThrows(IllegalStateException.class, encoder::finish);
        IllegalStateException closed =
                assertThrows(IllegalStateException.class, () -> encoder.encode(ByteBuffer.allocate(1)));
        assertEquals("the encoder is closed", closed.getMessage());
        Codings.encoder(name).close();
    }

    @Test
    void names() {
        Coded.decode("gzip", encode("X-GZIP", TEXT)).assertPlain(TEXT, "x-gzip");
        Coded.decode("br", encode(" Br ", TEXT)).assertPlain(TEXT, "br");
        for (String name : List.of("compress", "", "gzip, br", "identity")) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Codings.encoder(name));
            assertEquals(
                    "the content coding " + name + " is not known here; there are: gzip, deflate, br, zstd",
                    e.getMessage());
        }
    }

    @Test
    void zstdFrameIsFitForHttp() {
        byte[] frame = encode("zstd", new byte[20 << 20]);
        // RFC 8878 section 3.1.1.1: bit 2 of the descriptor is the checksum's, bit 5 a single segment's; then comes the
        // window.
        assertEquals(0x04, frame[4] & 0x24);
        int window = 1 << (10 + ((frame[5] & 0xff) >> 3));
        assertTrue(window <= 8 << 20, "RFC 9659: " + window);
        assertEquals(-1, Zstd.getFrameContentSize(frame));
    }
}
