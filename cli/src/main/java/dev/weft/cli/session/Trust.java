package dev.weft.cli.session;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.loop.net.dial.Tls;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How TLS is spoken. Reads the files that are named. */
final class Trust {
    private Trust() {}

    /**
     * What the settings say of it; null if they say nothing.
     *
     * @throws UsageException if a file does not hold what it should; names the option
     */
    static @Nullable Tls of(Settings settings) {
        Path authorities = settings.path(Option.CACERT);
        Path chain = settings.path(Option.CERT);
        Option whom = settings.uppermost(Option.INSECURE, Option.CACERT);
        boolean oldest = settings.isGiven(Option.TLS_MIN);
        boolean pinned = settings.isGiven(Option.PINNED);
        if (whom == null && chain == null && !oldest && !pinned) {
            return null;
        }
        Tls.Builder builder = Tls.builder();
        if (whom == Option.CACERT && authorities != null) {
            builder = reading(Option.CACERT, builder, to -> to.trust(authorities));
        } else if (settings.flag(Option.INSECURE)) {
            builder = builder.insecure();
        }
        if (chain != null) {
            Path key = settings.path(Option.KEY);
            builder = reading(Option.CERT, builder, to -> to.key(chain, key == null ? chain : key));
        }
        if (oldest) {
            boolean newest = settings.word(Option.TLS_MIN).equals("1.3");
            builder = builder.minVersion(newest ? Tls.Version.TLS_1_3 : Tls.Version.TLS_1_2);
        }
        for (String pin : settings.all(Option.PINNED)) {
            builder = builder.pin(pin);
        }
        return builder.build();
    }

    private static Tls.Builder reading(Option option, Tls.Builder builder, UnaryOperator<Tls.Builder> step) {
        try {
            return step.apply(builder);
        } catch (UncheckedIOException e) {
            throw new UsageException(option.longName() + ": " + e.getMessage() + ": " + reason(e));
        } catch (IllegalArgumentException e) {
            throw new UsageException(option.longName() + ": " + e.getMessage());
        }
    }

    /** Why the system refused, in a few words. */
    static String reason(Exception e) {
        Throwable cause = e instanceof UncheckedIOException wrapped ? wrapped.getCause() : e;
        if (cause instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        return cause instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
