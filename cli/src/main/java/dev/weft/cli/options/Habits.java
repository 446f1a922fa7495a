package dev.weft.cli.options;

import org.jspecify.annotations.Nullable;

/** What the fingers know from curl, wget and aria2, and what it is here. Pure. */
final class Habits {
    private Habits() {}

    /** What to do about an option of theirs; null if there is nothing special to say. */
    static @Nullable String of(String name) {
        return switch (name) {
            case "-L", "--location" -> "redirects are followed unless --max-redirs 0 says otherwise";
            case "-O", "--remote-name-all" -> "a file is named after its URL anyway; -o names it";
            case "--remote-header-name", "--content-disposition" -> "that is -J here";
            case "-Z", "--parallel" -> "many at once is the rule; -j says how many";
            case "--parallel-max", "--max-concurrent-downloads" -> "that is -j here";
            case "--parallel-max-host", "--max-connection-per-server" -> "that is --per-host here";
            case "--split" -> "that is -s here";
            case "-C", "--continue-at", "--continue" -> "what was left is gone on with anyway: --exists resume";
            case "-f", "--fail" -> "an error page is never saved anyway";
            case "-S", "--show-error" -> "errors are shown anyway";
            case "--silent" -> "that is -q here";
            case "-P", "--output-dir", "--directory-prefix" -> "that is -d here";
            case "--create-dirs" -> "directories are made anyway";
            case "--fail-early" -> "that is --fail-fast here";
            case "--retry-max-time" -> "that is --retry-time here";
            case "-nc", "--no-clobber", "--skip-existing" -> "that is --exists skip here";
            case "-N", "--timestamping" -> "that is --exists update here";
            case "-F", "--form" -> "forms with files are not sent; --data sends text";
            case "-I", "--head", "--spider" -> "-n prints what would be fetched";
            case "--http3", "--http3-only" -> "HTTP/2 is the newest that it speaks";
            case "-K" -> "that is --config here";
            default -> null;
        };
    }
}
