package dev.weft.cli.text;

import java.time.Duration;

/** Sizes, rates and times in words. Pure; any thread. */
public final class Sizes {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Sizes() {}

    /** A size with at most four digits, as {@code 999 B}, {@code 12.3 KiB}, {@code 1.0 GiB}. */
    public static String bytes(long bytes) {
        int unit = unit(bytes);
        return number(bytes, unit) + " " + UNITS[unit];
    }

    /** A part and its whole in the unit of the whole, as {@code 1.1/2.6 GiB}. */
    public static String part(long bytes, long total) {
        int unit = unit(Math.max(bytes, total));
        return number(bytes, unit) + "/" + number(total, unit) + " " + UNITS[unit];
    }

    /** A rate in bytes a second, as {@code 97.5 MiB/s}. */
    public static String rate(double bytesPerSecond) {
        return bytes(Math.round(bytesPerSecond)) + "/s";
    }

    /** A time that was measured, as {@code 0.04 s}, {@code 44.1 s}, {@code 2:03}, {@code 1:02:03}. */
    public static String elapsed(Duration time) {
        double seconds = time.toNanos() / 1e9;
        if (seconds < 0.995) {
            long hundredths = Math.round(seconds * 100);
            return "0." + twoDigits(hundredths) + " s";
        }
        return seconds < 99.95 ? tenths(seconds) + " s" : clock(Math.round(seconds));
    }

    /** A time in at most seven characters: {@code 0:37}, {@code 1:02:03}, {@code 12 h}; {@code -:--} from 1000 hours on. */
    public static String clock(long seconds) {
        long hours = seconds / 3600;
        if (hours >= 10) {
            return hours < 1000 ? hours + " h" : "-:--";
        }
        return hours > 0
                ? hours + ":" + twoDigits(seconds / 60 % 60) + ":" + twoDigits(seconds % 60)
                : seconds / 60 + ":" + twoDigits(seconds % 60);
    }

    /** A count of things, as {@code 1 file}, {@code 12 files}. */
    public static String count(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }

    /** The largest unit of which there is one; 1023.95 of a unit would be written as 1024.0, and is one of the next. */
    private static int unit(long bytes) {
        int unit = 0;
        while (unit < UNITS.length - 1 && bytes / scale(unit) >= (unit == 0 ? 1024 : 1023.95)) {
            unit++;
        }
        return unit;
    }

    private static String number(long bytes, int unit) {
        return unit == 0 ? Long.toString(bytes) : tenths(bytes / scale(unit));
    }

    /** By hand: a formatter takes its time at the first use, and the summary of a short run is its only one. */
    private static String tenths(double value) {
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
    }

    private static String twoDigits(long value) {
        return value < 10 ? "0" + value : Long.toString(value);
    }

    private static double scale(int unit) {
        return 1L << (10 * unit);
    }
}
