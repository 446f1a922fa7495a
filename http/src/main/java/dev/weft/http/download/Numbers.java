package dev.weft.http.download;

/** Numbers as protocols and journals write them: digits and nothing else. Pure. */
final class Numbers {
    private Numbers() {}

    /** The value; -1 if it is no number of digits alone, or too large. */
    static long decimal(String text) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return text.isEmpty() ? -1 : value;
    }
}
