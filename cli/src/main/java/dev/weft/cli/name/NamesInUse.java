package dev.weft.cli.name;

import dev.weft.http.message.SafeFileName;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The files that one run has given out, by their paths. Invariant: no two of them are the same file, and none is a directory of another,
 * also where the file system takes upper and lower case, or composed and decomposed letters, for the same. Confined to the loop's thread.
 */
public final class NamesInUse {
    private final HashedNames files = new HashedNames();
    private final HashedNames directories = new HashedNames();
    /** Key of a path that was asked for more than once: the number to try next. */
    private final Map<String, Integer> numbers = new HashMap<>();
    /** Key of a directory whose name is a file's: the directory in its place. */
    private final Map<String, String> moved = new HashMap<>();

    /**
     * Takes a path, or, when it is taken, the first of {@code name.1.ext}, {@code name.2.ext} ... that is free. A directory whose name
     * a file has becomes another in the same way.
     *
     * @param root what stands before the path; the same for what is in the same place
     * @param path elements with {@code /} between them
     * @return the path that is now the caller's for the rest of the run
     */
    public String take(String root, String path) {
        String parent = "";
        int from = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
            parent = directory(root, SafeParts.join(parent, path.substring(from, slash)));
            from = slash + 1;
        }
        return file(root, SafeParts.join(parent, path.substring(from)));
    }

    private String file(String root, String path) {
        String key = key(root, path);
        if (!directories.contains(key) && files.add(key)) {
            return path;
        }
        for (int i = numbers.getOrDefault(key, 1); ; i++) {
            String other = numbered(path, i);
            String otherKey = key(root, other);
            if (!directories.contains(otherKey) && files.add(otherKey)) {
                numbers.put(key, i + 1);
                return other;
            }
        }
    }

    private String directory(String root, String path) {
        String key = key(root, path);
        if (!files.contains(key)) {
            directories.add(key);
            return path;
        }
        String known = moved.get(key);
        for (int i = 1; known == null; i++) {
            String other = numbered(path, i);
            if (!files.contains(key(root, other))) {
                directories.add(key(root, other));
                moved.put(key, other);
                known = other;
            }
        }
        return known;
    }

    private static String numbered(String path, int number) {
        int slash = path.lastIndexOf('/');
        return path.substring(0, slash + 1)
                + SafeFileName.numbered(path.substring(slash + 1), number, SafeParts.MAX_BYTES);
    }

    private static String key(String root, String path) {
        String whole = root + "/" + path;
        for (int i = 0; i < whole.length(); i++) {
            if (whole.charAt(i) >= 0x80) {
                // Upper case first: some letters have two lower-case forms.
                return Normalizer.normalize(whole, Normalizer.Form.NFC)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT);
            }
        }
        return whole.toLowerCase(Locale.ROOT);
    }
}
