package dev.weft.loop;

import java.time.Duration;
import java.util.Locale;

/** How numbers look in messages. */
final class Text {
    private Text() {}

    /** Seconds with what is needed of a fraction: {@code 1.5 s}. */
    static String seconds(Duration duration) {
        String digits = String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
        return digits.replaceFirst("\\.?0+$", "") + " s";
    }
}
