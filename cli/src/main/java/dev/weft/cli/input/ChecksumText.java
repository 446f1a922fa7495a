package dev.weft.cli.input;

import dev.weft.http.download.Checksum;
import dev.weft.http.download.Checksum.Algorithm;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checksums as people write them: {@code sha256:HEX}, and aria2's {@code sha-256=HEX}. Pure; any thread. */
public final class ChecksumText {
    private ChecksumText() {}

    /**
     * Reads a checksum.
     *
     * @throws IllegalArgumentException if it is none, says what is wrong
     */
    public static Checksum parse(String text) {
        int mark = mark(text);
        Algorithm algorithm = mark < 0 ? null : algorithm(text.substring(0, mark));
        if (algorithm == null) {
            throw new IllegalArgumentException("checksum '" + text + "': it is written as sha256:HEX; the algorithms are "
                    + "md5, sha1, sha224, sha256, sha384, sha512");
        }
        return of(algorithm, text.substring(mark + 1));
    }

    /**
     * The checksum that a part of a URL's fragment is, {@code sha256=HEX}; null if it is something else.
     *
     * @throws IllegalArgumentException if it names an algorithm, and the rest is no value of it
     */
    static @Nullable Checksum ofFragment(String part) {
        int equals = part.indexOf('=');
        Algorithm algorithm = equals < 0 ? null : algorithm(part.substring(0, equals));
        return algorithm == null ? null : of(algorithm, part.substring(equals + 1));
    }

    private static int mark(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ':' || text.charAt(i) == '=') {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Algorithm algorithm(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "md5" -> Algorithm.MD5;
            case "sha1", "sha-1" -> Algorithm.SHA1;
            case "sha224", "sha-224" -> Algorithm.SHA224;
            case "sha256", "sha-256" -> Algorithm.SHA256;
            case "sha384", "sha-384" -> Algorithm.SHA384;
            case "sha512", "sha-512" -> Algorithm.SHA512;
            default -> null;
        };
    }

    private static Checksum of(Algorithm algorithm, String value) {
        String hex = value.strip().toLowerCase(Locale.ROOT);
        int digits = digits(algorithm);
        boolean right = hex.length() == digits;
        for (int i = 0; i < hex.length(); i++) {
            right &= Character.digit(hex.charAt(i), 16) >= 0 && hex.charAt(i) < 0x80;
        }
        if (!right) {
            throw new IllegalArgumentException(
                    "checksum '" + value + "': a " + algorithm.label() + " has " + digits + " hexadecimal digits");
        }
        return new Checksum(algorithm, hex);
    }

    private static int digits(Algorithm algorithm) {
        return switch (algorithm) {
            case MD5 -> 32;
            case SHA1 -> 40;
            case SHA224 -> 56;
            case SHA256 -> 64;
            case SHA384 -> 96;
            case SHA512 -> 128;
        };
    }
}
