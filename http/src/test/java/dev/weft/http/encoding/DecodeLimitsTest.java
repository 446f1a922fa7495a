package dev.weft.http.encoding;

import static dev.weft.http.encoding.DecodeLimits.DEFAULT;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class DecodeLimitsTest {
    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({
        "10, 100, 1000,   0,  100, true",
        "10, 100, 1000,   0,  101, false",
        "10, 100, 1000,  11,  110, true",
        "10, 100, 1000,  11,  111, false",
        "10, 100, 1000, 100, 1000, true",
        "10, 100, 1000, 500, 1001, false",
        "10,   0, 1000,   1,   10, true",
        "10,   0, 1000,   1,   11, false",
        " 1,   0, 9223372036854775807, 9223372036854775807, 9223372036854775807, true",
        "2147483647, 0, 9223372036854775807, 9223372036854775807, 9223372036854775807, true",
        "2147483647, 0, 9223372036854775807, 1, 2147483648, false"
    })
    void table(int ratio, long free, long max, long wire, long decoded, boolean allowed) {
        DecodeLimits limits = new DecodeLimits(ratio, free, max);
        if (allowed) {
            assertDoesNotThrow(() -> limits.check(wire, decoded));
        } else {
            assertThrows(DecodeLimitException.class, () -> limits.check(wire, decoded));
        }
    }

    @Test
    void messages() {
        DecodeLimits limits = new DecodeLimits(10, 100, 1000);
        assertEquals(
                "it has more than 1000 bytes when decoded, the limit",
                assertThrows(DecodeLimitException.class, () -> limits.check(900, 1001))
                        .getMessage());
        String ratio = assertThrows(DecodeLimitException.class, () -> limits.check(1, 101))
                .getMessage();
        assertTrue(ratio.startsWith("it has more than 100 bytes when decoded and more than 10 for each byte received"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1, maxRatio is 0", "1, -1, 1, freeBytes is -1", "1, 0, 0, maxBytes is 0"})
    void outOfRange(int ratio, long free, long max, String message) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new DecodeLimits(ratio, free, max));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    /** How far a decoder goes with input in pieces of 16 KiB; a limit ends it if it throws one. */
    private record Run(long wire, long decoded, boolean stopped) {
        static Run of(String encoding, byte[] input, DecodeLimits limits) throws CodingException {
            long wire = 0;
            long decoded = 0;
            try (ContentDecoder decoder = Codings.decoder(List.of(encoding), limits)) {
                assertNotNull(decoder);
                while (wire < input.length) {
                    int size = (int) Math.min(16 * 1024, input.length - wire);
                    ByteBuffer some = ByteBuffer.wrap(input, (int) wire, size);
                    wire += size;
                    for (ByteBuffer out = decoder.decode(some); out != null; out = decoder.decode(some)) {
                        decoded += out.remaining();
                    }
                }
                decoder.finish();
                return new Run(wire, decoded, false);
            } catch (DecodeLimitException e) {
                return new Run(wire, decoded, true);
            }
        }
    }

    @Test
    void aQuarterGibibyteFromNothing() throws CodingException {
        byte[] bomb = Coded.GZIP.ofZeros(256);
        assertTrue(bomb.length < 270_000, bomb.length + " bytes");
        Run run = Run.of("gzip", bomb, DEFAULT);
        assertTrue(run.stopped && run.decoded <= DEFAULT.freeBytes() && run.wire < 20_000, run.toString());
        Run unlimited = Run.of("gzip", bomb, DecodeLimits.NONE);
        assertEquals(new Run(bomb.length, 256L * MIB, false), unlimited);
        Run stacked = Run.of("gzip, gzip", Coded.GZIP.of(bomb), DEFAULT);
        assertTrue(stacked.stopped && stacked.decoded <= DEFAULT.freeBytes(), stacked.toString());
    }

    @ParameterizedTest
    @EnumSource
    void bombsOfEveryCoding(Coded coded) throws CodingException {
        byte[] bomb = coded.ofZeros(32);
        Run run = Run.of(coded.coding, bomb, DEFAULT);
        assertTrue(run.stopped && run.decoded <= DEFAULT.freeBytes(), coded + ": " + run);
        byte[] deep = Coded.ZSTD.of(Coded.GZIP.of(Coded.BROTLI.of(bomb)));
        Run stacked = Run.of(coded.coding + ", br, gzip, zstd", deep, DEFAULT);
        assertTrue(stacked.stopped && stacked.decoded <= DEFAULT.freeBytes(), coded + ": " + stacked);
    }

    /** Nothing comes out at the end, but there is work without end between the codings. */
    @Test
    void aStackOfEmptyMembers() throws CodingException {
        byte[] nothing = Coded.GZIP.of(new byte[0]);
        Run run = Run.of("gzip, gzip", Coded.GZIP.ofRepeated(nothing, 2_000_000), DEFAULT);
        assertTrue(run.stopped && run.decoded == 0 && run.wire < 50_000, run.toString());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOrdinaryPasses(Coded coded) throws CodingException {
        byte[] zeros = coded.ofZeros(4);
        assertEquals(new Run(zeros.length, 4 * MIB, false), Run.of(coded.coding, zeros, DEFAULT));
        StringBuilder log = new StringBuilder(10 * MIB);
        for (int i = 0; log.length() < 9 * MIB; i++) {
            log.append("2026-01-02T03:04:05.")
                    .append(i % 1000)
                    .append("Z INFO request ")
                    .append(i);
            log.append(" GET /index.html status=200 user-agent=\"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101\"\n");
        }
        byte[] coding = coded.of(log.toString().getBytes());
        Run run = Run.of(coded.coding, coding, DEFAULT);
        assertEquals(new Run(coding.length, log.length(), false), run, "ratio " + log.length() / coding.length);
    }

    @Test
    void largestSize() throws CodingException {
        DecodeLimits limits = new DecodeLimits(2000, 0, MIB);
        byte[] allowed = Coded.GZIP.ofZeros(1);
        assertEquals(new Run(allowed.length, MIB, false), Run.of("gzip", allowed, limits));
        byte[] tooMany = Coded.join(allowed, Coded.GZIP.of(new byte[1]));
        assertEquals(new Run(tooMany.length, MIB, true), Run.of("gzip", tooMany, limits));
    }
}
