package dev.weft.http.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;

/**
 * A process for tests that downloads one file again and again, a different version each time, as fast as it can, and sometimes leaves it
 * unfinished. All bytes of a version are its number. Says what is wrong with what it finds, or that nothing is.
 */
final class Contender {
    private static final int LENGTH = 400_000;
    private static final int PIECE = 50_000;

    private final Path target;
    private final Random random;

    private Contender(Path target, long seed) {
        this.target = target;
        this.random = new Random(seed);
    }

    public static void main(String[] args) throws IOException {
        Contender contender = new Contender(Path.of(args[0]), Long.parseLong(args[1]));
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            contender.download();
            contender.look();
        }
        IO.println("right");
    }

    private void download() throws IOException {
        try (PartFile file = PartFile.open(target, true)) {
            Origin left = file.origin();
            int version = left == null
                    ? 1 + random.nextInt(100)
                    : Integer.parseInt(left.etag(), 1, left.etag().length() - 1, 10);
            if (left == null) {
                file.begin(new Origin(Pattern.URL, "\"" + version + "\"", null, false, null, LENGTH));
            }
            byte[] piece = new byte[PIECE];
            Arrays.fill(piece, (byte) version);
            for (ByteRanges.Range gap : file.have().gaps(LENGTH)) {
                for (long at = gap.start(); at < gap.end() && random.nextInt(20) > 0; at += PIECE) {
                    file.write(at, ByteBuffer.wrap(piece, 0, (int) Math.min(PIECE, gap.end() - at)));
                }
            }
            if (file.have().isWhole(LENGTH)) {
                file.commit(true, random.nextBoolean() ? Instant.EPOCH : null, false);
            } else if (random.nextBoolean()) {
                file.keep();
            }
        }
    }

    private void look() throws IOException {
        if (Files.exists(target)) {
            byte[] all = Files.readAllBytes(target);
            byte[] expected = new byte[LENGTH];
            Arrays.fill(expected, all.length == 0 ? 0 : all[0]);
            if (!Arrays.equals(expected, all)) {
                IO.println("wrong: " + all.length + " bytes");
                System.exit(1);
            }
        }
    }
}
