package dev.weft.http.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumListTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final String C = "c".repeat(32);

    @Test
    void theLinesOfGnu() {
        ChecksumList list =
                list(A + "  a.txt", B + " *b.bin", C + "  with two  spaces", A.toUpperCase() + "  ./dot", A + "\ttab");
        assertEquals(List.of(sha256(A)), list.find("a.txt"));
        assertEquals(List.of(sha256(B)), list.find("b.bin"));
        assertEquals(List.of(Checksum.parse("md5:" + C)), list.find("with two  spaces"));
        assertEquals(List.of(sha256(A)), list.find("dot"));
        assertEquals(List.of(sha256(A)), list.find("tab"));
        assertEquals(List.of(), list.find("other"));
        assertEquals(5, list.size());
    }

    @Test
    void namesBehindABackslashAreEscaped() {
        ChecksumList list = list("\\" + A + "  a\\\\b\\nc\\rd", "\\SHA256 (e\\\\f) = " + B, B + "  g\\\\h");
        assertEquals(List.of(sha256(A)), list.find("a\\b\nc\rd"));
        assertEquals(List.of(sha256(B)), list.find("e\\f"));
        assertEquals(List.of(sha256(B)), list.find("g\\\\h"));
    }

    @Test
    void theLinesOfBsdAndOpenSsl() {
        ChecksumList list =
                list("SHA256 (a.txt) = " + A, "MD5 (a.txt) = " + C, "SHA256 (odd) = name) = " + B, "SHA2-256(o)= " + A);
        assertEquals(List.of(Checksum.parse("md5:" + C), sha256(A)), list.find("a.txt"));
        assertEquals(List.of(sha256(B)), list.find("odd) = name"));
        assertEquals(List.of(sha256(A)), list.find("o"));
    }

    @Test
    void theLinesOfBsdReversed() {
        assertEquals(List.of(sha256(A)), list(A + " a.txt").find("a.txt"));
    }

    @ParameterizedTest
    @CsvSource({"md5, 32", "sha1, 40", "sha224, 56", "sha256, 64", "sha384, 96", "sha512, 128"})
    void theLengthTellsTheAlgorithm(String label, int digits) {
        List<Checksum> found = list("1".repeat(digits) + "  f").find("f");
        assertEquals(label, found.getFirst().algorithm().label());
    }

    @Test
    void whatIsAroundTheLinesIsPassedOver() {
        ChecksumList list = list(
                "\ufeff# made by us\r",
                "\r",
                "-----BEGIN PGP SIGNED MESSAGE-----\r",
                "Hash: SHA256\r",
                "\r",
                A + "  a.txt\r",
                "\r",
                "- " + B + "  b.txt\r",
                "-----BEGIN PGP SIGNATURE-----\r",
                "Version: 1\r",
                "\r",
                "iQIzBAEBCAAdFiEE\r",
                "=abcd\r",
                "-----END PGP SIGNATURE-----\r",
                C + "  c.txt\r");
        assertEquals(3, list.size());
        assertEquals(List.of(sha256(A)), list.find("a.txt"));
        assertEquals(List.of(sha256(B)), list.find("b.txt"));
        assertEquals(List.of(Checksum.parse(C)), list.find("c.txt"));
    }

    @Test
    void aValueAloneIsForAnyName() {
        assertEquals(List.of(sha256(A)), list(A).find("whatever"));
        Exception e = assertThrows(IllegalArgumentException.class, () -> list(B + "  b", A));
        assertEquals("SUMS, line 2: a value without a name, and it is not the only one", e.getMessage());
    }

    @Test
    void directoriesTellFilesOfOneNameApart() {
        ChecksumList list = list(A + "  amd64/f.deb", B + "  arm64/f.deb", B + "  pool/x/g");
        assertEquals(List.of(sha256(A)), list.find("debian/amd64/f.deb"));
        assertEquals(List.of(sha256(B)), list.find("arm64/f.deb"));
        assertEquals(List.of(sha256(B)), list.find("g"));
        assertEquals(List.of(), list.find("deb"));
        Exception e = assertThrows(IllegalArgumentException.class, () -> list.find("f.deb"));
        assertEquals(
                "SUMS has different values for f.deb: in line 1 for amd64/f.deb, in line 2 for arm64/f.deb",
                e.getMessage());
    }

    @Test
    void whatIsThereTwiceAndEqualIsThereOnce() {
        assertEquals(List.of(sha256(A)), list(A + "  f", A + " *f").find("f"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html><body>404 Not Found</body></html>",
                "abc  short",
                "SHA256 (x) = abc",
                "SHA256 (x)",
                "CRC32 (x) = 12345678",
                "\\" + "dddddddddddddddddddddddddddddddd" + "  a\\tb",
                "dddddddddddddddddddddddddddddddd  dir/",
            })
    void whatIsNoLineIsToldWithItsNumber(String line) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> list("# first", "", line));
        assertTrue(e.getMessage().startsWith("SUMS, line 3: "), e.getMessage());
    }

    @Test
    void isReadFromAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("SHA256SUMS"), A + "  é.txt\n");
        assertEquals(List.of(sha256(A)), ChecksumList.read(file).find("é.txt"));
    }

    private static ChecksumList list(String... lines) {
        return ChecksumList.parse("SUMS", String.join("\n", lines) + "\n");
    }

    private static Checksum sha256(String hex) {
        return new Checksum(Checksum.Algorithm.SHA256, hex);
    }
}
