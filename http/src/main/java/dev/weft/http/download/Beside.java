package dev.weft.http.download;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names of hidden files beside another, found again by a later run: {@code .NAME.part}. Pure, but for random tags; any thread.
 *
 * <p>Invariant: they fit where the name itself fits, which is why a long name is cut in them, and told from others by a hash.
 */
final class Beside {
    /** What file systems allow. */
    private static final int MOST_BYTES = 255;

    private static final int TAG = 8;
    /** The longest mark: {@code .NAME.TAG.part}, {@code .NAME.part.journal}. */
    private static final int MARK_BYTES = 1 + 1 + TAG + ".part".length();

    private static final int HASH_DIGITS = 16;

    private Beside() {}

    /** {@code .NAME} and a suffix of 14 bytes at most. */
    static Path of(Path file, String suffix) {
        Path name = file.getFileName();
        if (name == null) {
            throw new IllegalArgumentException(file + " is no name of a file");
        }
        return file.resolveSibling("." + fitting(name.toString()) + suffix);
    }

    /** {@code .NAME.TAG.part}, with a tag that no other has. */
    static Path unique(Path file, String suffix) {
        return of(file, "." + tag() + suffix);
    }

    /**
     * Whether there is such a file, or a link to one. {@code File} asks the system once; {@code Files} throws an exception inside where there is
     * none, which costs more than the question, and there mostly is none.
     */
    static boolean isThere(Path path) {
        return path.getFileSystem().equals(FileSystems.getDefault()) ? path.toFile().exists() : Files.exists(path);
    }

    private static String fitting(String name) {
        int room = MOST_BYTES - MARK_BYTES;
        // Three bytes for each char at most, so most names need no look.
        if (3 * name.length() <= room || name.getBytes(StandardCharsets.UTF_8).length <= room) {
            return name;
        }
        int left = room - 1 - HASH_DIGITS;
        int end = 0;
        while (true) {
            int c = name.codePointAt(end);
            left -= Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (left < 0) {
                return name.substring(0, end) + "~" + hash(name);
            }
            end += Character.charCount(c);
        }
    }

    private static String hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_DIGITS / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static String tag() {
        long lowest = 78_364_164_096L;
        return Long.toString(ThreadLocalRandom.current().nextLong(lowest, 36 * lowest), 36);
    }
}
