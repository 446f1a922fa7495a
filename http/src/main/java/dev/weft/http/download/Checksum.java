package dev.weft.http.download;

/**
 * A value that a file must have.
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
    }
}
