package dev.weft.cli.help;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the man page and the completions where a system looks for them below a prefix, {@code /usr/local} for example. For the build. */
public final class Share {
    private Share() {}

    /**
     * Writes them.
     *
     * @param prefix the directory that {@code share} is to be in
     * @throws IOException if one cannot be written
     */
    public static void write(Path prefix, String version) throws IOException {
        Path share = prefix.resolve("share");
        put(share.resolve("man/man1/fetch.1"), ManPage.of(version));
        put(share.resolve("bash-completion/completions/fetch"), Completions.of("bash"));
        put(share.resolve("zsh/site-functions/_fetch"), Completions.of("zsh"));
        put(share.resolve("fish/vendor_completions.d/fetch.fish"), Completions.of("fish"));
    }

    private static void put(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
