package dev.weft.http.exchange;

import java.time.Duration;
import java.util.Locale;

final class SessionDump {
    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3g s", nanos / 1e9);
    }
}
