package dev.weft.http.download;

/** The bytes that came are not those that were expected; no file was made of them. */
public final class ChecksumException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String algorithm;
    private final String expected;
    private final String actual;

    ChecksumException(String algorithm, String expected, String actual) {
        this.algorithm = algorithm;
        this.expected = expected;
        this.actual = actual;
        super(algorithm + " is " + actual + ", not " + expected);
    }

    /** The algorithm, as {@code sha256}. */
    public String algorithm() {
        return algorithm;
    }

    /** What the file should have, in hexadecimal. */
    public String expected() {
        return expected;
    }

    /** What it has. */
    public String actual() {
        return actual;
    }
}
