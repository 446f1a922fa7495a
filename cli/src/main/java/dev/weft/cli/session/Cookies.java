package dev.weft.cli.session;

import dev.weft.cli.options.Option;
import dev.weft.cli.options.Settings;
import dev.weft.cli.options.UsageException;
import dev.weft.http.cookie.Cookie;
import dev.weft.http.cookie.CookieFileException;
import dev.weft.http.cookie.CookieJar;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cookies that a run begins with: of files, and pairs that were given themselves. */
final class Cookies {
    /** A cookie that was given itself. */
    record Pair(String name, String value) {}

    private Cookies() {}

    /**
     * A jar with the cookies of the files; null if there is no file.
     *
     * @throws UsageException if a file cannot be read, or holds something else
     */
    static @Nullable CookieJar jar(Settings settings) {
        CookieJar jar = null;
        for (String given : settings.all(Option.COOKIES)) {
            if (given.indexOf('=') < 0) {
                jar = jar == null ? CookieJar.create() : jar;
                load(jar, given);
            }
        }
        return jar;
    }

    /** Beside those that are there: of two files that have the same cookie the later one's is sent. */
    private static void load(CookieJar jar, String file) {
        CookieJar one = CookieJar.create();
        try {
            one.loadNetscape(Path.of(file)).await();
        } catch (CookieFileException e) {
            throw new UsageException("--cookies: " + file + ": " + e.getReason());
        } catch (IOException e) {
            throw new UsageException("--cookies: cannot read " + file + ": " + Trust.reason(e));
        } catch (InvalidPathException e) {
            throw new UsageException("--cookies: that is no path: " + e.getReason());
        }
        for (Cookie cookie : one) {
            jar.set(cookie);
        }
    }

    /** Names and values that were given themselves. */
    static List<Pair> pairs(Settings settings) {
        if (!settings.isGiven(Option.COOKIES)) {
            return List.of();
        }
        List<Pair> pairs = new ArrayList<>();
        for (String given : settings.all(Option.COOKIES)) {
            if (given.indexOf('=') >= 0) {
                for (String pair : given.split(";", -1)) {
                    int equals = pair.indexOf('=');
                    if (equals > 0) {
                        pairs.add(new Pair(
                                pair.substring(0, equals).strip(),
                                pair.substring(equals + 1).strip()));
                    }
                }
            }
        }
        return pairs;
    }
}
