package dev.weft.http.encoding;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is closed, half-way or at the end, has given its native memory back: seen in what the process has. */
@Timeout(60)
class NativeMemoryTest {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final int ROUNDS = 100;

    /** Less than {@link #ROUNDS} leaked windows of 2 to 4 MiB would take. */
    private static final long TOO_MUCH = 150L << 20;

    private static long residentBytes() throws IOException {
        return Long.parseLong(Files.readString(STATM).split(" ")[1]) * 4096;
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "br, zstd"})
    void decoders(String encoding) throws Exception {
        assumeTrue(Files.exists(STATM), "only Linux tells how much memory a process has: not tested");
        byte[] inner = (encoding.startsWith("br") ? Coded.BROTLI : Coded.ZSTD).ofZeros(64);
        byte[] coded = encoding.equals("br, zstd") ? Coded.ZSTD.of(inner) : inner;
        readSome(encoding, coded);
        long before = residentBytes();
        for (int i = 0; i < ROUNDS; i++) {
            readSome(encoding, coded);
        }
        long grown = residentBytes() - before;
        assertTrue(grown < TOO_MUCH, encoding + ": " + grown / (1 << 20) + " MiB more");
    }

    private static void readSome(String encoding, byte[] coded) throws CodingException {
        try (ContentDecoder decoder = Codings.decoder(List.of(encoding), DecodeLimits.NONE)) {
            assertNotNull(decoder);
            ByteBuffer input = ByteBuffer.wrap(coded);
            for (int bytes = 0; bytes < 4 << 20; ) {
                ByteBuffer piece = decoder.decode(input);
                assertNotNull(piece);
                bytes += piece.remaining();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd"})
    void encoders(String name) throws Exception {
        assumeTrue(Files.exists(STATM), "only Linux tells how much memory a process has: not tested");
        byte[] plain = new byte[4 << 20];
        new Random(1).nextBytes(plain);
        writeSome(name, plain);
        long before = residentBytes();
        for (int i = 0; i < ROUNDS; i++) {
            writeSome(name, plain);
        }
        long grown = residentBytes() - before;
        assertTrue(grown < TOO_MUCH, name + ": " + grown / (1 << 20) + " MiB more");
    }

    private static void writeSome(String name, byte[] plain) {
        try (ContentEncoder encoder = Codings.encoder(name)) {
            ByteBuffer input = ByteBuffer.wrap(plain);
            while (encoder.encode(input) != null) {
                // The bytes do not matter.
            }
        }
    }

    /** The decoders made before an unknown name are closed again. */
    @Test
    void halfAStack() throws Exception {
        assumeTrue(Files.exists(STATM), "only Linux tells how much memory a process has: not tested");
        halfAStack(100);
        long before = residentBytes();
        halfAStack(12_000);
        long grown = residentBytes() - before;
        assertTrue(grown < TOO_MUCH, grown / (1 << 20) + " MiB more");
    }

    private static void halfAStack(int times) {
        for (int i = 0; i < times; i++) {
            CodingException e =
                    assertThrows(CodingException.class, () -> Codings.decoder(List.of("compress, zstd, br, zstd, br")));
            assertTrue(e.getMessage().contains("compress"), e.getMessage());
        }
    }
}
