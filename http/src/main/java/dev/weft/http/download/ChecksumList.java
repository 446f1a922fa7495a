package dev.weft.http.download;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A file such as {@code SHA256SUMS}: what other files must have.
 *
 * <p>Immutable; any thread. {@link ChecksumLines} reads it.
 */
public final class ChecksumList {
    private final String source;
    private final int size;
    /** By the last element of the name. */
    private final Map<String, List<Named>> byName = new HashMap<>();
    /** What is for every name. */
    private final List<Checksum> forAll = new ArrayList<>(1);

    private record Named(int line, String name, Checksum checksum) {}

    private ChecksumList(String source, List<ChecksumLines.Entry> entries) {
        this.source = source;
        this.size = entries.size();
        for (ChecksumLines.Entry entry : entries) {
            String name = entry.name();
            if (name == null) {
                forAll.add(entry.checksum());
            } else {
                byName.computeIfAbsent(last(name), last -> new ArrayList<>(1))
                        .add(new Named(entry.line(), name, entry.checksum()));
            }
        }
    }

    /**
     * Reads a file in UTF-8; see {@link #parse}.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if a line is not understood, says which
     */
    public static ChecksumList read(Path file) throws IOException {
        return parse(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }

    /**
     * Reads the lines of GNU coreutils ({@code HEX  name}, {@code HEX *name}, names escaped behind a backslash), of BSD and OpenSSL
     * ({@code SHA256 (name) = HEX}), and a list that is one value and nothing else, which then is for any name. Comments and blank lines are
     * passed over, and so is what a signed message has around its text: the signature is not checked.
     *
     * @param source what errors call it
     * @throws IllegalArgumentException if a line is not understood, says which
     */
    public static ChecksumList parse(String source, String text) {
        return new ChecksumList(source, ChecksumLines.parse(source, text));
    }

    /** How many values it has. */
    public int size() {
        return size;
    }

    /**
     * What a file must have, one value for each algorithm that the list has for it; none if it is not in the list. The last element of the
     * name must be equal; of several the one whose directories agree the furthest is it.
     *
     * @param path the name of the file, or a path with slashes, as that of its URL
     * @throws IllegalArgumentException if the list has different values for it
     */
    public List<Checksum> find(String path) {
        List<Named> candidates = byName.getOrDefault(last(path), List.of());
        int best = 0;
        for (Named entry : candidates) {
            best = Math.max(best, inCommon(entry.name(), path));
        }
        Map<Checksum.Algorithm, Named> found = new EnumMap<>(Checksum.Algorithm.class);
        for (Named entry : candidates) {
            if (inCommon(entry.name(), path) == best) {
                Named other = found.putIfAbsent(entry.checksum().algorithm(), entry);
                if (other != null && !other.checksum().equals(entry.checksum())) {
                    throw new IllegalArgumentException(source + " has different values for " + path + ": in line "
                            + other.line() + " for " + other.name() + ", in line " + entry.line() + " for "
                            + entry.name());
                }
            }
        }
        List<Checksum> values = new ArrayList<>(forAll);
        found.values().forEach(entry -> values.add(entry.checksum()));
        return values;
    }

    /** How many elements at the end of two paths are the same. */
    private static int inCommon(String one, String other) {
        int i = one.length();
        int j = other.length();
        int count = 0;
        while (i >= 0 && j >= 0) {
            int iSlash = one.lastIndexOf('/', i - 1);
            int jSlash = other.lastIndexOf('/', j - 1);
            if (!one.substring(iSlash + 1, i).equals(other.substring(jSlash + 1, j))) {
                break;
            }
            count++;
            i = iSlash;
            j = jSlash;
        }
        return count;
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
