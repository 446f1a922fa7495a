package dev.weft.cli.session;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.http.message.ClientTimeout;
import java.time.Duration;

/** The limits of time of requests. There is none for the whole of one: files may be large. Pure. */
final class Limits {
    private Limits() {}

    static ClientTimeout of(Settings settings) {
        ClientTimeout.Builder builder = ClientTimeout.builder()
                .total(ClientTimeout.FOREVER)
                .connect(limit(settings.time(Option.CONNECT_TIMEOUT)))
                .write(limit(settings.time(Option.TIMEOUT)))
                .read(limit(settings.time(Option.TIMEOUT)));
        long least = settings.rate(Option.SPEED_LIMIT);
        if (least > 0) {
            builder.lowSpeed(least, settings.time(Option.SPEED_TIME));
        }
        return builder.build();
    }

    /** Zero is no limit. */
    static Duration limit(Duration given) {
        return given.isZero() ? ClientTimeout.FOREVER : given;
    }
}
