package dev.weft.http.websocket.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.websocket.PerMessageDeflate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames as they come to mind, right and wrong, then the end of the connection: it ends, the connection is given up once, and what is received
 * does not depend on how the bytes are cut, nor on when they are received.
 */
class FuzzTest {
    private static final int LIMIT = 200;
    private static final int[] OPCODES = {0, 0, 1, 1, 1, 2, 2, 8, 9, 9, 10, 3, 11};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyFrames(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 250; round++) {
            PerMessageDeflate deflate = random.nextBoolean() ? PerMessageDeflate.DEFAULT : null;
            byte[] bytes = conversation(random, deflate != null);
            String name = "seed " + seed + ", round " + round;
            String whole = received(deflate, List.of(bytes), false);
            assertEquals(whole, received(deflate, cut(random, bytes), false), name + ", cut, received late");
            assertEquals(whole, received(deflate, cut(random, bytes), true), name + ", cut, received as it comes");
        }
    }

    private static String received(PerMessageDeflate deflate, List<byte[]> pieces, boolean early) {
        String outcome = Rig.play(deflate, LIMIT, pieces, true, early);
        // What the server was told depends on whether it had gone by then.
        return outcome.replaceAll("(?s); sent .*?(; code \\d+$|$)", "$1");
    }

    private static List<byte[]> cut(Random random, byte[] bytes) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int size = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 60));
            pieces.add(Arrays.copyOfRange(bytes, at, at + size));
            at += size;
        }
        return pieces;
    }

    private static byte[] conversation(Random random, boolean deflate) {
        byte[] all = {};
        Deflation deflation = new Deflation(6, false);
        boolean fragmented = false;
        int frames = 1 + random.nextInt(12);
        for (int i = 0; i < frames; i++) {
            byte[] frame;
            if (random.nextInt(20) == 0) {
                frame = Frames.close(1000 + random.nextInt(12), "");
            } else if (random.nextInt(12) > 0) {
                boolean fin = random.nextInt(3) > 0;
                int opcode = fragmented ? 0 : 1 + random.nextInt(2);
                frame = data(random, opcode, fin, deflate && !fragmented && random.nextBoolean() ? deflation : null);
                fragmented = !fin;
                if (random.nextInt(4) == 0) {
                    frame = Frames.concat(Frames.frame(0x80 | 9, "p"), frame);
                }
            } else {
                frame = anything(random);
            }
            all = Frames.concat(all, frame);
        }
        deflation.close();
        return random.nextInt(4) == 0 ? Arrays.copyOf(all, random.nextInt(all.length + 1)) : all;
    }

    /** A frame as it should be, most of the time; its text is not always UTF-8. */
    private static byte[] data(Random random, int opcode, boolean fin, Deflation deflation) {
        byte[] payload = new byte[random.nextInt(20) == 0 ? 150 + random.nextInt(100) : random.nextInt(20)];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) ('a' + random.nextInt(26));
        }
        if (payload.length > 0 && random.nextInt(30) == 0) {
            payload[random.nextInt(payload.length)] = (byte) 0xe2;
        }
        boolean compressed = deflation != null && payload.length > 0;
        return Frames.frame(
                (fin ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode, compressed ? deflation.deflate(payload) : payload);
    }

    private static byte[] anything(Random random) {
        byte[] payload = new byte[random.nextInt(random.nextInt(4) == 0 ? 300 : 10)];
        random.nextBytes(payload);
        if (random.nextBoolean()) {
            return payload;
        }
        int first = OPCODES[random.nextInt(OPCODES.length)]
                | (random.nextInt(5) > 0 ? 0x80 : 0)
                | (random.nextInt(5) == 0 ? 0x10 << random.nextInt(3) : 0);
        return Frames.frame(first, payload);
    }
}
