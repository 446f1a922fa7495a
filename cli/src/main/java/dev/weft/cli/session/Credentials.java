package dev.weft.cli.session;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Secret;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.http.message.Auth;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What proves who asks. Pure; messages show no secret. */
final class Credentials {
    private Credentials() {}

    /**
     * What {@code -u} or {@code --bearer} say; null if they do not.
     *
     * @throws UsageException if they cannot be sent
     */
    static @Nullable Auth of(Settings settings) {
        Option which = settings.uppermost(Option.USER, Option.BEARER);
        Secret secret = which == null ? null : settings.secret(which);
        if (which == null || secret == null) {
            return null;
        }
        try {
            return which == Option.BEARER ? Auth.bearer(secret.text()) : login(settings, secret.text());
        } catch (IllegalArgumentException e) {
            throw new UsageException(which.longName() + ": " + e.getMessage());
        }
    }

    private static Auth login(Settings settings, String text) {
        int colon = text.indexOf(':');
        String user = colon < 0 ? text : text.substring(0, colon);
        String password = colon < 0 ? "" : text.substring(colon + 1);
        return settings.flag(Option.DIGEST) ? Auth.digest(user, password) : Auth.basic(user, password);
    }

    /** What a netrc file says; null if none is to be asked. */
    static @Nullable Auth netrc(Settings settings) {
        Path file = settings.path(Option.NETRC_FILE);
        if (file != null) {
            return Auth.netrc(file);
        }
        return settings.flag(Option.NETRC) ? Auth.netrc() : null;
    }
}
