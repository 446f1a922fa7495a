package dev.weft.http.message;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The hashes of Digest, the weakest first: RFC 7616 section 6.1; SHA and SHA-512 are aiohttp's. */
enum DigestAlgorithm {
    MD5("MD5", "MD5"),
    SHA("SHA", "SHA-1"),
    SHA_256("SHA-256", "SHA-256"),
    SHA_512_256("SHA-512-256", "SHA-512/256"),
    SHA_512("SHA-512", "SHA-512");

    /** Behind the name of an algorithm whose key is made once for a nonce. */
    static final String SESSION = "-SESS";

    private final String name;
    private final String javaName;

    DigestAlgorithm(String name, String javaName) {
        this.name = name;
        this.javaName = javaName;
    }

    /** By its name in a challenge, with or without {@code -sess}, in any case; null if it is none of these. */
    static @Nullable DigestAlgorithm of(String named) {
        String upper = named.toUpperCase(Locale.ROOT);
        String plain = upper.endsWith(SESSION) ? upper.substring(0, upper.length() - SESSION.length()) : upper;
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.name.equals(plain)) {
                return algorithm;
            }
        }
        return null;
    }

    /** Hash of the text in UTF-8, in hexadecimal, lower case. */
    String hash(String text) {
        return hex(start().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    MessageDigest start() {
        try {
            return MessageDigest.getInstance(javaName);
        } catch (NoSuchAlgorithmException e) {
            // MD5, SHA-1 and SHA-256 are in every JDK, the others in every one since 9.
            throw new IllegalStateException("this Java has no " + javaName, e);
        }
    }
}
