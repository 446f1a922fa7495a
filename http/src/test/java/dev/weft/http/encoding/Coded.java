package dev.weft.http.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What the decoders are tested with: bytes made by the JDK and the libraries' own streams, cut in every way. */
public enum Coded {
    GZIP("gzip") {
        @Override
        OutputStream over(OutputStream out) throws IOException {
            return new GZIPOutputStream(out);
        }
    },
    ZLIB("deflate") {
        @Override
        OutputStream over(OutputStream out) {
            return new DeflaterOutputStream(out);
        }
    },
    RAW("deflate") {
        @Override
        OutputStream over(OutputStream out) {
            return new DeflaterOutputStream(out, new Deflater(9, true));
        }
    },
    BROTLI("br") {
        @Override
        OutputStream over(OutputStream out) throws IOException {
            Brotli4jLoader.ensureAvailability();
            return new BrotliOutputStream(out, Encoder.Parameters.create(5, 22, Encoder.Mode.GENERIC));
        }
    },
    ZSTD("zstd") {
        @Override
        OutputStream over(OutputStream out) throws IOException {
            return new ZstdOutputStream(out, 3).setChecksum(true);
        }
    };

    public static final byte[] TEXT = "hello hello hello, and again hello: 0123456789, and hello".getBytes(UTF_8);

    public final String coding;

    Coded(String coding) {
        this.coding = coding;
    }

    abstract OutputStream over(OutputStream out) throws IOException;

    public byte[] of(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = over(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    /** So many zeros, without having them all in memory. */
    public byte[] ofZeros(int mebibytes) {
        return ofRepeated(new byte[1 << 20], mebibytes);
    }

    byte[] ofRepeated(byte[] part, int times) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = over(bytes)) {
            for (int i = 0; i < times; i++) {
                out.write(part);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    /** What became of a body: its bytes, or the message of the error. */
    record Outcome(@Nullable String error, byte[] bytes) {
        void assertSame(Outcome other, String what) {
            assertEquals(error, other.error, what);
            if (error == null) {
                assertTrue(Arrays.equals(bytes, other.bytes), () -> what + ": other bytes");
            }
        }

        void assertPlain(byte[] plain, String what) {
            assertSame(new Outcome(null, plain), what);
        }
    }

    /** Decodes input that comes in pieces that end at the given places. */
    static Outcome decodeCutAt(String encoding, byte[] input, int... ends) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ContentDecoder decoder = Codings.decoder(List.of(encoding))) {
            int from = 0;
            for (int end : ends) {
                drain(decoder, ByteBuffer.wrap(input, from, end - from), out);
                from = end;
            }
            drain(decoder, ByteBuffer.wrap(input, from, input.length - from), out);
            decoder.finish();
            return new Outcome(null, out.toByteArray());
        } catch (CodingException e) {
            return new Outcome(e.getMessage(), out.toByteArray());
        }
    }

    /** Decodes input that comes in pieces of a size. */
    static Outcome decode(String encoding, byte[] input, int size) {
        int cuts = size >= input.length ? 0 : (input.length - 1) / size;
        int[] ends = new int[cuts];
        Arrays.setAll(ends, i -> (i + 1) * size);
        return decodeCutAt(encoding, input, ends);
    }

    static Outcome decode(String encoding, byte[] input) {
        return decodeCutAt(encoding, input);
    }

    static void drain(ContentDecoder decoder, ByteBuffer input, ByteArrayOutputStream out) throws CodingException {
        for (ByteBuffer piece = decoder.decode(input); piece != null; piece = decoder.decode(input)) {
            assertTrue(piece.hasRemaining());
            assertTrue(piece.remaining() <= ContentDecoder.PIECE);
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            out.writeBytes(bytes);
        }
        assertEquals(0, input.remaining(), "the input is used up");
    }

    /** The outcome, which must be the same whole, cut in two anywhere, in threes and byte by byte. */
    static Outcome decodeHoweverCut(String encoding, byte[] input) {
        Outcome whole = decode(encoding, input);
        for (int end = 0; end <= input.length; end++) {
            decodeCutAt(encoding, input, end).assertSame(whole, encoding + " cut at " + end);
        }
        decode(encoding, input, 1).assertSame(whole, encoding + " byte by byte");
        decode(encoding, input, 3).assertSame(whole, encoding + " in threes");
        return whole;
    }
}
