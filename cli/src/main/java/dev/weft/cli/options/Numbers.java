package dev.weft.cli.options;

import java.time.Duration;

/** Numbers, rates and times as one says them. Pure. Each throws {@link IllegalArgumentException} with what is allowed. */
final class Numbers {
    private static final int MOST = 65_535;
    private static final double NANOS = 1e9;
    /** Some 30 years; what is longer is for ever. */
    private static final double LONGEST_SECONDS = 1e9;

    private static final double MOST_BYTES = 1L << 62;

    private Numbers() {}

    /** A number of things. */
    static int count(String text, int least) {
        int count = digits(text);
        if (count < least || count > MOST) {
            throw new IllegalArgumentException("'" + text + "' is no number from " + least + " to " + MOST);
        }
        return count;
    }

    /** The same where {@code auto} would do, too. */
    static int countOrAuto(String text) {
        int count = digits(text);
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("'" + text + "' is neither auto nor a number from 1 to " + MOST);
        }
        return count;
    }

    /** -1 if it is anything but a few digits. */
    private static int digits(String text) {
        if (text.isEmpty() || text.length() > 6) {
            return -1;
        }
        int sum = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            sum = sum * 10 + (c - '0');
        }
        return sum;
    }

    /** Times a second. */
    static double frequency(String text) {
        double number = decimal(text, text.length());
        if (!(number > 0 && number <= 1e6)) {
            throw new IllegalArgumentException("'" + text + "' is no number of requests a second: as 10 or 0.5");
        }
        return number;
    }

    /** Bytes a second: {@code 500k}, {@code 5M}, {@code 1.5G}, by 1024; 0 for no limit. */
    static long rate(String text) {
        int end = text.length();
        double factor = 1;
        if (end > 0) {
            int power = "kmgt".indexOf(Character.toLowerCase(text.charAt(end - 1)));
            if (power >= 0) {
                end--;
                factor = 1L << (10 * (power + 1));
            }
        }
        double bytes = decimal(text, end) * factor;
        boolean rounds = bytes == 0 || bytes >= 1;
        if (!(rounds && bytes <= MOST_BYTES)) {
            throw new IllegalArgumentException("'" + text + "' is no rate: bytes a second, as 500k, 5M or 1.5G");
        }
        return (long) bytes;
    }

    /** {@code 30}, {@code 1.5}, {@code 500ms}, {@code 2m}, {@code 1h}, {@code 1d}; zero too. */
    static Duration time(String text) {
        int end = text.length();
        while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        double unit = unit(text.substring(end));
        double seconds = decimal(text, end) * unit;
        if (!(unit > 0 && seconds >= 0)) {
            throw new IllegalArgumentException("'" + text + "' is no time: seconds, or as 500ms, 1.5, 2m, 1h");
        }
        return Duration.ofNanos((long) (Math.min(seconds, LONGEST_SECONDS) * NANOS));
    }

    /** The same, but not zero. */
    static Duration span(String text) {
        Duration time = time(text);
        if (time.isZero()) {
            throw new IllegalArgumentException("it must be more than 0");
        }
        return time;
    }

    /** In seconds; NaN if there is none of that name. */
    private static double unit(String name) {
        return switch (name) {
            case "", "s" -> 1;
            case "ms" -> 1e-3;
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> Double.NaN;
        };
    }

    /** A number without a sign, with a point perhaps; NaN if it is none. */
    private static double decimal(String text, int end) {
        boolean digit = false;
        boolean point = false;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == '.' && !point) {
                point = true;
            } else if (c >= '0' && c <= '9') {
                digit = true;
            } else {
                return Double.NaN;
            }
        }
        return digit && end <= 20 ? Double.parseDouble(text.substring(0, end)) : Double.NaN;
    }
}
