package dev.weft.cli.download;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The names that one run has given out. Invariant: no two of them are the same file, also where the file system takes upper
 * and lower case, or composed and decomposed letters, for the same. Confined to the loop's thread.
 */
public final class NamesInUse {
    /** Key of a name: the number to try next when it is asked for again. */
    private final Map<String, Integer> next = new HashMap<>();

    /**
     * Takes a name, or, when it is taken, the first of {@code name.1.ext}, {@code name.2.ext} ... that is free.
     *
     * @param safeName as {@link SafeName} gives it
     * @return the name that is now the caller's for the rest of the run
     */
    public String take(String safeName) {
        String key = key(safeName);
        Integer number = next.putIfAbsent(key, 1);
        if (number == null) {
            return safeName;
        }
        for (int i = number; ; i++) {
            String candidate = SafeName.numbered(safeName, i);
            if (next.putIfAbsent(key(candidate), 1) == null) {
                next.put(key, i + 1);
                return candidate;
            }
        }
    }

    private static String key(String name) {
        // Upper case first: some letters have two lower-case forms.
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }
}
