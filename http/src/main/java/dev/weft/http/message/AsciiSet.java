package dev.weft.http.message;

/** A set of ASCII characters, for what looks at every one of a text. Pure. */
final class AsciiSet {
    private static final String ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private final long low;
    private final long high;

    private AsciiSet(long low, long high) {
        this.low = low;
        this.high = high;
    }

    /** These characters. */
    static AsciiSet of(String characters) {
        long low = 0;
        long high = 0;
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            low |= c < 64 ? 1L << c : 0;
            high |= c < 64 ? 0 : 1L << c;
        }
        return new AsciiSet(low, high);
    }

    /** Letters, digits and these. */
    static AsciiSet alphanumericAnd(String marks) {
        return of(ALPHANUMERIC + marks);
    }

    /** Whether a character is one of them. */
    boolean contains(char c) {
        return c < 128 && ((c < 64 ? low : high) >>> c & 1) != 0;
    }

    /** Whether all characters of a text are. */
    boolean containsAll(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!contains(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
