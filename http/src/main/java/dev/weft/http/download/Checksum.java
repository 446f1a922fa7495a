package dev.weft.http.download;

import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A value that a file must have. Immutable; any thread.
 *
 * @param algorithm which
 * @param hex the value, in lower case hexadecimal
 */
public record Checksum(Algorithm algorithm, String hex) {
    /** What can be computed. */
    public enum Algorithm {
        /** RFC 1321; broken: it finds accidents, not attacks. */
        MD5("md5", "MD5", 32),
        /** FIPS 180; broken as well. */
        SHA1("sha1", "SHA-1", 40),
        /** FIPS 180. */
        SHA224("sha224", "SHA-224", 56),
        /** FIPS 180. */
        SHA256("sha256", "SHA-256", 64),
        /** FIPS 180. */
        SHA384("sha384", "SHA-384", 96),
        /** FIPS 180. */
        SHA512("sha512", "SHA-512", 128);

        private final String label;
        private final String jdkName;
        private final int hexDigits;

        Algorithm(String label, String jdkName, int hexDigits) {
            this.label = label;
            this.jdkName = jdkName;
            this.hexDigits = hexDigits;
        }

        /** As it is written on a command line, {@code sha256} for example. */
        public String label() {
            return label;
        }

        String jdkName() {
            return jdkName;
        }

        int hexDigits() {
            return hexDigits;
        }

        /** The one that a name means, in any of its spellings: {@code SHA-256}, {@code sha256}, {@code SHA2-256}; null if none does. */
        static @Nullable Algorithm named(String name) {
            String plain =
                    name.strip().toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
            String wanted = plain.startsWith("sha2") && plain.length() == 7 ? "sha" + plain.substring(4) : plain;
            for (Algorithm algorithm : values()) {
                if (algorithm.label.equals(wanted)) {
                    return algorithm;
                }
            }
            return null;
        }

        /** The one whose values have so many hexadecimal digits; null if none has. */
        static @Nullable Algorithm ofLength(int hexDigits) {
            for (Algorithm algorithm : values()) {
                if (algorithm.hexDigits == hexDigits) {
                    return algorithm;
                }
            }
            return null;
        }
    }

    /**
     * A value in hexadecimal, in upper or lower case.
     *
     * @throws IllegalArgumentException if it is not as long as those of the algorithm, or not hexadecimal
     */
    public Checksum {
        hex = hex.toLowerCase(Locale.ROOT);
        if (hex.length() != algorithm.hexDigits()) {
            throw new IllegalArgumentException("a " + algorithm.label() + " has " + algorithm.hexDigits()
                    + " hexadecimal digits, not " + hex.length() + ": " + hex);
        }
        if (!isHex(hex)) {
            throw new IllegalArgumentException("not hexadecimal: " + hex);
        }
    }

    static Checksum of(Algorithm algorithm, byte[] digest) {
        return new Checksum(algorithm, HexFormat.of().formatHex(digest));
    }

    static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * Reads {@code sha256:HEX}, also with {@code =} in place of the colon and with {@code sha-256}; a value alone is of the algorithm whose
     * length it has. Source: aria2's {@code --checksum}.
     *
     * @throws IllegalArgumentException if it is neither, says what is wrong
     */
    public static Checksum parse(String text) {
        String trimmed = text.strip();
        int colon = trimmed.indexOf(':');
        int separator = colon >= 0 ? colon : trimmed.indexOf('=');
        String value = trimmed.substring(separator + 1).strip();
        Algorithm algorithm = separator < 0
                ? isHex(value) ? Algorithm.ofLength(value.length()) : null
                : Algorithm.named(trimmed.substring(0, separator));
        if (algorithm == null) {
            throw new IllegalArgumentException("no checksum: \"" + text
                    + "\"; it is written as sha256:HEX, with md5, sha1, sha224, sha256, sha384 or sha512");
        }
        return new Checksum(algorithm, value);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return algorithm.label() + ":" + hex;
    }
}
