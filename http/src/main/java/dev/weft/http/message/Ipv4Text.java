package dev.weft.http.message;

import org.jspecify.annotations.Nullable;

/**
 * IPv4 addresses as URLs may write them: {@code 127.1}, {@code 2130706433}, {@code 0x7f.1} and {@code 0177.0.0.1} are all
 * {@code 127.0.0.1}. What looks like one is one or an error, never a name, so that whoever judges a host judges the address that is
 * connected to. Pure. Source: WHATWG URL, "ends in a number" and "IPv4 parser".
 */
final class Ipv4Text {
    /** More than any address; larger numbers count as this. */
    private static final long TOO_LARGE = 1L << 33;

    private static final int PARTS = 4;

    private Ipv4Text() {}

    /** Whether a host has to be an IPv4 address: its last part, a final dot aside, is a number. */
    static boolean endsInNumber(String host) {
        int end = host.endsWith(".") ? host.length() - 1 : host.length();
        int start = host.lastIndexOf('.', end - 1) + 1;
        // Most hosts are names: no number of any kind begins with a letter.
        if (start >= end || host.charAt(start) < '0' || host.charAt(start) > '9') {
            return false;
        }
        String last = host.substring(start, end);
        return Fields.isDigits(last) || number(last) != null;
    }

    /**
     * The address in its usual form.
     *
     * @throws IllegalArgumentException if it is none
     */
    static String parse(String host) {
        return isUsual(host) ? host : parseAny(host);
    }

    /** Whether it is four numbers below 256, without a zero before them. */
    private static boolean isUsual(String host) {
        int dots = 0;
        int value = -1;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.' && value >= 0) {
                dots++;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0) {
                value = Math.max(value, 0) * 10 + (c - '0');
            } else {
                return false;
            }
            if (value > 255) {
                return false;
            }
        }
        return dots == PARTS - 1 && value >= 0;
    }

    private static String parseAny(String host) {
        String[] parts = withoutFinalDot(host).split("\\.", -1);
        if (parts.length > PARTS) {
            throw new IllegalArgumentException(
                    "its host ends in a number but is no IPv4 address: it has more than four parts");
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            Long number = number(parts[i]);
            boolean last = i == parts.length - 1;
            // The last part stands for all the bytes that are left.
            long limit = last ? 1L << (8 * (PARTS + 1 - parts.length)) : 256;
            if (number == null || number >= limit) {
                throw new IllegalArgumentException("its host ends in a number but is no IPv4 address: part "
                        + Fields.quote(parts[i]) + " is no number below " + limit);
            }
            address += last ? number : number << (8 * (PARTS - 1 - i));
        }
        return (address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    private static String withoutFinalDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** Decimal, octal behind 0, hexadecimal behind 0x; null if it is no number. */
    private static @Nullable Long number(String part) {
        boolean hex = part.regionMatches(true, 0, "0x", 0, 2);
        boolean octal = !hex && part.length() > 1 && part.startsWith("0");
        if (part.isEmpty()) {
            return null;
        }
        int radix = hex ? 16 : octal ? 8 : 10;
        long value = 0;
        for (int i = hex ? 2 : 0; i < part.length(); i++) {
            int digit = Character.digit(part.charAt(i), radix);
            if (digit < 0 || part.charAt(i) >= 128) {
                return null;
            }
            value = Math.min(value * radix + digit, TOO_LARGE);
        }
        return value;
    }
}
