package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Checksums as people write them, and as servers promise them. */
class ChecksumTest {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String EMPTY64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    private static final String EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e";

    @ParameterizedTest
    @CsvSource({
        "sha256:" + EMPTY,
        "sha256=" + EMPTY,
        "sha-256=" + EMPTY,
        "SHA-256:" + EMPTY,
        "SHA2-256:" + EMPTY,
        "' sha256 : " + EMPTY + " '",
        EMPTY,
        "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
    })
    void isReadInAnyOfItsForms(String text) {
        assertEquals(new Checksum(Algorithm.SHA256, EMPTY), Checksum.parse(text));
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void whatIsWrittenIsReadAgain(Algorithm algorithm) {
        Checksum checksum = new Checksum(algorithm, "0a".repeat(algorithm.hexDigits() / 2));
        assertEquals(checksum, Checksum.parse(checksum.toString()));
        assertEquals(checksum, Checksum.parse(algorithm.jdkName() + "=" + checksum.hex()));
        assertEquals(checksum, Checksum.parse(checksum.hex()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sha256:abc| a sha256 has 64 hexadecimal digits, not 3: abc",
                "md5:" + EMPTY + "| a md5 has 32 hexadecimal digits, not 64: " + EMPTY,
                "md5:d41d8cd98f00b204e9800998ecf8427g| not hexadecimal: d41d8cd98f00b204e9800998ecf8427g",
                "crc32:12345678| no checksum: \"crc32:12345678\"; it is written as sha256:HEX, with md5, sha1, sha224, sha256, sha384 or sha512",
                "abc| no checksum: \"abc\"; it is written as sha256:HEX, with md5, sha1, sha224, sha256, sha384 or sha512",
                "''| no checksum: \"\"; it is written as sha256:HEX, with md5, sha1, sha224, sha256, sha384 or sha512",
                "md5:| a md5 has 32 hexadecimal digits, not 0:",
            })
    void whatIsWrongIsTold(String text, String message) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Checksum.parse(text));
        assertEquals(message, e.getMessage().strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "200| Repr-Digest| sha-256=:" + EMPTY64 + ":| sha256:" + EMPTY,
                "206| Repr-Digest| sha-256=:" + EMPTY64 + ":| sha256:" + EMPTY,
                "200| Repr-Digest| unixsum=:AAA=:, sha-256=:" + EMPTY64 + ":;a=1, x=?1| sha256:" + EMPTY,
                "200| Repr-Digest| sha-256=" + EMPTY64 + "| none",
                "200| Repr-Digest| sha-256=:AAAA:| none",
                "200| Repr-Digest| sha-256=:***:| none",
                "200| Repr-Digest| sha-256| none",
                "200| Repr-Digest| md5=:1B2M2Y8AsgTpgAmY7PhCfg==:| none",
                "200| Repr-Digest| ''| none",
                "200| Content-Digest| sha-256=:" + EMPTY64 + ":| sha256:" + EMPTY,
                "206| Content-Digest| sha-256=:" + EMPTY64 + ":| none",
                "200| Digest| SHA-256=" + EMPTY64 + "| sha256:" + EMPTY,
                "200| Digest| crc32c=AAAAAA==,sha-256=" + EMPTY64 + ",md5=1B2M2Y8AsgTpgAmY7PhCfg==| sha256:" + EMPTY,
                "206| Digest| SHA-256=" + EMPTY64 + "| none",
                "200| Content-MD5| 1B2M2Y8AsgTpgAmY7PhCfg==| md5:" + EMPTY_MD5,
                "200| Content-MD5| " + EMPTY_MD5 + "| none",
                "206| Content-MD5| 1B2M2Y8AsgTpgAmY7PhCfg==| none",
            })
    void whatAServerPromises(int status, String name, String value, @Nullable String expected) {
        Headers headers = Headers.builder().add(name, value).build();
        Checksum promised = ServerDigests.of(new ResponseHead(status, "", "", headers));
        assertEquals(expected, promised == null ? null : promised.toString());
    }

    @Test
    void theOldPromisesAreOfNoUseWithACoding() {
        Headers coded = Headers.builder()
                .add("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")
                .add("Digest", "sha-256=" + EMPTY64)
                .add("Content-Encoding", "gzip")
                .build();
        assertNull(ServerDigests.of(new ResponseHead(200, "", "", coded)));
    }

    @Test
    void ofSeveralTheBestIsTaken() {
        Headers headers = Headers.builder()
                .add("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")
                .add("Repr-Digest", "sha-512=:" + "A".repeat(86) + "==:")
                .add("Repr-Digest", "sha-256=:" + EMPTY64 + ":")
                .build();
        assertEquals("sha256:" + EMPTY, String.valueOf(ServerDigests.of(new ResponseHead(200, "", "", headers))));
    }
}
